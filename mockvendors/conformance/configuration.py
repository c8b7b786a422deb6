"""Reusable cases: what is missing is said at once, and nothing is sent."""

from typing import Any

from mockvendors.conformance.allowed import Holds
from mockvendors.conformance.base import Cases, raised, rule
from mockvendors.conformance.drive import Drive
from mockvendors.drivers.messages import DriverError

NO_LIVEKIT = {"LIVEKIT_URL": None, "LIVEKIT_API_KEY": None, "LIVEKIT_API_SECRET": None}


def said(error: DriverError) -> str:
    """Return what the user reads; nothing where nothing was raised."""
    return "" if error.kind == "none" else str(error)


class ConfigurationCases(Cases):
    """Errors of the user's own configuration."""

    @rule("core.config.key")
    async def test_missing_key(self, drive: Drive, vendor: Any, check: Any) -> None:
        drive.vendor = {**drive.vendor, "api_key": None}
        error = raised(await drive.start())
        names_it = Holds("an error whose text names the key", lambda text: "key" in text.lower())
        check("core.config.key", said(error), names_it, "the error without a vendor key")
        check("core.config.key", len(vendor.journal.entries), 0, "requests without a vendor key")
        # A request with a made-up key is no tenant's: only its answer tells of it.
        check("core.config.key", "APIError" in error.bases, False, f"whether the vendor was asked without a key: {error}")

    @rule("core.config.livekit")
    async def test_missing_livekit_secret(self, drive: Drive, vendor: Any, check: Any) -> None:
        error = raised(await drive.start(env=NO_LIVEKIT))
        names_it = Holds("an error whose text names LiveKit", lambda text: "livekit" in text.lower())
        check("core.config.livekit", said(error), names_it, "the error without LiveKit's address and secret")
        check("core.config.livekit", len(vendor.journal.entries), 0, "requests without LiveKit's address and secret")

    @rule("core.config.job")
    async def test_outside_of_a_job(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.open(job=False)
        place = drive.place
        livekit = {"LIVEKIT_URL": place.url, "LIVEKIT_API_KEY": place.api_key, "LIVEKIT_API_SECRET": place.api_secret}
        error = raised(await drive.start(env=livekit))
        check("core.config.job", said(error), Holds("an error", bool), "the error outside of a job")
        check("core.config.job", len(vendor.journal.entries), 0, "requests outside of a job")
