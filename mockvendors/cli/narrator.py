"""One line a request and one a turn of an avatar, for the person in front of `serve`."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mockvendors.cli import lines
from mockvendors.errors import HarnessFault, VendorFault
from mockvendors.inspector.facts import at
from mockvendors.inspector.scene import Scene
from mockvendors.journal import Entry, Journal
from mockvendors.session import Session
from mockvendors.tenant import Tenant

Tell = Callable[[str, str], None]
"""Takes one line and its style."""
News = tuple[float, str, str]
"""Seconds since 1970, line, style."""

SAID_KEPT = 1000
"""Remarks that are told once are remembered; after so many different ones an old one may be told again."""


@dataclass
class _Heard:
    """A session, and how much of it has been told."""

    tenant: Tenant
    session: Session
    remarks: int = 0
    entries: int = 0


class Narrator:
    """Tells, at each `look`, what is new since the last one."""

    def __init__(self, scene: Scene, tell: Tell) -> None:
        self._scene = scene
        self._tell = tell
        self._ended: list[tuple[Journal, Entry]] = []
        """Requests that came to an end since the last look: handed over, since a reset empties the journals."""
        self._heard: dict[str, _Heard] = {}
        """By session, until it has ended and its tenant keeps it no more."""
        self._said: dict[str, None] = {}
        self._advised: set[str] = set()
        """Rules whose remedy was told."""
        self._faults = 0
        self._ours = {tenant.name for tenant in scene.tenants.values()}
        scene.listen(self._hear)

    def look(self) -> None:
        """Tell what came, in its order: requests that were answered, and what the avatars did."""
        ended, self._ended = self._ended, []
        news = [told for journal, entry in ended for told in self._request(journal, entry)]
        for tenant in self._scene.everybody():
            for session in tenant.sessions.values():
                self._meet(tenant, session)
        news += [told for heard in self._heard.values() for told in self._session(heard)]
        self._heard = {name: heard for name, heard in self._heard.items() if _goes_on(heard)}
        for when, line, style in sorted(news, key=lambda told: told[0]):
            self._tell(f"{time.strftime('%H:%M:%S', time.localtime(when))} {line}", style)
        for fault in self._scene.harness_faults[self._faults :]:
            self._tell(f"{_whose(fault)} is wrong here: {fault}", lines.FAULT)
        self._faults = len(self._scene.harness_faults)

    def _hear(self, tenant: Tenant | None, journal: Journal, entry: Entry) -> None:
        """Take a request that has come to an end, and the session that it speaks of: a reset may drop both at once."""
        self._ended.append((journal, entry))
        session = tenant.sessions.get(entry.session or "") if tenant else None
        if tenant is not None and session is not None:
            self._meet(tenant, session)

    def _meet(self, tenant: Tenant, session: Session) -> None:
        if session.id not in self._heard:
            self._heard[session.id] = _Heard(tenant, session)

    def _request(self, journal: Journal, entry: Entry) -> Iterator[News]:
        """Yield the line of a request, and at the first refusal by a rule what can be done about it."""
        when = at(journal, entry)
        line, style = lines.request(entry)
        other = entry.tenant and entry.tenant not in self._ours
        yield when, f"{line}  of {entry.tenant}" if other else line, style
        for name in entry.broken:
            for tenant in self._scene.tenants.values():
                rule = tenant.contract.rules.get(name)
                remedy = lines.remedy(rule, tenant) if rule and name not in self._advised else ""
                if remedy:
                    self._advised.add(name)
                    yield when, remedy, lines.ASIDE

    def _session(self, heard: _Heard) -> Iterator[News]:
        """Yield what is new of one session and its avatar."""
        tenant, session = heard.tenant, heard.session
        name = session.id[: lines.SHORT]
        for remark in session.remarks[heard.remarks :]:
            if not (remark.once and self._was_said(remark.text)):
                yield remark.at, f"  session {name}: {tenant.redact.text(remark.text)}", lines.BAD
        heard.remarks = len(session.remarks)
        log = session.log
        if log is None:
            return
        for entry in log.entries[heard.entries :]:
            line, style = lines.turn(session, entry)
            if line:
                yield at(log, entry), f"  avatar {name} {line}", style
        heard.entries = len(log.entries)

    def _was_said(self, text: str) -> bool:
        """Tell whether a remark was told before; from now on it was."""
        before = text in self._said
        self._said[text] = None
        if len(self._said) > SAID_KEPT:
            del self._said[next(iter(self._said))]
        return before


def _whose(fault: HarnessFault) -> str:
    """Return who is wrong, in the fewest words: a mock that is somebody else's, or we."""
    return fault.whose.partition(" (")[0] if isinstance(fault, VendorFault) else "mockvendors itself"


def _goes_on(heard: _Heard) -> bool:
    """Tell whether there may be more to tell of a session, or it could be met again."""
    return heard.session.state != "ended" or heard.session.id in heard.tenant.sessions
