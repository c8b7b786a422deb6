"""What a request must be answered, worked out from the contract's texts and tables, and from nothing of the mock's code.

Where a request breaks several rules the oracle names them all: the mock may name any of those that it can see together.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import rules
from .ledger import GivenToken, Ledger
from .wire import Sent, segments

MEBIBYTE = 2**20
DEEPEST = 64
"""Nested objects and arrays that the mock reads; no rule of the vendor tells a number."""
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
ACCOUNT = {
    "no_plan": "anam.session.no-plan",
    "forbidden": "anam.session.forbidden",
    "spend_cap": "anam.session.spend",
    "usage_limit": "anam.session.usage",
}


class NotJson(ValueError):
    """A text that is no JSON value."""


@dataclass(frozen=True)
class Expected:
    """What the answer to a request may be."""

    operation: str | None
    """operationId; None for a path or method that the contract does not have."""
    params: Mapping[str, str]
    broken: frozenset[str]
    """All rules that it breaks; empty: it must be accepted."""
    first: str | None = None
    """The rule that the refusal must name, where the contract's order decides."""
    open: bool = False
    """It may be refused for a broken rule, or be accepted: only time tells."""
    config: Mapping[str, Any] | None = None
    """What a start asks for, with what its token was made from."""
    size: tuple[int, int] | None = None
    model: str = ""
    ledger: Ledger | None = None
    token: GivenToken | None = None


