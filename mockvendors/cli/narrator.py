"""One line a request and one a turn of an avatar, for the person in front of `serve`."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mockvendors.cli import lines
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
    """How much of a session has been told."""

    remarks: int = 0
    entries: int = 0


class Narrator:
    """Tells, at each `look`, what is new since the last one."""

    def __init__(self, scene: Scene, tell: Tell) -> None:
        self._scene = scene
        self._tell = tell
        self._told: dict[int, int] = {}
        """By journal: the number of the last entry that was seen."""
        self._open: dict[int, set[int]] = {}
        """By journal: numbers of entries that were seen before they came to an end."""
        self._heard: dict[str, _Heard] = {}
        """By session, as long as the session is kept."""
        self._said: dict[str, None] = {}
        self._advised: set[str] = set()
        """Rules whose remedy was told."""
        self._faults = 0

    def look(self) -> None:
        """Tell what came, in its order: requests that were answered, and what the avatars did."""
        news = [
            told
            for journal in self._scene.journals()
            for entry in self._answered(journal)
            for told in self._request(journal, entry)
        ]
        sessions = list(self._scene.sessions())
        news += [told for vendor, session in sessions for told in self._session(self._scene.tenants[vendor], session)]
        self._heard = {session.id: self._heard[session.id] for _, session in sessions}
        for when, line, style in sorted(news, key=lambda told: told[0]):
            self._tell(f"{time.strftime('%H:%M:%S', time.localtime(when))} {line}", style)
        for fault in self._scene.harness_faults[self._faults :]:
            self._tell(f"mockvendors itself is wrong here: {fault}", lines.FAULT)
        self._faults = len(self._scene.harness_faults)

    def _answered(self, journal: Journal) -> Iterator[Entry]:
        """Yield each entry once, when its request has come to an end."""
        entries = journal.entries
        if not entries:
            return
        first, last = entries[0].number, entries[-1].number
        still_open = self._open.setdefault(id(journal), set())
        still_open.update(range(max(first, self._told.get(id(journal), 0) + 1), last + 1))
        self._told[id(journal)] = last
        for number in sorted(still_open):
            entry = entries[number - first] if number >= first else None  # the journal may have dropped it
            if entry is None or entry.note != "open":
                still_open.discard(number)
            if entry is not None and entry.note != "open":
                yield entry

    def _request(self, journal: Journal, entry: Entry) -> Iterator[News]:
        """Yield the line of a request, and at the first refusal by a rule what can be done about it."""
        when = at(journal, entry)
        yield when, *lines.request(entry)
        for name in entry.broken:
            for tenant in self._scene.tenants.values():
                rule = tenant.contract.rules.get(name)
                remedy = lines.remedy(rule, tenant) if rule and name not in self._advised else ""
                if remedy:
                    self._advised.add(name)
                    yield when, remedy, lines.ASIDE

    def _session(self, tenant: Tenant, session: Session) -> Iterator[News]:
        """Yield what is new of one session and its avatar."""
        heard = self._heard.setdefault(session.id, _Heard())
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
