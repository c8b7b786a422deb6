"""Reusable cases: the mock vendor's own answers, by raw HTTP: what no plugin sends, and a suite must still know."""

from typing import Any

import aiohttp

from mockvendors.conformance.base import Cases
from mockvendors.conformance.fixtures import NO_ROOM
from mockvendors.conformance.key_header import key_header
from mockvendors.conformance.marks import each, own
from mockvendors.conformance.size import usual

JOIN = "a.join.token"
"""Opens no room: these cases have none."""

Answer = tuple[int, Any]
"""Status, and the body as JSON."""


class VendorCases(Cases):
    """A contract is held to what its rules say."""

    async def post(self, vendor: Any, operation: str, body: Any) -> Answer:
        """Return what the vendor answers to this body, sent with its key."""
        known = vendor.contract.operations[operation]
        header, scheme = key_header(vendor.contract, operation)
        headers = {header: f"{scheme} {vendor.api_key}".strip()}
        async with (
            aiohttp.ClientSession() as client,
            client.request(known.method, vendor.base_url + known.path, json=body, headers=headers) as reply,
        ):
            return reply.status, await reply.json()

    async def ask(self, vendor: Any, operation: str = "", **options: Any) -> Answer:
        """Return what the vendor answers to a start with the least options and these."""
        body = self.traits.body({**self.traits.options, **options}, JOIN, NO_ROOM["url"])
        return await self.post(vendor, operation or self.traits.start, body)

    @own(lambda rules: rules.size_both)
    @each("half", lambda traits: traits.sizes.both, ids=("width", "height"))
    async def test_half_pair_is_refused(self, vendor: Any, check: Any, half: str) -> None:
        status, body = await self.ask(vendor, **{half: self.traits.fields[half].value})
        check(self.rules.size_both, status, self.rule(vendor, self.rules.size_both).status, f"status for half a pair: {body}")

    @own(lambda rules: rules.size_type)
    @each("value", lambda traits: [str(usual(traits)[0]), 0, -1, 1.5, True] if traits.sizes.both else [], ids=repr)
    async def test_type_is_refused(self, vendor: Any, check: Any, value: Any) -> None:
        width, height = self.traits.sizes.both
        status, body = await self.ask(vendor, **{width: value, height: usual(self.traits)[1]})
        check(
            self.rules.size_type, status, self.rule(vendor, self.rules.size_type).status, f"status for {width}={value!r}: {body}"
        )
