"""`--vendor-mode cassette`: recorded answers, inside of the driver's process; nothing listens and nothing is connected."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mockvendors.cassettes.age import in_words, oldest
from mockvendors.cassettes.recording import Recording, read_recording
from mockvendors.cassettes.replay import Player
from mockvendors.cassettes.standins import ORIGIN
from mockvendors.conformance.scene import scene
from mockvendors.conformance.vendor_mode import folder
from mockvendors.conformance.vendor_mode_case import fit, is_of_a_case, recorded_otherwise
from mockvendors.conformance.vendor_mode_hand import ReplayingHand
from mockvendors.conformance.vendor_mode_options import as_recorded, check_replaced
from mockvendors.conformance.vendor_mode_witness import WitnessedVendor
from mockvendors.conformance.verdict import EXIT, NotVerified, RuleBroken
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault

KEY = "mock_a-key-that-opens-nothing-anywhere"
"""Given to the plugin; no recording holds a key, and this one, or another where a case gives another, has to come back."""


class CassetteMode:
    """The recording of the vendor's suite answers."""

    replays = True
    has_rooms = False

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._oldest = oldest(config.getoption("--max-age"))
        self.options: Mapping[str, str] = {}
        self._recordings: dict[str, Recording] = {}
        self._contracts: dict[str, Contract] = {}

    def begin(self, suites: Collection[Any]) -> None:
        """Read the recordings; a UsageFault says what is wrong with one."""
        vendors = {traits.vendor for traits in suites}
        for vendor in vendors:
            contract = self._contracts[vendor] = Contract.load(vendor)
            where = folder(self._config, vendor, len(vendors))
            if not where.is_dir():
                remedy = f"Name one with --cassettes, or make it: pytest suites/{vendor} --vendor-mode record"
                raise UsageFault(f"there is no recording {where}", remedy)
            recording = read_recording(where, contract)
            if not any(is_of_a_case(cassette.name) for cassette in recording.cassettes):
                remedy = f"Name one that was made by: pytest suites/{vendor} --vendor-mode record"
                raise UsageFault(f"{where} holds no case of a suite: no suite was recorded there", remedy)
            self._recordings[vendor] = recording
        for traits in suites:
            check_replaced(self._recordings[traits.vendor], traits)

    @asynccontextmanager
    async def vendor(self, item: pytest.Item, facilities: Any) -> AsyncIterator[Any]:  # noqa: ARG002 - nothing is shared
        """Give what is known of a vendor by its recorded answers; what the case asks of a mock is in them already."""
        fit(item)
        traits = item.cls.traits  # type: ignore[attr-defined]  # a case is a method of a class with traits
        vendor = WitnessedVendor(self._contracts[traits.vendor], ORIGIN, KEY, traits.start, lambda _: None)
        vendor.settings |= {**traits.settings, "avatars": "none"}  # as in MockMode
        yield vendor

    @asynccontextmanager
    async def driver(self, item: pytest.Item, driver: Any, session: str, vendor: Any) -> AsyncIterator[Any]:
        """Give the driver, each request of which is answered from the case's cassette."""
        if "replay" not in driver.hello.capabilities:
            raise NotVerified(
                f"the driver of {driver.hello} cannot replay: install vcrpy into its environment (pip install vcrpy)"
            )
        recording = self._recordings[vendor.contract.vendor]
        name = f"{fit(item)}.yaml"
        cassette = next((found for found in recording.cassettes if found.name == name), None)
        if cassette is None:
            raise NotVerified(f"no cassette in {recording.folder.name}: not passed when it was recorded, or not answered whole")
        place = f"{recording.folder.name}/{cassette.name}"

        def failure(told: str) -> RuleBroken:
            lines = ["not recorded: the implementation sent what the recording of this case does not hold"]
            lines += [f"  evidence:  {what(recording)}", *(f"  {line}" for line in told.splitlines())]
            return RuleBroken("\n".join([*lines, scene(item).check.context()]))

        traits = item.cls.traits  # type: ignore[attr-defined]  # a case is a method of a class with traits
        interactions = map(as_recorded(recording, traits).interaction, cassette.interactions)
        player = Player(vendor.contract, interactions, place, ORIGIN)

        def otherwise(*, at_end: bool = False) -> str | None:
            return recorded_otherwise(vendor, item, cassette.asked, at_end=at_end)

        hand = ReplayingHand(
            driver, session, vendor, player, variable=traits.variables["key"], otherwise=otherwise, failure=failure
        )
        try:
            yield hand
            hand.tell()
            if told := otherwise(at_end=True):
                raise NotVerified(told)
        finally:
            await hand.close()

    def notes(self) -> Mapping[str, int]:
        """Say what was replayed, and fail the run for what is too old."""
        found = {}
        for recording in self._recordings.values():
            found[f"replayed {recording.folder.name}: {what(recording)}"] = EXIT.as_expected
            if self._oldest is not None and recording.age > self._oldest:
                found[f"{recording.folder.name} is older than --max-age {self._oldest.days}: record it again"] = EXIT.failed
        return found


def what(recording: Recording) -> str:
    """Return what a recording is worth, in words."""
    days = in_words(recording.age)
    age = "made today" if days == "today" else f"{days} old"
    whose = "the vendor" if recording.is_evidence else "a mock"
    sender = f", with {recording.header.implementation}" if recording.header.implementation else ""
    return f"a recording of {whose}, {age}{sender}" + ("" if recording.is_evidence else ": says nothing about the vendor")
