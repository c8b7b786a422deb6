"""Mocks that tell what is not so, within the schema of their answers."""

from collections.abc import Callable
from typing import Any

import jwt
from msgspec.structs import replace as changed

from mockvendors.replies import Refused, Reply
from mockvendors.vendor import Call, Handler

from .harness import Spoil
from .spoil import Wrap, wrapped

Body = dict[str, Any]
HOURS = 10**7
"""Milliseconds."""


def telling(change: Callable[[Body, Call], Body]) -> Wrap:
    """Return a handler whose answers have changed bodies."""

    async def tell(handler: Handler, call: Call) -> Reply:
        reply = await handler(call)
        body: Any = reply.body
        return changed(reply, body=change(dict(body), call))

    return tell


def ended(**changes: Any) -> Wrap:
    """Return a handler that tells these untruths of a session which has ended."""
    return telling(lambda body, _: body if body["endTime"] is None else {**body, **changes})


def row_of_list(**changes: Any) -> Wrap:
    return telling(lambda body, _: {"data": [{**row, **changes} for row in body["data"]]})


def engine(**changes: Any) -> Wrap:
    return telling(lambda body, _: {**body, "clientConfig": {**body["clientConfig"], **changes}})


def _longer(body: Body, _: Call) -> Body:
    length = body["sessionLengthMs"]
    return body if length is None else {**body, "sessionLengthMs": length + HOURS}


def _of_30_frames(body: Body, _: Call) -> Body:
    return {**body, "personaConfig": {**body["personaConfig"], "fps": 30}}


def _opaque(body: Body, _: Call) -> Body:
    return {"sessionToken": "opaque-" + body["sessionToken"][-20:]}


def _unsigned(body: Body, _: Call) -> Body:
    claims = jwt.decode(body["sessionToken"], options={"verify_signature": False})
    return {"sessionToken": jwt.encode(claims, None, algorithm="none")}


async def another_end_each_time(handler: Handler, call: Call) -> Reply:
    reply = await handler(call)
    session = call.tenant.sessions[call.params["id"]]
    if session.ended_at is not None:
        session.ended_at += 0.01
    return reply


async def ends_early(handler: Handler, call: Call) -> Reply:
    reply = await handler(call)
    if call.tenant.settings["max_session_seconds"] == 5:
        call.tenant.sessions[reply.session or ""].stop("expired")
    return reply


async def echoes_the_key_in_a_header(handler: Handler, call: Call) -> Reply:
    reply = await handler(call)
    return changed(reply, headers={**reply.headers, "X-Debug": f"key {call.tenant.api_key}"})


async def echoes_the_key_in_an_error(handler: Handler, call: Call) -> Reply:
    try:
        return await handler(call)
    except Refused as refused:
        refused.detail = f"{refused.detail} for {call.tenant.api_key}"
        refused.args = (refused.detail,)
        raise


async def echoes_the_join_token(handler: Handler, call: Call) -> Reply:
    reply = await handler(call)
    environment = call.body.get("environment") or {}
    return changed(reply, body={**dict(reply.body), "joined": environment.get("livekitToken")})  # type: ignore[call-overload]


async def in_latin(handler: Handler, call: Call) -> Reply:
    return changed(await handler(call), content_type="application/json; charset=latin-1")


async def says_no_pairs(handler: Handler, call: Call) -> Reply:
    try:
        return await handler(call)
    except Refused as refused:
        if refused.rule.id == "anam.size.pair":
            refused.detail = "no such size"
            refused.args = (refused.detail,)
        raise


FACTS, SECRET, WORDS = "wrong facts", "secret told", "wrong words"
UNTRUE: dict[str, tuple[Spoil, str]] = {
    "length off by hours": (wrapped("getSession", telling(_longer)), FACTS),
    "ended in 1970": (wrapped("getSession", ended(endTime="1970-01-01T00:00:00Z")), FACTS),
    "ended with no status": (wrapped("getSession", ended(exitStatus=None)), FACTS),
    "stopped with another status": (wrapped("stopSession", ended(exitStatus="CRASHED")), FACTS),
    "a time of no zone": (wrapped("getSession", ended(endTime="2026-11-21T10:00:00")), FACTS),
    "started in 1970": (wrapped("listSessions", row_of_list(startTime="1970-01-01T00:00:00Z")), FACTS),
    "lists another label": (wrapped("listSessions", row_of_list(clientLabel="another")), FACTS),
    "another end each time": (wrapped("getSession", another_end_each_time), FACTS),
    "ends early": (wrapped("startSession", ends_early), FACTS),
    "30 frames a second": (wrapped("getSession", telling(_of_30_frames)), FACTS),
    "another heartbeat": (wrapped("startSession", engine(heartbeatIntervalSeconds=999)), FACTS),
    "another engine": (wrapped("startSession", telling(lambda body, _: {**body, "engineHost": "example.com"})), FACTS),
    "another wait": (wrapped("getConcurrency", telling(lambda body, _: {**body, "estimatedWaitSeconds": 7})), FACTS),
    "an opaque token": (wrapped("createSessionToken", telling(_opaque)), FACTS),
    "an unsigned token": (wrapped("createSessionToken", telling(_unsigned)), FACTS),
    "the key in a body": (wrapped("getConcurrency", telling(lambda body, call: {**body, "k": call.tenant.api_key})), SECRET),
    "the key in a header": (wrapped("listAvatars", echoes_the_key_in_a_header), SECRET),
    "the key in an error": (wrapped("startSession", echoes_the_key_in_an_error), SECRET),
    "the join token in a body": (wrapped("startSession", echoes_the_join_token), SECRET),
    "JSON in latin-1": (wrapped("getSession", in_latin), "reply outside the schema"),
    "a size without the pairs": (wrapped("startSession", says_no_pairs), WORDS),
}
"""What is untrue -> how it is brought about, and the kind of defect that it is."""