class Oracle:
    """The contract, read once."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.order = {rule: number for number, rule in enumerate(raw["x-rules"])}
        self.tables = raw["x-tables"]
        self.operations = {
            (method.upper(), path): item[method] for path, item in raw["paths"].items() for method in METHODS if method in item
        }

    def expect(self, sent: Sent, ledgers: list[Ledger]) -> Expected:
        """Return what a request must be answered, given what the keys were answered before."""
        secret = self._secret(sent)
        ledger = next((found for found in ledgers if secret and found.holder(secret)), None)
        operation, params, broken = self._route(sent, ledger)
        if operation is None:
            return Expected(None, {}, broken, ledger=ledger)
        node = self.operations[operation]
        broken = self._auth(node, secret, ledger)
        if broken:
            return Expected(node["operationId"], params, broken, ledger=ledger)
        return self._called(node, params, sent, ledger, secret)

    def _secret(self, sent: Sent) -> str | None:
        found = sent.header("Authorization")
        scheme, _, secret = found[0].strip().partition(" ") if len(found) == 1 else ("", "", "")
        return secret if scheme.lower() == "bearer" and secret else None

    def _route(self, sent: Sent, ledger: Ledger | None) -> tuple[tuple[str, str] | None, dict[str, str], frozenset[str]]:
        """Return the operation and its parameters, or the rule that is broken where there is none."""
        path = sent.path
        if ledger is not None and ledger.settings["double_slash"] == "accept" and path.startswith("//"):
            path = "/" + path.lstrip("/")
        found = [(len(params), method, own, params) for (method, own), params in self._matches(segments(path))]
        fewest = min((row[0] for row in found), default=0)
        for count, method, own, params in found:  # a path without parameters comes before one with them, as OpenAPI has it
            if method == sent.method and count == fewest:
                return (method, own), params, frozenset()
        known = bool(found)
        unknown = "anam.path.double-slash" if path.startswith("//") else "anam.path.unknown"
        return None, {}, frozenset({"anam.method" if known else unknown})

    def _matches(self, parts: list[str]) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
        for method, path in self.operations:
            params = _match(path.split("/"), parts)
            if params is not None:
                yield (method, path), params

    def _auth(self, node: Mapping[str, Any], secret: str | None, ledger: Ledger | None) -> frozenset[str]:
        schemes = [name for choice in node.get("security", self.raw["security"]) for name in choice]
        if not schemes:
            return frozenset()
        if secret is None or ledger is None:
            forged = {"anam.auth.session-token"} if (secret or "").startswith("eyJ") else set()
            return frozenset({"anam.auth.bearer", *forged})
        if ledger.holder(secret) == "sessionToken" and ledger.tokens[secret].expired:
            return frozenset({"anam.auth.session-token", "anam.auth.bearer"})
        return frozenset() if ledger.holder(secret) in schemes else frozenset({"anam.auth.bearer"})

    def _called(
        self, node: Mapping[str, Any], params: Mapping[str, str], sent: Sent, ledger: Ledger | None, secret: str | None
    ) -> Expected:
        """Return what a call of someone who may call must be answered."""
        name = node["operationId"]
        body, broken = read(sent) if "requestBody" in node else ({}, frozenset())
        if broken:
            return Expected(name, params, broken | self._account(name, ledger), ledger=ledger)
        if ledger is None or name == "postMetrics":
            return Expected(name, params, frozenset(), ledger=ledger)
        if name in ("createSessionToken", "startSession"):
            return self._start(name, body, ledger, ledger.tokens.get(secret or ""))
        if not isinstance(body, dict):
            broken = frozenset({"anam.body.json"})
        also, maybe = self._target(name, params, ledger)
        return Expected(name, params, broken | also, open=maybe and not broken, ledger=ledger)

    def _target(self, name: str, params: Mapping[str, str], ledger: Ledger) -> tuple[frozenset[str], bool]:
        """Return which rules a call breaks that names a session or an avatar, and whether time may have changed that."""
        if name == "getAvatar":
            known = params["id"] in self.tables["avatars"] or ledger.settings["unknown_avatars"] == "accept"
            return frozenset(() if known else {"anam.avatar.unknown"}), False
        if "id" not in params:
            return frozenset(), False
        session = ledger.sessions.get(params["id"])
        if session is None:
            return frozenset({"anam.session.unknown"}), False
        if name != "deleteSession" or session.running is False:
            return frozenset(), False
        return frozenset({"anam.session.running"}), session.running is None

    def _account(self, name: str, ledger: Ledger | None) -> frozenset[str]:
        state = ledger.settings["account"] if ledger else "ok"
        asked = {"startSession": ACCOUNT, "createSessionToken": ("forbidden", "usage_limit")}.get(name, ())
        return frozenset({ACCOUNT[state]} if state in asked else ())

    def _start(self, name: str, body: object, ledger: Ledger, token: GivenToken | None) -> Expected:
        account = self._account(name, ledger)
        if not isinstance(body, dict):
            return Expected(name, {}, account | {"anam.body.json"}, ledger=ledger, token=token)
        config = {**body, **(token.config if token else {})}
        if name == "createSessionToken" and ledger.settings["validate_at"] == "engine_session":
            return Expected(name, {}, account, config=config, ledger=ledger)
        schema, tables, model, size = self._body(config, ledger)
        broken = account | schema | tables
        if token is not None and token.used and ledger.settings["token_reuse"] == "refuse":
            broken |= {"anam.auth.session-token"}
        first = next(iter(account), None) or min(schema, key=self.order.__getitem__, default=None)
        if "anam.auth.session-token" in broken:
            first = None
        least = most = False
        if name == "startSession":
            least, most = self._no_slot(ledger)
            capacity = {"anam.session.capacity"} if ledger.settings["capacity"] == "none" else set()
            maybe = most and not least and not broken and not capacity
            broken |= capacity | ({"anam.session.concurrency"} if most else set())
            return Expected(name, {}, frozenset(broken), first, maybe, config, size, model, ledger, token)
        return Expected(name, {}, frozenset(broken), first, config=config, model=model, ledger=ledger)

    def _no_slot(self, ledger: Ledger) -> tuple[bool, bool]:
        """Return whether surely, and whether perhaps, no slot is free."""
        limit = ledger.settings["max_concurrent"]
        least, most = ledger.slots
        return (False, False) if limit is None else (least >= limit, most >= limit)

    def _body(self, config: dict[str, Any], ledger: Ledger) -> tuple[set[str], set[str], str, tuple[int, int] | None]:
        """Return the rules of schema and tables that a start breaks, its model and its size."""
        schema = rules.broken(config)
        avatar = self._avatar(rules.persona(config), ledger)
        if avatar is None:
            return schema, set() if "anam.body.persona" in schema else {"anam.avatar.unknown"}, "", None
        asked = rules.persona(config).get("avatarModel")
        model = avatar["activeVersion"] if asked is None else asked
        if model not in avatar["availableVersions"] or model not in self.tables["sizes"]:
            return schema, {"anam.avatar.model"}, "", None
        row = self.tables["sizes"][model]
        schema -= set(row.get("ignores", {}).get("rules", ()))
        pair = [rules.options(config).get(name) for name in ("videoWidth", "videoHeight")]
        if pair == [None, None]:
            return schema, set(), model, _size(row["default"])
        if not all(rules.is_integer(value) for value in pair):
            return schema, set(), model, None
        size = (int(pair[0]), int(pair[1]))
        supported = [_size(text) for text in row["pairs"]]
        return schema, set() if size in supported else {"anam.size.pair"}, model, size

    def _avatar(self, persona: Mapping[str, Any], ledger: Ledger) -> Mapping[str, Any] | None:
        """Return the catalogue's row of the avatar that is asked for, by itself or by its persona."""
        avatars = self.tables["avatars"]
        stand_in = avatars[self.tables["stand_in"]["avatar"]["value"]] if ledger.settings["unknown_avatars"] == "accept" else None
        name = persona.get("avatarId")
        if persona.get("personaId") is not None:
            known = self.tables["personas"].get(str(persona["personaId"]))
            if known is None:
                return stand_in
            name = known["avatarId"]
        return avatars.get(name, stand_in) if isinstance(name, str) else None


