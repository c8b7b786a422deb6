"""Everything that belongs to one API key: sessions, journal, faults, settings. Nothing is global."""

import asyncio
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from mockvendors import limits
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.avatars import AvatarFactory
from mockvendors.contract import Contract
from mockvendors.contract.document import merge
from mockvendors.errors import HarnessFault, UsageFault
from mockvendors.faults import FaultPlan
from mockvendors.faults.answers import answers
from mockvendors.journal import Entry, Journal
from mockvendors.redact import Redactor, fingerprint
from mockvendors.replies import Cut
from mockvendors.session import Session
from mockvendors.sessions import Sessions


class Tenant:
    """One customer of a mock vendor."""

    def __init__(
        self,
        contract: Contract,
        api_key: str,
        avatars: AvatarFactory,
        harness_faults: list[HarnessFault],
        starts: Collection[str],
    ) -> None:
        """Begin with nothing; `starts` are the operations that start an avatar."""
        self.contract = contract
        self.api_key = api_key
        self.name = fingerprint(api_key)
        self.redact = Redactor([api_key])
        self.tables: Mapping[str, Any] = contract.tables
        self.journal = Journal()
        self.sessions = Sessions()
        self.memory: dict[str, Any] = {}
        """What the vendor's module remembers about this tenant."""
        self.active = 0
        """Sessions that have not ended."""
        self._alive: set[Session] = set()
        """The same, and those of before a reset whose avatars still have to leave."""
        self.closing = asyncio.Event()
        """Set when it is closed: what waits on its behalf ends then."""
        self.faults = FaultPlan(lambda: answers(contract.raw), starts, self.closing)
        self._random = random.Random()  # noqa: S311 - its own: a test that seeds the shared one must not make ids repeat
        self._avatars = avatars
        self._harness_faults = harness_faults
        self._settings: dict[str, Any] = {name: setting.default for name, setting in contract.settings.items()}
        self._beginning = (self.tables, dict(self._settings))
        self.settings: Mapping[str, Any] = MappingProxyType(self._settings)
        """The switches of the contract and how they stand."""

    @property
    def sends_avatars(self) -> bool:
        """Whether its sessions have avatars at all."""
        return self._settings.get("avatars") == "join"

    @property
    def closed(self) -> bool:
        """Whether its key is worth nothing any more."""
        return self.closing.is_set()

    @property
    def gone(self) -> bool:
        """Whether it is closed, and none of its avatars has still to leave."""
        return self.closed and not self._alive

    def set(self, name: str, value: object) -> None:
        """Turn a switch of the contract, for this tenant."""
        setting = self.contract.settings.get(name)
        if setting is None:
            raise UsageFault(f"There is no setting {name!r}", f"Settings: {', '.join(sorted(self._settings))}")
        self._settings[name] = setting.accept(value)

    def overlay(self, patch: Mapping[str, Any]) -> None:
        """Lay a JSON merge patch over the contract's tables, for this tenant: null removes, lists are replaced."""
        unknown = sorted(set(patch) - set(self.contract.tables))
        if unknown:
            raise UsageFault(f"There is no table {unknown[0]!r}", f"Tables: {', '.join(sorted(self.contract.tables))}")
        self.tables = merge(self.tables, patch)

    def settle(self) -> None:
        """Take settings, tables and faults as they stand for its beginning, to which a reset comes back.

        Until then that is what the contract says, without faults.
        """
        self._beginning = (self.tables, dict(self._settings))
        self.faults.settle()

    def start_session(self, plan: AvatarPlan | None, facts: Mapping[str, Any], max_seconds: float | None = None) -> Session:
        """Start a session, and its avatar where there is a plan and the setting `avatars` says join.

        Raises Cut where the tenant was closed while the start was under way: nobody would end the session.
        """
        if self.closed:
            raise Cut
        session = Session(self._new_id(), plan, facts, self._ended)
        self._alive.add(session)
        self.sessions[session.id] = session
        self.active += 1
        self.faults.began(session.id)
        session.run(self._avatars if self.sends_avatars else None, max_seconds)
        return session

    async def close(self) -> None:
        """End its sessions with their avatars; its key is worth nothing from now on."""
        self.closing.set()
        self.faults.waits.cut()
        await self._end_all("tenant_closed")
        await self.faults.waits.ended()

    async def reset(self) -> None:
        """Begin anew with the same key: no sessions, an empty journal, settings, tables and faults as they were settled.

        The new beginning is there at once, and what comes from now on is part of it; then the old sessions end.
        """
        self.sessions = Sessions()
        self.active = 0
        self.memory = {}
        self.tables, settings = self._beginning
        self._settings.update(settings)
        self.faults.reset()
        self.journal = self.journal.successor()
        await self._end_all("reset")

    async def _end_all(self, reason: str) -> None:
        await asyncio.gather(*(session.close(reason, limits.SESSION_END) for session in self._alive))

    def _new_id(self) -> str:
        """Return a random UUID of version 4, which names a session and opens nothing; the uuid module takes ten times as long."""
        digits = f"{self._random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"

    def _ended(self, session: Session) -> None:
        self._alive.discard(session)
        if session.id in self.sessions:  # and not of before a reset
            self.active -= 1
            self.sessions.ended(session)
        if session.reason == "crashed":
            told = session.cause or (session.log.text() if session.log else "")
            self._harness_faults.append(HarnessFault(f"The avatar of session {session.id} crashed: {told}", "Report it"))


Ended = Callable[[Tenant, Journal, Entry], None]
"""Is told of each request of a tenant when it has come to an end, with the journal that it was in."""


class Tenants:
    """The tenants of one vendor, by their keys; of one that was closed nothing is kept."""

    def __init__(self) -> None:
        self._by_key: dict[str, Tenant] = {}
        self._listeners: tuple[Ended, ...] = ()
        self.redact = Redactor()
        """For requests that no tenant owns: they may hold a tenant's key nonetheless."""

    def add(self, tenant: Tenant) -> None:
        """Let a key in, and let go of those of which nothing is left."""
        for closed in [known for known in self if known.gone]:
            del self._by_key[closed.api_key]
            self.redact.forget(closed.api_key)
        if tenant.api_key in self._by_key:
            raise UsageFault(f"There is a tenant with {tenant.name} already", "Choose another key, or let one be minted")
        self._by_key[tenant.api_key] = tenant
        self.redact.learn(tenant.api_key)
        tenant.journal.listen(partial(self._tell, tenant))

    def listen(self, ended: Ended) -> None:
        """Tell `ended` of each request of a tenant, of those too that come later, when it has come to an end."""
        self._listeners += (ended,)

    def ignore(self, ended: Ended) -> None:
        """Tell it no more."""
        self._listeners = tuple(one for one in self._listeners if one != ended)

    def by_key(self, api_key: str) -> Tenant | None:
        """Return the open tenant that this key belongs to."""
        tenant = self._by_key.get(api_key)
        return tenant if tenant is not None and not tenant.closed else None

    def by_name(self, name: str) -> Tenant | None:
        """Return the open tenant whose key has this fingerprint."""
        return next((tenant for tenant in self if tenant.name == name and not tenant.closed), None)

    def __iter__(self) -> Iterator[Tenant]:
        return iter(list(self._by_key.values()))

    def _tell(self, tenant: Tenant, journal: Journal, entry: Entry) -> None:
        for ended in self._listeners:
            ended(tenant, journal, entry)
