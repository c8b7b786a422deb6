"""Reusable cases: what the plugin sends to start an avatar."""

from collections.abc import Mapping
from typing import Any

from mockvendors.conformance.base import Cases, raised, rule
from mockvendors.conformance.described import parent
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.key_header import key_header
from mockvendors.conformance.marks import claiming, each, own, taking
from mockvendors.conformance.traits import Traits, at
from mockvendors.drivers.messages import Outcome

HIDDEN = "…"
"""What stands for a value that another case judges, or nobody knows: an object, a token, the room server's address."""


def valued(traits: Traits) -> dict[str, Any]:
    """Return every option that has a value which the vendor accepts beside the others."""
    return {name: option.value for name, option in traits.fields.items() if option.value is not None}


class RequestCases(Cases):
    """Read from the bodies and headers that the vendor received."""

    @own(lambda rules: rules.one_call)
    @claiming(lambda traits: {"call.one"} & set(traits.first))
    async def test_one_call_with_the_key(self, drive: Drive, vendor: Any, check: Any) -> None:
        outcome = await drive.started()
        operations = [entry.operation for entry in vendor.journal.entries]
        check(self.rules.one_call, operations, [self.traits.start], "calls of one start")
        check(self.rules.one_call, told_session(outcome), begun(vendor), "the session id that the user sees")

    @own(lambda rules: rules.key)
    async def test_key_goes_in_its_header(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started(self.rules.key)
        header, scheme = key_header(vendor.contract, drive.first)
        headers = vendor.journal.entries[0].headers
        if scheme:
            check(self.rules.key, headers.get(header, "").split(" ")[0], scheme, "scheme of the Authorization header")
        else:
            check(self.rules.key, header in headers, True, f"whether the key is in the header {header}")
        if self.rules.content_type:
            check(self.rules.content_type, headers.get("content-type"), "application/json", "type of the body")

    @own(lambda rules: rules.body.get(""))
    async def test_least_options_give_the_least_body(self, drive: Drive, vendor: Any, check: Any) -> None:
        outcome = await drive.start()
        for pointer, broken in self.rules.body.items() if vendor.journal.entries else ():  # a body that is refused tells more
            actual, expected = (self.outline(body, pointer) for body in (self.body(vendor), self.traits.body(drive.options)))
            check(broken, actual, expected, f"{pointer or 'the body'} of the least options; nothing that was not asked for")
        drive.hold(outcome)

    def outline(self, body: Any, pointer: str) -> Any:  # a JSON value
        """Return the object there, with what is not judged hidden."""
        found = at(body, pointer)
        if not isinstance(found, Mapping):
            return found
        hidden = {self.traits.token, self.traits.url}
        return {
            name: HIDDEN if isinstance(value, Mapping) or f"{pointer}/{name}" in hidden else value
            for name, value in found.items()
        }

    @own(lambda rules: rules.names)
    @taking(valued)
    async def test_fields_are_named_as_the_api_names_them(self, drive: Drive, vendor: Any, check: Any) -> None:
        options = valued(self.traits)
        await drive.started(**options)
        expected = self.traits.body({**drive.options, **options})
        for pointer in dict.fromkeys(parent(option.field) for option in self.traits.fields.values()):
            actual, wanted = (sorted(at(body, pointer) or {}) for body in (self.body(vendor), expected))
            check(self.rules.names, actual, wanted, f"fields of {pointer or 'the body'} with every option set")

    @rule("core.start.succeeds")
    @each("status", lambda traits: traits.successes)
    async def test_both_statuses_of_success(self, drive: Drive, vendor: Any, check: Any, status: int) -> None:
        vendor.set("success_status", status)
        session = told_session(await drive.started())
        check("core.start.succeeds", session, begun(vendor), f"the session id that the user sees, answered {status}")

    @own(lambda rules: rules.model)
    @taking(lambda traits: [traits.model])
    async def test_model_is_sent(self, drive: Drive, vendor: Any, check: Any) -> None:
        option = self.traits.fields[self.traits.model]
        await drive.started(**{self.traits.model: option.value})
        check(self.rules.model, at(self.body(vendor), option.field), option.value, option.field)

    @own(lambda rules: rules.unknown_avatar)
    async def test_unknown_avatar(self, drive: Drive, vendor: Any, check: Any) -> None:
        error = raised(await drive.start(**self.traits.unknown_avatar))
        status = self.rule(vendor, self.rules.unknown_avatar).status
        check(self.rules.unknown_avatar, error.status, status, f"status of the error for an unknown avatar: {error}")
        calls = len(vendor.journal.calls(self.traits.start))
        check("core.errors.no-retry", calls, 1, "starts of an unknown avatar")

    @own(lambda rules: rules.key)
    async def test_wrong_key(self, drive: Drive, vendor: Any, check: Any) -> None:
        drive.vendor = {**drive.vendor, "api_key": "not-a-key-of-ours"}
        error = raised(await drive.start())
        status = self.rule(vendor, self.rules.key).status
        check(self.rules.key, error.status, status, f"status of the error for a wrong key: {error}")


def told_session(outcome: Outcome) -> Any:  # a text, or None
    """Return the vendor's session as the plugin's user sees it."""
    return (outcome.ok or {}).get("vendor_session")


def begun(vendor: Any) -> Any:  # a text, or None
    """Return the session that the vendor began first."""
    return next(iter(vendor.sessions), None)
