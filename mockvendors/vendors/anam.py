"""Anam: what its contract cannot say. Two ways to start, sizes by model, personas, one-hour session tokens."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import jwt

from mockvendors import limits
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.contract import Contract
from mockvendors.replies import Refused, Reply
from mockvendors.session import Session
from mockvendors.tenant import Tenant, Tenants
from mockvendors.vendor import Call, Credential, Headers, Route

_TOKENS = "tokens"
_REFUSE = "refuse"
_NOTES = frozenset(
    {"anam.notes.type", "anam.notes.expressivity", "anam.notes.preset", "anam.notes.exclusive", "anam.notes.length"}
)
"""What a model without director notes does not mind."""


@dataclass
class _Token:
    """A session token that was given out."""

    config: Mapping[str, Any]
    used: bool = False


@dataclass(frozen=True)
class _Start:
    """What a valid configuration asks for."""

    avatar: str
    name: str
    model: str
    size: tuple[int, int]


class Anam:
    """See `mockvendors.vendor.Vendor`."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._signing_key = secrets.token_hex(32)

    def routes(self) -> Mapping[str, Route]:
        """See `Vendor`."""
        return {
            "createSessionToken": Route(self._create_token, checked=False),
            "startSession": Route(self._start, checked=False),
            "getConcurrency": Route(self._concurrency),
            "stopSession": Route(self._stop),
            "deleteSession": Route(self._delete),
            "listSessions": Route(self._sessions),
            "getSession": Route(self._session),
            "listAvatars": Route(self._avatars),
            "getAvatar": Route(self._avatar),
            "postMetrics": Route(self._metrics),
        }

    def error(self, status: int, error: str, message: str, reason: str | None = None) -> Reply:
        """See `Vendor`."""
        body = {"error": error, "message": message}
        return Reply(status, body if reason is None else {**body, "reason": reason})

    def authenticate(self, headers: Headers, tenants: Tenants) -> Credential:
        """See `Vendor`."""
        sent = headers.getall("Authorization", [])
        if len(sent) != 1:
            return self._stranger(f"The request has {len(sent)} Authorization headers, and needs one")
        scheme, _, secret = sent[0].partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return self._stranger("The Authorization header is not of the form: Bearer <key>")
        tenant = tenants.by_key(secret)
        if tenant is not None:
            return Credential("apiKey", tenant)
        if secret.startswith("eyJ"):
            return self._holder(secret, tenants)
        return self._stranger("No such API key")

    def _stranger(self, detail: str) -> Credential:
        return Credential(None, None, self._refused("anam.auth.bearer", detail))

    def _holder(self, token: str, tenants: Tenants) -> Credential:
        """Return whose session token this is, and refuse it where it is forged or too old."""
        rule = "anam.auth.session-token"
        try:
            claims = jwt.decode(token, self._signing_key, algorithms=["HS256"], options={"verify_exp": False})
        except jwt.PyJWTError as error:
            return Credential(None, None, self._refused(rule, f"The session token is not valid: {error}"))
        tenant = tenants.by_name(claims["accountId"])
        if tenant is None or claims["jti"] not in tenant.memory.get(_TOKENS, {}):
            return Credential(None, tenant, self._refused(rule, "The session token belongs to no account"))
        if claims["exp"] <= time.time():
            return Credential(None, tenant, self._refused(rule, "The session token has expired"))
        return Credential("sessionToken", tenant, token=claims["jti"])

    async def _create_token(self, call: Call) -> Reply:
        tenant, config = call.tenant, self._object(call.body)
        if tenant.settings["validate_at"] in ("session_token", "both"):
            self._check(call, config)
            self._resolve(tenant, config)
        token = secrets.token_urlsafe(12)
        tenant.memory.setdefault(_TOKENS, {})[token] = _Token(config)
        now = time.time()
        claims = {"jti": token, "accountId": tenant.name, "iat": now, "exp": now + tenant.settings["token_seconds"]}
        return Reply(200, {"sessionToken": jwt.encode(claims, self._signing_key)})

    async def _start(self, call: Call) -> Reply:
        tenant, config = call.tenant, self._object(call.body)
        token = tenant.memory[_TOKENS][call.credential.token] if call.credential.token else None
        if token is not None and token.used and tenant.settings["token_reuse"] == _REFUSE:
            raise self._refused("anam.auth.session-token", "The session token was used already")
        if token is not None:
            config = {**config, **token.config}
        self._check(call, config)
        session = self._open(call, config, self._resolve(tenant, config))
        if token is not None:
            token.used = True
        return Reply(tenant.settings["success_status"], self._details(call, session), session=session.id)

    def _check(self, call: Call, config: Mapping[str, Any]) -> None:
        """Hold a configuration against the schema; an older model ignores what is wrong with director notes."""
        violations = call.operation.check_request(config)
        if any(violation.rule.id in _NOTES for violation in violations) and _ignores_notes(call.tenant, config):
            violations = tuple(violation for violation in violations if violation.rule.id not in _NOTES)
        if violations:
            raise Refused(violations[0].rule, violations[0].message, violations)

    def _open(self, call: Call, config: Mapping[str, Any], start: _Start) -> Session:
        tenant = call.tenant
        limit = tenant.settings["max_concurrent"]
        if limit is not None and tenant.active >= limit:
            raise self._refused("anam.session.concurrency", f"{tenant.active} of {limit} sessions are active")
        facts = {"clientLabel": config.get("clientLabel"), "model": start.model}
        return tenant.start_session(_plan(call, config, start), facts, _longest(tenant, config))

    def _resolve(self, tenant: Tenant, config: Mapping[str, Any]) -> _Start:
        """Return what a configuration that obeys the schema asks for, or refuse what does not exist."""
        persona = config["personaConfig"]
        avatar_id = self._avatar_id(tenant, persona)
        avatar = tenant.tables["avatars"].get(avatar_id)
        if avatar is None:
            raise self._refused("anam.avatar.unknown", f"Avatar with id {avatar_id} does not exist.")
        model = persona.get("avatarModel") or avatar["activeVersion"]
        sizes = tenant.tables["sizes"]
        if model not in avatar["availableVersions"] or model not in sizes:
            offered = ", ".join(version for version in avatar["availableVersions"] if version in sizes)
            raise self._refused("anam.avatar.model", f"Avatar {avatar_id} has no model {model}; it has {offered}")
        return _Start(avatar_id, avatar["displayName"], model, self._size(model, sizes[model], config))

    def _avatar_id(self, tenant: Tenant, persona: Mapping[str, Any]) -> str:
        persona_id = persona.get("personaId")
        if persona_id is None:
            return str(persona["avatarId"])
        known = tenant.tables["personas"].get(persona_id)
        if known is None:
            raise self._refused("anam.avatar.unknown", f"Persona with id {persona_id} does not exist.")
        return str(known["avatarId"])

    def _size(self, model: str, row: Mapping[str, Any], config: Mapping[str, Any]) -> tuple[int, int]:
        options = config.get("sessionOptions") or {}
        width, height = options.get("videoWidth"), options.get("videoHeight")
        if width is None or height is None:
            return _pair(row["default"])
        if f"{int(width)}x{int(height)}" not in row["pairs"]:
            asked, allowed = f"videoWidth {width} with videoHeight {height}", ", ".join(row["pairs"])
            raise self._refused("anam.size.pair", f"{asked} is not supported by {model}; supported: {allowed}")
        return int(width), int(height)

    def _details(self, call: Call, session: Session) -> dict[str, Any]:
        engine = {name: row["value"] for name, row in call.tenant.tables["engine"].items()}
        return {
            "sessionId": session.id,
            "engineHost": call.host,
            "engineProtocol": "http",
            "signallingEndpoint": engine["signallingEndpoint"],
            "region": engine["region"],
            "clientConfig": {
                "heartbeatIntervalSeconds": engine["heartbeatIntervalSeconds"],
                "maxWsReconnectionAttempts": engine["maxWsReconnectionAttempts"],
                "iceServers": [],
            },
        }

    async def _concurrency(self, call: Call) -> Reply:
        limit, active = call.tenant.settings["max_concurrent"], call.tenant.active
        free = limit is None or active < limit
        return Reply(200, {"limit": limit, "active": active, "canStartSession": free, "estimatedWaitSeconds": 0})

    async def _stop(self, call: Call) -> Reply:
        session = self._known(call)
        session.stop("stopped")
        await session.ended(limits.SESSION_END)
        return Reply(200, _told(call.tenant, session), session=session.id)

    async def _delete(self, call: Call) -> Reply:
        session = self._known(call)
        if session.state != "ended":
            raise self._refused("anam.session.running", f"Session {session.id} is running; stop it first")
        del call.tenant.sessions[session.id]
        return Reply(204, session=session.id)

    async def _sessions(self, call: Call) -> Reply:
        newest = reversed(call.tenant.sessions.values())
        return Reply(200, {"data": [_told(call.tenant, session) for session in newest]})

    async def _session(self, call: Call) -> Reply:
        session = self._known(call)
        return Reply(200, _told(call.tenant, session), session=session.id)

    async def _avatars(self, call: Call) -> Reply:
        return Reply(200, {"data": [{"id": name, **row} for name, row in call.tenant.tables["avatars"].items()]})

    async def _avatar(self, call: Call) -> Reply:
        name = call.params["id"]
        row = call.tenant.tables["avatars"].get(name)
        if row is None:
            raise self._refused("anam.avatar.unknown", f"Avatar with id {name} does not exist.")
        return Reply(200, {"id": name, **row})

    async def _metrics(self, _call: Call) -> Reply:
        return Reply(204)

    def _known(self, call: Call) -> Session:
        session = call.tenant.sessions.get(call.params["id"])
        if session is None:
            raise self._refused("anam.session.unknown", f"Session with id {call.params['id']} does not exist.")
        return session

    def _object(self, body: object) -> dict[str, Any]:
        if not isinstance(body, dict):
            raise self._refused("anam.body.json", "The body is not a JSON object")
        return body

    def _refused(self, rule: str, detail: str) -> Refused:
        return Refused(self.contract.rule(rule), detail)


