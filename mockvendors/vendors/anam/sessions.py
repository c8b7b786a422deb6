"""The calls about sessions that were started: slots, stop, delete, and what is told of them."""

from datetime import UTC, datetime
from typing import Any

from mockvendors import limits
from mockvendors.replies import Reply
from mockvendors.session import Session
from mockvendors.tenant import Tenant
from mockvendors.vendor import Call
from mockvendors.vendors.anam.refusals import refused


async def concurrency(call: Call) -> Reply:
    """Answer with the slots of this key."""
    limit, active = call.tenant.settings["max_concurrent"], call.tenant.active
    free = limit is None or active < limit
    wait = _assumed(call.tenant, "estimatedWaitSeconds")
    return Reply(200, {"limit": limit, "active": active, "canStartSession": free, "estimatedWaitSeconds": wait})


async def stop(call: Call) -> Reply:
    """End a session; answer when its avatar has gone."""
    session = _known(call)
    session.stop("stopped")
    await session.ended(limits.SESSION_END)
    return Reply(200, _told(call.tenant, session), session=session.id)


async def delete(call: Call) -> Reply:
    """Forget a session that has ended."""
    session = _known(call)
    if session.state != "ended":
        detail = f"Session {session.id} is running; stop it first"
        raise refused(call.tenant.contract, "anam.session.running", detail)
    del call.tenant.sessions[session.id]
    return Reply(204, session=session.id)


async def listed(call: Call) -> Reply:
    """Answer with all sessions, the newest first."""
    newest = reversed(call.tenant.sessions.values())
    return Reply(200, {"data": [_told(call.tenant, session) for session in newest]})


async def one(call: Call) -> Reply:
    """Answer with one session."""
    session = _known(call)
    return Reply(200, _told(call.tenant, session), session=session.id)


def _known(call: Call) -> Session:
    name = call.params["id"]
    session = call.tenant.sessions.get(name)
    if session is None:
        raise refused(call.tenant.contract, "anam.session.unknown", f"Session with id {name} does not exist.")
    return session


def _told(tenant: Tenant, session: Session) -> dict[str, Any]:
    ended = session.ended_at
    return {
        "id": session.id,
        "startTime": _iso(session.started_at),
        "endTime": None if ended is None else _iso(ended),
        "sessionLengthMs": None if ended is None else int((ended - session.started_at) * 1000),
        "exitStatus": None if ended is None else _assumed(tenant, "exitStatus"),
        "clientLabel": session.facts["clientLabel"],
        "personaConfig": {
            "avatarVersion": session.facts["model"],
            "fps": tenant.tables["media"]["fps"]["value"],
        },
    }


def _assumed(tenant: Tenant, field: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what a field says about which nobody knows more; the contract marks it."""
    return tenant.tables["told"][field]["value"]


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
