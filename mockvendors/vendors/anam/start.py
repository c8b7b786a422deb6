"""Starting an avatar: in one call with the API key, or in two by way of a session token."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockvendors.avatar.plan import AvatarPlan
from mockvendors.replies import Reply
from mockvendors.session import Session
from mockvendors.vendor import Call
from mockvendors.vendors.anam import account
from mockvendors.vendors.anam.configuration import Wanted, check, longest, resolve
from mockvendors.vendors.anam.refusals import refused
from mockvendors.vendors.anam.tokens import Tokens

NO_ROOM = "no LiveKit in the request: WebRTC sessions are not stood in for, no avatar joins"


class Starter:
    """The two calls of a start."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def give_token(self, call: Call) -> Reply:
        """Answer the first of two calls."""
        config = _object(call)
        account.admit_to_token(call)
        if call.tenant.settings["validate_at"] in ("session_token", "both"):
            check(call, config)
            resolve(call.tenant, config)
        return Reply(200, {"sessionToken": self._tokens.give(call.tenant, config)})

    async def start(self, call: Call) -> Reply:
        """Answer the one call, or the second of two, whose token says what the avatar shall be."""
        config = _object(call)
        token = self._tokens.of(call)
        if token is not None:
            config = {**config, **token.config}
        account.admit(call)
        check(call, config)
        session = _open(call, config, resolve(call.tenant, config))
        if token is not None:
            token.used = True
        return Reply(call.tenant.settings["success_status"], _details(call, session), session=session.id)


def _object(call: Call) -> dict[str, Any]:
    if not isinstance(call.body, dict):
        raise refused(call.tenant.contract, "anam.body.json", "The body is not a JSON object")
    return call.body


def _open(call: Call, config: Mapping[str, Any], wanted: Wanted) -> Session:
    account.take_slot(call)
    facts = {"clientLabel": config.get("clientLabel"), "model": wanted.model}
    plan, avatar = _plan(call, config, wanted), wanted.avatar
    session = call.tenant.start_session(plan, facts, longest(call.tenant, config))
    if avatar.stands_in:
        stand_in = f"{avatar.row['displayName']} ({avatar.stands_in}, {avatar.row['activeVersion']})"
        session.remark(f"{avatar.asked} is not in the mock's catalogue; stood in for by {stand_in}", once=True)
    if plan is None:
        session.remark(NO_ROOM)
    return session


def _plan(call: Call, config: Mapping[str, Any], wanted: Wanted) -> AvatarPlan | None:
    """Return the plan of a session's avatar; None where it has no LiveKit room."""
    environment = config.get("environment") or {}
    if not environment.get("livekitUrl"):
        return None
    settings, behaviour = call.tenant.settings, call.behave()
    if not settings["leave_on_speaker_left"]:
        behaviour = replace(behaviour, leave_on_speaker_gone=False)
    return AvatarPlan(
        url=environment["livekitUrl"],
        token=environment["livekitToken"],
        width=wanted.size[0],
        height=wanted.size[1],
        fps=call.tenant.tables["media"]["fps"]["value"],
        tag=secrets.randbits(16),
        vendor="anam",
        label=wanted.avatar.row["displayName"],
        grace_seconds=settings["speaker_left_grace"],
        behaviour=behaviour,
    )


def _details(call: Call, session: Session) -> dict[str, Any]:
    """Return what clients read; what only the WebRTC path needs comes from the contract's table."""
    engine = {name: row["value"] for name, row in call.tenant.tables["engine"].items()}
    return {
        "sessionId": session.id,
        "engineHost": call.host,
        "engineProtocol": engine["engineProtocol"],
        "signallingEndpoint": engine["signallingEndpoint"],
        "region": engine["region"],
        "clientConfig": {
            "heartbeatIntervalSeconds": engine["heartbeatIntervalSeconds"],
            "maxWsReconnectionAttempts": engine["maxWsReconnectionAttempts"],
            "iceServers": engine["iceServers"],
        },
    }