def create(contract: Contract) -> Anam:
    """Return the vendor for its contract."""
    return Anam(contract)


def _ignores_notes(tenant: Tenant, config: Mapping[str, Any]) -> bool:
    """Tell whether the model that a configuration asks for, which may be broken elsewhere, has no director notes."""
    persona = config.get("personaConfig")
    if not isinstance(persona, Mapping):
        return False
    avatar = tenant.tables["avatars"].get(str(persona.get("avatarId")), {})
    model = persona.get("avatarModel") or avatar.get("activeVersion")
    row: Mapping[str, Any] = tenant.tables["sizes"].get(str(model), {})
    return row.get("notes") == "ignored"


def _plan(call: Call, config: Mapping[str, Any], start: _Start) -> AvatarPlan | None:
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
        width=start.size[0],
        height=start.size[1],
        fps=call.tenant.tables["media"]["fps"]["value"],
        tag=secrets.randbits(16),
        vendor="anam",
        label=start.name,
        grace_seconds=settings["speaker_left_grace"],
        behaviour=behaviour,
    )


def _longest(tenant: Tenant, config: Mapping[str, Any]) -> float | None:
    """Return after how many seconds a session ends: the shortest of request, setting and plan."""
    plan = tenant.tables["plans"][tenant.settings["plan"]]["max_session_seconds"]
    asked = config["personaConfig"].get("maxSessionLengthSeconds")
    bounds = [bound for bound in (asked, tenant.settings["max_session_seconds"], plan) if bound is not None]
    return min(bounds, default=None)


def _told(tenant: Tenant, session: Session) -> dict[str, Any]:
    ended = session.ended_at
    return {
        "id": session.id,
        "startTime": _iso(session.started_at),
        "endTime": None if ended is None else _iso(ended),
        "sessionLengthMs": None if ended is None else int((ended - session.started_at) * 1000),
        "exitStatus": None if ended is None else "CLOSED_BY_ENGINE",
        "clientLabel": session.facts["clientLabel"],
        "personaConfig": {
            "avatarVersion": session.facts["model"],
            "fps": tenant.tables["media"]["fps"]["value"],
        },
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _pair(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)