def read(sent: Sent) -> tuple[Any, frozenset[str]]:
    """Return the body of a call that takes one, and which rules its bytes break."""
    broken: set[str] = set()
    try:
        body = decoded(sent)
    except NotJson:
        return None, frozenset({"anam.body.json"})
    if len(body) > MEBIBYTE:
        return None, frozenset({"anam.body.size"})
    if not body:
        return {}, frozenset()
    kinds = sent.header("Content-Type")
    if not kinds or kinds[0].partition(";")[0].strip().lower() != "application/json":
        broken.add("anam.content-type")
    try:
        return parse(body), frozenset(broken)
    except NotJson:
        return None, frozenset(broken | {"anam.body.json"})


def decoded(sent: Sent) -> bytes:
    """Return the body as it was before Content-Encoding."""
    if sent.header("Content-Encoding") != ["gzip"]:
        return sent.body
    try:
        return gzip.decompress(sent.body)
    except (OSError, EOFError, zlib.error) as error:
        raise NotJson(str(error)) from error


def parse(body: bytes) -> Any:
    """Return a JSON value: UTF-8 without a mark, finite numbers, whole characters (RFC 8259), nested no deeper than is read."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error
    if _nested(value) > DEEPEST:
        raise NotJson(f"nested deeper than {DEEPEST}")
    return value


def _no_number(text: str) -> None:
    raise NotJson(f"{text} is no number of JSON")


def _nested(value: object) -> int:
    """Return how many objects and arrays stand inside of each other."""
    deepest, level = 0, [value]
    while level := [node for node in level if isinstance(node, dict | list)]:
        deepest += 1
        level = [item for node in level for item in (node.values() if isinstance(node, dict) else node)]
    return deepest


def _match(template: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(template) != len(parts):
        return None
    params = {}
    for own, given in zip(template, parts, strict=True):
        if own.startswith("{") and given:
            params[own[1:-1]] = given
        elif own != given:
            return None
    return params


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)
