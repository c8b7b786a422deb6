"""`--vendor-mode record --record-upstream URL`: a vendor itself answers, and is recorded.

It cannot be asked for a fault or a setting, and nobody is to pay for a case without having said so: such cases are not
verified. What the vendor saw is told by what passed the recording proxy.
"""

import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, NoReturn
from urllib.parse import quote

import aiohttp
import pytest

from mockvendors import limits
from mockvendors.cassettes.forward import Forwarder
from mockvendors.cassettes.interaction import Interaction
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.own_options import OPTION
from mockvendors.cassettes.record_proxy import RecordProxy
from mockvendors.cassettes.recorder import Recorder, named_secrets
from mockvendors.conformance.vendor_mode import folder
from mockvendors.conformance.vendor_mode_case import fit
from mockvendors.conformance.vendor_mode_gate import PAID, Gate
from mockvendors.conformance.vendor_mode_hand import UpstreamHand
from mockvendors.conformance.vendor_mode_options import own_options, suites_value
from mockvendors.conformance.vendor_mode_record import CaseTape, RecordMode
from mockvendors.conformance.vendor_mode_witness import WitnessedVendor, linked
from mockvendors.conformance.verdict import EXIT, NotVerified
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.key import key_from

STOP = "stop"
"""Name of the contract's link from a start to the call that ends the session."""


class WitnessTape(CaseTape):
    """Tells a vendor's journal what passes."""

    vendor: WitnessedVendor

    def add(self, cassette: str, raw: Interaction) -> int:
        """Take an interaction, and note it as the client sent it."""
        below = self.upstream.path(raw.sent.url) or "/"
        self.vendor.saw(replace(raw.sent, url=self.vendor.base_url + below), raw.answer)
        return super().add(cassette, raw)


class UpstreamMode(RecordMode):
    """The vendor behind `--record-upstream` answers."""

    def __init__(self, config: pytest.Config) -> None:
        super().__init__(config)
        self._upstream = Upstream.parse(config.getoption("--record-upstream"), "--record-upstream")
        self._paid: bool = config.getoption("--record-paid")
        self._gate: Gate | None = None
        self._running: list[str] = []
        self._key = ""
        self._invented: list[str] = []

    def _check(self, suites: Collection[Any]) -> None:
        """Refuse what cannot be recorded before a case runs; the key is in a variable, and nowhere else."""
        variable = self._config.getoption("--record-key-env")
        if variable is None:
            raise UsageFault("--record-upstream needs the vendor's key", "Name the variable that holds it: --record-key-env NAME")
        self._key = key_from(variable, "--record-key-env")
        self.options = own_options(self._config.getoption(OPTION) or (), suites)
        self._invented = sorted({name for traits in suites for name in traits.of_account} - set(self.options))

    @asynccontextmanager
    async def vendor(self, item: pytest.Item, facilities: Any) -> AsyncIterator[Any]:
        """Give the vendor behind a recording proxy."""
        name, traits = fit(item), item.cls.traits  # type: ignore[attr-defined]  # a case is a method of a class with traits
        contract = Contract.load(traits.vendor)
        recorder = self._recorder or Recorder(
            contract,
            self._upstream,
            folder(self._config, contract.vendor, 1),
            secrets={self._key, *named_secrets()},
            options=self.options,
        )
        self._recorder = recorder
        tape = self._tape = WitnessTape(recorder)
        async with self._forwarder(traits, facilities) as forwarder:
            proxy = RecordProxy(tape, lambda _: None, forwarder)
            vendor = tape.vendor = WitnessedVendor(contract, await proxy.start(), self._key, traits.start, _unasked)
            try:
                yield vendor
            finally:
                await proxy.stop()
                await self._stop(vendor, traits.start)
        self._keep(item, name, tape, "")

    @asynccontextmanager
    async def driver(self, item: pytest.Item, driver: Any, session: str, vendor: Any) -> AsyncIterator[Any]:  # noqa: ARG002 - the protocol's
        """Give the driver; a case whose request was kept back, or not answered, is not verified."""
        hand = UpstreamHand(driver, vendor.base_url, self._problem)
        yield hand
        self._moved(hand)

    def notes(self) -> Mapping[str, int]:
        """Say what was recorded, of what the vendor can know nothing, and which sessions may be running still."""
        running = {f"the session {session} may still run: end it at the vendor": EXIT.as_expected for session in self._running}
        invented = self._invented if self._recorder is not None else ()
        told = [f"sent was the suite's own {name}, which is invented: give yours with {OPTION} {name}=VALUE" for name in invented]
        return {**super().notes(), **dict.fromkeys(told, EXIT.as_expected), **running}

    @asynccontextmanager
    async def _forwarder(self, traits: Any, facilities: Any) -> AsyncIterator[Forwarder]:
        """Give what passes requests on; a mock with the same key rehearses them unless they may be paid for."""
        if self._paid:
            yield Forwarder(self._upstream)
            return
        mock = await facilities.mock(traits.vendor)
        tenant = mock.new_tenant(traits.vendor, self._key)
        for name, value in {**traits.settings, "avatars": "none"}.items():
            tenant.set(name, value)
        known = suites_value(self.options, traits)
        try:
            self._gate = Gate(self._upstream, tenant, Upstream.parse(mock.base_url(traits.vendor)), traits.start, known)
            yield self._gate
        finally:
            await tenant.close()

    def _problem(self) -> str | None:
        if self._gate is not None and self._gate.held:
            return f"not recorded: {PAID}"
        return "not recorded: the vendor gave no whole answer" if self._tape is not None and self._tape.missing else None

    async def _stop(self, vendor: WitnessedVendor, start: str) -> None:
        """End the sessions that the case began: they cost money."""
        for session in vendor.sessions:
            operation = vendor.contract.operations.get(linked(vendor.contract, start, STOP))
            if operation is None or not await self._stopped(operation.method, _filled(operation.path, session)):
                self._running.append(session)

    async def _stopped(self, method: str, path: str) -> bool:
        timeout = aiohttp.ClientTimeout(total=limits.scaled(limits.RECORD_STOP))
        headers = {"Authorization": f"Bearer {self._key}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=self._upstream.scheme == "https") as client,
                client.request(method, self._upstream.url + path, headers=headers) as reply,
            ):
                return reply.ok
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False


def _unasked(_: str) -> NoReturn:
    raise NotVerified("not recorded: a vendor cannot be asked for a fault or a setting")


def _filled(path: str, session: str) -> str:
    """Return the path of a call about one session."""
    return re.sub(r"\{[^}]+\}", quote(session, safe=""), path)
