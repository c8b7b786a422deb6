"""The mock vendor's own answers, by raw HTTP: what no client of Anam sends, and a suite must still know."""

import pytest

from mockvendors.conformance.base import rule
from mockvendors.conformance.vendor import VendorCases

from .traits import ANAM


class TestVendor(VendorCases):
    traits = ANAM

    @rule("anam.size.type")
    async def test_null_pair_is_no_pair(self, vendor, check):
        status, body = await self.ask(vendor, video_width=None, video_height=None)
        check("anam.size.type", status in {200, 201}, True, f"status {status} for a pair of nulls: {body}")

    @rule("anam.size.pair")
    async def test_table_is_data(self, vendor, check):
        refused, _ = await self.ask(vendor, video_width=640, video_height=640)
        vendor.overlay({"sizes": {"cara-4": {"pairs": {"640x640": {"level": "assumed", "source": "this case"}}}}})
        accepted, body = await self.ask(vendor, video_width=640, video_height=640)
        seen = (refused, accepted in {200, 201})
        check("anam.size.pair", seen, (400, True), f"a pair before and after it was added to the table: {body}")

    @rule("anam.size.pair")
    @pytest.mark.parametrize(("setting", "at_token"), [("engine_session", False), ("session_token", True), ("both", True)])
    async def test_where_sizes_are_validated(self, vendor, check, setting, at_token):
        vendor.set("validate_at", setting)
        status, body = await self.ask(vendor, "createSessionToken", video_width=640, video_height=640)
        why = f"whether the token call refuses a bad pair with validate_at={setting}: {body}"
        check("anam.size.pair", status == 400, at_token, why)
