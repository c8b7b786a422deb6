"""The mock under test, on a loop of its own in a thread, since Hypothesis blocks; it must leave nothing behind."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self
from urllib.parse import urlsplit

from mockvendors.contract import Contract
from mockvendors.journal import Entry
from mockvendors.server import MockServer, load_vendor
from mockvendors.tenant import Tenant

from .ledger import Ledger
from .wire import MARK, Line

VENDOR = "anam"
PATIENCE = 60.0
"""Seconds for anything that the mock's loop is asked to do."""
TURNS = 2.0
"""Seconds for tasks that end with the server: they wait for nothing but turns of the loop."""
Spoil = Callable[[MockServer], None]


class RunningMock:
    """A mock Anam on loopback; a context manager. Its sessions are joined by nobody, so that no LiveKit is needed.

    Its contract is the one by which it is judged, as it was read, though somebody may edit the file meanwhile.
    """

    def __init__(self, contract: Contract, spoil: Spoil | None = None) -> None:
        self._contract = contract
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mock-under-test", daemon=True)
        self._spoil = spoil
        self._tenants: dict[str, Tenant] = {}
        self.left: list[str] = []
        """What should not be there at the end: sessions, tasks, faults of the harness that no exchange told of."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = MockServer([load_vendor(self._contract)])
        if self._spoil is not None:
            self._spoil(self._server)
        self._ask(self._server.start())
        self.base = self._server.base_url(VENDOR)
        address = urlsplit(self.base)
        self.line = Line(address.hostname or "", address.port or 0)
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()
        self._ask(self._server.stop())
        self._ask(self._count_tasks())
        self.left += self.take_faults()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def take_faults(self) -> list[str]:
        """Return what the mock says that it did wrong since the last time."""
        faults = self._server.harness_faults
        taken = [str(fault) for fault in faults]
        del faults[: len(taken)]
        return taken

    def open(self, settings: dict[str, Any]) -> Ledger:
        """Mint a key with these settings."""
        return self._ask(self._open({**settings, "avatars": "none"}))

    def turn(self, ledger: Ledger, settings: dict[str, Any]) -> None:
        """Turn these settings of a key, and leave the others."""
        self._ask(self._turn(ledger, settings))

    def close(self, ledger: Ledger) -> None:
        """Withdraw a key; its sessions must end with it."""
        tenant = self._tenants.pop(ledger.key)
        self._ask(self._close(tenant))
        running = [session.id for session in tenant.sessions.values() if session.state != "ended"]
        if running or tenant.active:
            self.left.append(f"{tenant.active} sessions of a withdrawn key: {running}")

    def entries(self, mark: str) -> list[Entry]:
        """Return what the journals have of the request with this mark."""
        journals = [self._server.journal, *(tenant.journal for tenant in self._tenants.values())]
        return [entry for journal in journals for entry in journal.entries if entry.headers.get(MARK.lower()) == mark]

    def size(self, ledger: Ledger, session: str) -> tuple[int, int] | None:
        """Return the size at which the avatar of a session would publish; None for one without a room."""
        plan = self._tenants[ledger.key].sessions[session].plan
        return plan.size if plan else None

    async def _open(self, settings: dict[str, Any]) -> Ledger:
        tenant = self._server.new_tenant(VENDOR)
        self._tenants[tenant.api_key] = tenant
        ledger = Ledger(tenant.api_key, {})
        await self._turn(ledger, settings)
        return ledger

    async def _turn(self, ledger: Ledger, settings: dict[str, Any]) -> None:
        tenant = self._tenants[ledger.key]
        for name, value in settings.items():
            tenant.set(name, value)
        ledger.settings = dict(tenant.settings)

    async def _close(self, tenant: Tenant) -> None:
        await tenant.close()

    async def _count_tasks(self) -> None:
        """Tell the tasks that do not end: one that was cancelled needs some turns of the loop."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if tasks:
            _, tasks = await asyncio.wait(tasks, timeout=TURNS)
        self.left += [f"task {task.get_name()}: {task.get_coro()}" for task in tasks]

    def _ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)
