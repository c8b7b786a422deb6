"""`--vendor-mode record`: what the implementation and its vendor say to each other in each case becomes a cassette.

Between the two stands a recording proxy, one for each case. A case has a cassette when the implementation passed it and every
answer came whole: what breaks a rule, listed or assumed, is not to bind others. Where nothing was sent the cassette is empty:
on replay nothing may be sent.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mockvendors import paths
from mockvendors.cassettes.interaction import Interaction
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.place import Place
from mockvendors.cassettes.record_proxy import RecordProxy
from mockvendors.cassettes.recorder import Recorder
from mockvendors.conformance.scene import scene
from mockvendors.conformance.vendor_mode import folder
from mockvendors.conformance.vendor_mode_case import asked, fit
from mockvendors.conformance.vendor_mode_hand import WatchingHand
from mockvendors.conformance.vendor_mode_mock import MockMode
from mockvendors.conformance.verdict import EXIT, Verdict
from mockvendors.errors import MockvendorsError, UsageFault


class CaseTape:
    """Holds what one case sends until it is known to be whole; a RecordProxy writes to it as to a Recorder."""

    count = 0
    """The proxy writes nothing by itself."""

    def __init__(self, recorder: Recorder) -> None:
        self.upstream = recorder.upstream
        self.scrubber = recorder.scrubber
        self.missing = 0
        self.interactions: list[Interaction] = []

    def add(self, _cassette: str, raw: Interaction) -> int:
        """Take an interaction."""
        self.interactions.append(raw)
        return len(self.interactions)

    def save(self) -> Callable[[], None]:
        """Write nothing."""
        return self.finish

    def finish(self) -> None:
        """Write nothing."""


class RecordMode(MockMode):
    """The mock of the run answers, and is recorded."""

    has_rooms = False

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self._config = config
        self._recorder: Recorder | None = None
        self._tape: CaseTape | None = None

    def begin(self, suites: Collection[Any]) -> None:
        """Refuse what cannot be recorded before a case runs, and make the folder that takes it. Raises EnvironmentFault too."""
        vendors = sorted({traits.vendor for traits in suites})
        if len(vendors) > 1:
            raise UsageFault(f"A recording is of one vendor, and these suites are of {', '.join(vendors)}", "Run one suite")
        if self._config.getoption("numprocesses", None) or hasattr(self._config, "workerinput"):
            raise UsageFault("One process writes a recording", "Run pytest without -n")
        if self._config.getoption("--cassettes") is None and paths.fixtures().parent == Path(paths.__file__).parent:
            remedy = f"Name a folder: --cassettes cassettes/{vendors[0]}/mine"
            raise UsageFault("A recording is not written into an installed package", remedy)
        self._check(suites)
        for vendor in vendors:
            where = folder(self._config, vendor, 1)
            if where.parent.name != vendor:
                told = f"{where} is no folder for a recording of {vendor}, which is <vendor>/<recording>"
                raise UsageFault(told, f"For example: --cassettes {where.parent.parent / vendor / where.name}")
            place = Place.take(where.parent.parent, vendor, [where.name], "Name another place with --cassettes")
            self._config.add_cleanup(place.give_back)

    def _check(self, suites: Collection[Any]) -> None:
        """Refuse what else cannot be recorded."""

    @asynccontextmanager
    async def vendor(self, item: pytest.Item, facilities: Any) -> AsyncIterator[Any]:
        """Give a fresh tenant of the mock behind a recording proxy."""
        name = fit(item)
        async with super().vendor(item, facilities) as tenant:
            recorder = self._recorder_of(tenant)
            tape = self._tape = CaseTape(recorder)
            proxy = RecordProxy(tape, lambda _: None)
            tenant.base_url = await proxy.start()
            try:
                yield tenant
            finally:
                await proxy.stop()
            self._keep(item, name, tape, asked(tenant, item))

    @asynccontextmanager
    async def driver(self, item: pytest.Item, driver: Any, session: str, vendor: Any) -> AsyncIterator[Any]:  # noqa: ARG002 - the protocol's
        """Give the driver; a case that sends it elsewhere is not recorded."""
        hand = WatchingHand(driver, vendor.base_url)
        yield hand
        self._moved(hand)

    def notes(self) -> Mapping[str, int]:
        """Say what was recorded."""
        if self._recorder is None:
            return {}
        try:
            self._recorder.finish()
        except MockvendorsError as fault:
            return {str(fault): fault.exit_code}
        return {self._recorder.summary: EXIT.as_expected}

    def _moved(self, hand: WatchingHand) -> None:
        """Note that what the implementation sent has not passed the proxy."""
        if self._tape is not None and hand.is_elsewhere:
            self._tape.missing += 1

    def _keep(self, item: pytest.Item, name: str, tape: CaseTape, asked_for: str) -> None:
        """Write the cassette of a case that has come to its end, where it is wanted."""
        recorder = self._recorder
        if recorder is None:
            return
        if scene(item).verdict is not Verdict.PASS or tape.missing:
            recorder.missing += tape.missing + len(tape.interactions)
            return
        recorder.implementation = scene(item).implementation
        recorder.begin(name, asked_for)
        try:
            for interaction in tape.interactions:
                recorder.add(name, interaction)
            recorder.save()()
        except MockvendorsError:
            recorder.drop(name)
            raise

    def _recorder_of(self, tenant: Any) -> Recorder:
        if self._recorder is None:
            contract = tenant.contract
            where = folder(self._config, contract.vendor, 1)
            self._recorder = Recorder(contract, Upstream.parse(tenant.base_url), where)
        return self._recorder
