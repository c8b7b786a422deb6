"""One line a request and one a turn of an avatar, for the person in front of `serve`."""

import time
from collections.abc import Callable, Iterator

from mockvendors.avatar.log import AvatarEntry
from mockvendors.inspector.facts import at
from mockvendors.inspector.scene import Scene, place
from mockvendors.journal import Entry, Journal
from mockvendors.redact import redact_text
from mockvendors.session import Session

Tell = Callable[[str, str], None]
"""Takes one line and its style."""
News = tuple[float, str, str]
"""Seconds since 1970, line, style."""

_GOOD, _BAD, _FAULT = "", "yellow", "red"
_WHY = {
    "speaker_left": "its agent has left",
    "removed": "it was removed",
    "room_ended": "the room has ended",
    "expired": "its time was up",
    "tenant_closed": "mockvendors ends",
}
_SHORT = 8
_OK = 400
"""Statuses below it are answers, not refusals."""


class Narrator:
    """Tells, at each `look`, what is new since the last one."""

    def __init__(self, scene: Scene, tell: Tell) -> None:
        self._scene = scene
        self._tell = tell
        self._told: dict[int, int] = {}
        self._open: dict[tuple[int, int], Journal] = {}
        self._heard: dict[str, int] = {}
        self._over: set[str] = set()
        self._faults = 0

    def look(self) -> None:
        """Tell what came, in its order: requests that were answered, and what the avatars did."""
        news = [
            (at(journal, entry), _request(entry), _GOOD if (entry.status or 0) < _OK else _BAD)
            for journal in self._scene.journals()
            for entry in self._answered(journal)
        ]
        news += [told for _, session in self._scene.sessions() for told in self._turns(session)]
        for when, line, style in sorted(news):
            self._tell(f"{time.strftime('%H:%M:%S', time.localtime(when))} {line}", style)
        for fault in self._scene.harness_faults[self._faults :]:
            self._tell(f"mockvendors itself is wrong here: {fault}", _FAULT)
        self._faults = len(self._scene.harness_faults)

    def _answered(self, journal: Journal) -> Iterator[Entry]:
        """Yield each entry once, when its request has come to an end."""
        first = self._told.get(id(journal), 0)
        self._told[id(journal)] = len(journal.entries)
        for number in range(first, len(journal.entries)):
            self._open[id(journal), number] = journal
        for key in [key for key, owner in self._open.items() if owner is journal]:
            entry = journal.entries[key[1]]
            if entry.note != "open":
                del self._open[key]
                yield entry

    def _turns(self, session: Session) -> Iterator[News]:
        """Yield what is new of one session's avatar."""
        log = session.log
        if log is None or session.id in self._over:
            return
        first = self._heard.get(session.id, 0)
        self._heard[session.id] = len(log.entries)
        for entry in log.entries[first:]:
            line, style = _turn(session, entry)
            if line:
                yield at(log, entry), f"  avatar {session.id[:_SHORT]} {line}", style
        if session.state == "ended":
            self._over.add(session.id)
            del self._heard[session.id]


def _request(entry: Entry) -> str:
    told = [*entry.broken, *(f"fault {name}" for name in entry.faults)]
    told += [f"session {entry.session[:_SHORT]}"] if entry.session else []
    told += [entry.note] if entry.note else []
    status = "---" if entry.status is None else str(entry.status)
    return f"{entry.method} {entry.path} {status}  {', '.join(told)}".rstrip()


def _turn(session: Session, entry: AvatarEntry) -> tuple[str, str]:
    """Return what a person wants to know of one entry of an avatar's log; most say nothing to them."""
    plan, data = session.plan, entry.data
    if plan is None:
        return "", _GOOD
    room = place(plan)[0]
    match entry.kind:
        case "joined":
            width, height = plan.size
            told = f"joined room {data['room']} as {data['identity']}: {width}x{height} at {plan.fps:g} fps"
        case "playback_finished":
            cut = ", then was interrupted" if data["interrupted"] else ""
            told = f"was heard for {data['position']:.2f} s{cut}"
        case "left":
            reason = str(data["reason"])
            told = f"left room {room}: {_WHY.get(reason, reason.replace('_', ' '))}"
        case "join_failed":
            return f"could not join room {room} at {redact_text(plan.url)}: {data['cause']}", _BAD
        case "rpc_failed" if "disconnected" in str(data.get("cause")):
            told = ""  # the agent or the room has gone, which is told as such
        case "publish_failed" | "speech_refused" | "rpc_failed" | "close_failed" | "crashed":
            return f"{entry.kind.replace('_', ' ')}: {data.get('cause', '')}", _BAD
        case _:
            told = ""
    return told, _GOOD
