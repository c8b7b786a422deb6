"""Reusable cases: what is missing is said at once, and nothing is sent."""

from typing import Any

from mockvendors.conformance.base import Cases, raised, rule
from mockvendors.conformance.drive import Drive

NO_LIVEKIT = {"LIVEKIT_URL": None, "LIVEKIT_API_KEY": None, "LIVEKIT_API_SECRET": None}


class ConfigurationCases(Cases):
    """Errors of the user's own configuration."""

    @rule("core.config.key")
    async def test_missing_key(self, drive: Drive, vendor: Any, check: Any) -> None:
        drive.vendor = {**drive.vendor, "api_key": None}
        error = raised(await drive.start())
        check("core.config.key", error.kind, "configuration", f"the error without a vendor key: {error}")
        check("core.config.key", len(self.firsts(vendor)), 0, "requests without a vendor key")

    @rule("core.config.livekit")
    async def test_missing_livekit_secret(self, drive: Drive, vendor: Any, check: Any) -> None:
        error = raised(await drive.start(env=NO_LIVEKIT))
        check(
            "core.config.livekit",
            error.kind,
            "configuration",
            f"the error without LiveKit's address and secret: {error}",
        )
        check("core.config.livekit", len(self.firsts(vendor)), 0, "requests without LiveKit's address and secret")

    @rule("core.config.job")
    async def test_outside_of_a_job(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.open(job=False)
        error = raised(await drive.start())
        check("core.config.job", error.kind, "configuration", f"the error outside of a job: {error}")
        check("core.config.job", len(self.firsts(vendor)), 0, "requests outside of a job")
