"""The mock vendor's own answers, by raw HTTP: what no client of Anam sends, and a suite must still know."""

import aiohttp
import pytest

from mockvendors.conformance.base import Cases, rule

from .traits import ANAM, AVATAR


async def post(vendor, path="/v1/engine/session", **body):
    headers = {"Authorization": f"Bearer {vendor.api_key}"}
    async with (
        aiohttp.ClientSession() as client,
        client.post(vendor.base_url + path, json=body, headers=headers) as reply,
    ):
        return reply.status, await reply.json()


def start(**options):
    return {"personaConfig": {"avatarId": AVATAR}, **({"sessionOptions": options} if options else {})}


class TestVendor(Cases):
    traits = ANAM

    @rule("anam.size.both-or-neither")
    @pytest.mark.parametrize("half", [{"videoWidth": 1152}, {"videoHeight": 768}], ids=["width", "height"])
    async def test_half_pair_is_refused(self, vendor, check, half):
        status, body = await post(vendor, **start(**half))
        check("anam.size.both-or-neither", status, 400, f"status for half a pair: {body}")

    @rule("anam.size.type")
    @pytest.mark.parametrize("value", ["1152", 0, -1, 1.5, True], ids=repr)
    async def test_type_is_refused(self, vendor, check, value):
        status, body = await post(vendor, **start(videoWidth=value, videoHeight=768))
        check("anam.size.type", status, 400, f"status for videoWidth={value!r}: {body}")

    @rule("anam.size.type")
    async def test_null_pair_is_no_pair(self, vendor, check):
        status, body = await post(vendor, **start(videoWidth=None, videoHeight=None))
        check("anam.size.type", status in {200, 201}, True, f"status {status} for a pair of nulls: {body}")

    @rule("anam.size.pair")
    async def test_table_is_data(self, vendor, check):
        refused, _ = await post(vendor, **start(videoWidth=640, videoHeight=640))
        vendor.overlay({"sizes": {"cara-4": {"pairs": {"640x640": {"level": "assumed", "source": "this case"}}}}})
        accepted, body = await post(vendor, **start(videoWidth=640, videoHeight=640))
        check(
            "anam.size.pair",
            (refused, accepted in {200, 201}),
            (400, True),
            f"a pair before and after it was added to the table: {body}",
        )

    @rule("anam.size.pair")
    @pytest.mark.parametrize(("setting", "at_token"), [("engine_session", False), ("session_token", True), ("both", True)])
    async def test_where_sizes_are_validated(self, vendor, check, setting, at_token):
        vendor.set("validate_at", setting)
        status, body = await post(vendor, "/v1/auth/session-token", **start(videoWidth=640, videoHeight=640))
        check(
            "anam.size.pair",
            status == 400,
            at_token,
            f"whether the token call refuses a bad pair with validate_at={setting}: {body}",
        )
