"""Reusable cases: what is missing is said at once, and nothing is sent."""

from typing import Any

import pytest

from mockvendors.conformance.allowed import Holds, OneOf
from mockvendors.conformance.base import Cases, needs, raised, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.marks import own
from mockvendors.drivers.messages import DriverError

OWN = OneOf("configuration", "invalid_options")
"""Kinds of an error that the plugin raises itself, by a class of its own, a RuntimeError or a ValueError."""
NOWHERE = "http://127.0.0.1:9"
"""The discard port, where no vendor answers."""


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
        check("core.config.key", error.kind, OWN, f"the kind of the error without a vendor key: {error}")
        check("core.config.key", len(vendor.journal.entries), 0, "requests without a vendor key")
        # A request with a made-up key is no tenant's: only its answer tells of it.
        check("core.config.key", "APIError" in error.bases, False, f"whether the vendor was asked without a key: {error}")

    @rule("core.config.livekit")
    @pytest.mark.parametrize("missing", ["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"])
    async def test_missing_livekit(self, drive: Drive, vendor: Any, check: Any, missing: str) -> None:
        error = raised(await drive.start(env={missing: None}))
        names_it = Holds("an error whose text names LiveKit", lambda text: "livekit" in text.lower())
        check("core.config.livekit", said(error), names_it, f"the error without {missing}")
        check("core.config.livekit", error.kind, OWN, f"the kind of the error without {missing}: {error}")
        check("core.config.livekit", len(vendor.journal.entries), 0, f"requests without {missing}")

    @rule("core.config.job")
    @needs("job-only")  # a framework may know starts outside of a job
    async def test_outside_of_a_job(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.open(job=False)
        place = drive.place
        livekit = {"LIVEKIT_URL": place.url, "LIVEKIT_API_KEY": place.api_key, "LIVEKIT_API_SECRET": place.api_secret}
        error = raised(await drive.start(env=livekit))
        check("core.config.job", "RuntimeError" in error.bases, True, f"whether it is a RuntimeError outside of a job: {error}")
        check("core.config.job", len(vendor.journal.entries), 0, "requests outside of a job")

    @rule("core.config.api-url")
    async def test_address_and_key_by_the_environment(self, drive: Drive, vendor: Any, check: Any) -> None:
        drive.vendor = {}
        variables = self.traits.variables
        await drive.started("core.config.api-url", env={variables["url"]: vendor.base_url, variables["key"]: vendor.api_key})
        calls = len(vendor.journal.calls(self.traits.start))
        check("core.config.api-url", calls, 1, "starts at the address that the environment names, with the key that it names")

    @rule("core.config.api-url")
    async def test_argument_comes_before_the_environment(self, drive: Drive, vendor: Any, check: Any) -> None:
        variables = self.traits.variables
        await drive.started("core.config.api-url", env={variables["url"]: NOWHERE, variables["key"]: "another-key"})
        calls = len(vendor.journal.calls(self.traits.start))
        check("core.config.api-url", calls, 1, "starts at the address of the argument, the environment naming another")

    @own(lambda rules: rules.double_slash)
    async def test_trailing_slash_of_the_address(self, drive: Drive, vendor: Any, check: Any) -> None:
        drive.vendor = {**drive.vendor, "base_url": f"{vendor.base_url}/"}
        await drive.start()
        paths = {entry.path for entry in vendor.journal.entries if entry.path.startswith("//")}
        check(self.rules.double_slash, paths, set(), "paths with two slashes, the address being given with one at its end")
