"""What one line on stderr says: of a request, of a refusal's remedy, of a turn of an avatar."""

from mockvendors.avatar.log import AvatarEntry
from mockvendors.contract import Rule
from mockvendors.inspector.scene import place
from mockvendors.journal import Entry
from mockvendors.redact import redact_text
from mockvendors.session import Session
from mockvendors.tenant import Tenant

GOOD, BAD, FAULT, ASIDE = "", "yellow", "red", "dim"
"""Styles of lines."""
SHORT = 8
"""Characters of a session's id."""
_WHY = {
    "speaker_left": "its agent has left",
    "removed": "it was removed",
    "room_ended": "the room has ended",
    "expired": "its time was up",
    "tenant_closed": "mockvendors ends",
}
_OK = 400
"""Statuses below it are answers, not refusals."""


def request(entry: Entry) -> tuple[str, str]:
    """Return the line of a request that has come to an end, and its style."""
    told = [*entry.broken, *(f"fault {name}" for name in entry.faults)]
    told += [f"session {entry.session[:SHORT]}"] if entry.session else []
    told += [entry.note] if entry.note else []
    status = "---" if entry.status is None else str(entry.status)
    style = GOOD if (entry.status or 0) < _OK else BAD
    return f"{entry.method} {entry.path} {status}  {', '.join(told)}".rstrip(), style


def remedy(rule: Rule, tenant: Tenant) -> str:
    """Return what can be done about a refusal; empty where the contract says nothing of it."""
    if not rule.remedy:
        return ""
    return f"  {rule.id}: " + rule.remedy.format_map({name: ", ".join(table) for name, table in tenant.tables.items()})


def turn(session: Session, entry: AvatarEntry) -> tuple[str, str]:
    """Return what a person wants to know of one entry of an avatar's log, and its style; most say nothing to them."""
    plan, data = session.plan, entry.data
    if plan is None:
        return "", GOOD
    match entry.kind:
        case "joined":
            width, height = plan.size
            told = f"joined room {data['room']} as {data['identity']}: {width}x{height} at {plan.fps:g} fps"
        case "playback_finished":
            cut = ", then was interrupted" if data["interrupted"] else ""
            told = f"was heard for {data['position']:.2f} s{cut}"
        case "left":
            reason = str(data["reason"])
            told = f"left {_room(session)}: {_WHY.get(reason, reason.replace('_', ' '))}"
        case "join_failed":
            return f"could not join {_room(session)} at {redact_text(plan.url)}: {redact_text(str(data['cause']))}", BAD
        case "rpc_failed" if "disconnected" in str(data.get("cause")):
            told = ""  # the agent or the room has gone, which is told as such
        case "publish_failed" | "speech_refused" | "rpc_failed" | "close_failed" | "place_not_free" | "crashed":
            return f"{entry.kind.replace('_', ' ')}: {redact_text(str(data.get('cause', '')))}", BAD
        case _:
            told = ""
    return told, GOOD


def _room(session: Session) -> str:
    """Return the room by its name: as LiveKit told it, or as the token says; a broken token says nothing."""
    joined = session.log.of("joined") if session.log else []
    name = str(joined[-1].data.get("room", "")) if joined else ""
    name = name or (place(session.plan)[0] if session.plan else "")
    return f"room {name}" if name else "its room (the token names none)"
