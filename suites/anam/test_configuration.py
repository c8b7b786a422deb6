from mockvendors.conformance.base import rule
from mockvendors.conformance.configuration import ConfigurationCases

from .traits import ANAM


class TestConfiguration(ConfigurationCases):
    traits = ANAM

    @rule("anam.path.double-slash")
    async def test_trailing_slash_of_the_address(self, drive, vendor, check):
        drive.vendor = {**drive.vendor, "base_url": f"{vendor.base_url}/"}
        await drive.start()
        paths = {entry.path for entry in vendor.journal.entries if entry.path.startswith("//")}
        check("anam.path.double-slash", paths, set(), "paths with two slashes, the address being given with one at its end")
