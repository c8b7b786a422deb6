"""What the page shows, as JSON: sessions, rooms, and the last requests."""

import time
from typing import Any

from mockvendors.avatar.log import AvatarEntry, AvatarLog
from mockvendors.inspector.scene import Scene, place
from mockvendors.journal import Entry, Journal
from mockvendors.redact import redact_text
from mockvendors.session import Session

_EPOCH = time.time() - time.monotonic()
"""What makes a time of day of a monotonic one; taken once, so that an entry's time never changes."""
SESSIONS_SHOWN = 12
REQUESTS_SHOWN = 40
BODY_SHOWN = 4000
"""Bytes."""

Facts = dict[str, Any]


def facts(scene: Scene, rooms: list[str]) -> Facts:
    """Return the whole state of the page; `rooms` are those that it has opened."""
    newest = sorted(scene.sessions(), key=lambda found: found[1].started_at, reverse=True)
    return {
        "vendors": [{"name": name, "url": url} for name, url in scene.addresses.items()],
        "livekit": redact_text(scene.livekit.url) if scene.livekit else None,
        "without": "" if scene.livekit else scene.without,
        "rooms": rooms,
        "sessions": [_session(scene, vendor, session) for vendor, session in newest[:SESSIONS_SHOWN]],
        "requests": _requests(scene.journals()),
    }


def _session(scene: Scene, vendor: str, session: Session) -> Facts:
    plan, log = session.plan, session.log
    width, height = plan.size if plan else (0, 0)
    return {
        "id": session.id,
        "vendor": vendor,
        "label": plan.label if plan else "",
        "state": session.state,
        "reason": session.reason,
        "trouble": trouble(log) if plan else "; ".join(remark.text for remark in session.remarks),
        "since": session.started_at,
        "ended": session.ended_at,
        "room": place(plan)[0] if plan else "",
        "server": redact_text(plan.url) if plan else "",
        "width": width,
        "height": height,
        "fps": plan.fps if plan else 0,
        "visits": len(log.of("joined")) if log else 0,
        "spoken": len(log.of("playback_finished")) if log else 0,
        "speaking": bool(log and len(log.of("playback_started")) > len(log.of("playback_finished"))),
        "can_look": bool(plan and scene.can_look(plan)),
    }


def trouble(log: AvatarLog | None) -> str:
    """Return why the avatar is not in its room though it should be; empty when nothing went wrong."""
    for kind in ("join_failed", "publish_failed", "crashed"):
        for entry in log.of(kind) if log else []:
            return redact_text(str(entry.data.get("cause", kind)))
    return ""


def _requests(journals: list[Journal]) -> list[Facts]:
    """Return the last requests of all journals, the newest first."""
    last = [(at(journal, entry), entry) for journal in journals for entry in journal.entries[-REQUESTS_SHOWN:]]
    last.sort(key=lambda found: found[0], reverse=True)
    return [_request(when, entry) for when, entry in last[:REQUESTS_SHOWN]]


def _request(when: float, entry: Entry) -> Facts:
    return {
        "at": when,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "broken": list(entry.broken),
        "faults": list(entry.faults),
        "session": entry.session,
        "note": entry.note,
        "sent": _text(entry.sent),
        "answered": _text(entry.answered),
    }


def _text(body: bytes) -> str:
    """Return a body for a person; the page asks twice a second, so a huge one is cut."""
    return body[:BODY_SHOWN].decode(errors="replace") + (" ... (cut)" if len(body) > BODY_SHOWN else "")


def at(log: Journal | AvatarLog, entry: Entry | AvatarEntry) -> float:
    """Return when an entry was made, as seconds since 1970."""
    return _EPOCH + log.began + entry.at
