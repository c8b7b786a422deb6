"""The messages of driver protocol 1 as a JSON schema (2020-12): `protocol.schema.json`, for drivers in any language."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs

PATH = Path(__file__).with_name("protocol.schema.json")
ANSWERS = ("ok", "error", "unsupported")
"""A reply holds exactly one of them."""
TEXT_LIMIT = 200
"""Characters of a violation: the validator quotes what it found, which may be a whole message."""


@functools.cache
def document() -> dict[str, Any]:
    """Return the whole schema."""
    loaded: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    whole = document()
    return jsonschema_rs.Draft202012Validator({"$schema": whole["$schema"], "$defs": whole["$defs"], "$ref": f"#/$defs/{name}"})


def commands() -> tuple[str, ...]:
    """Return the names of the commands."""
    return tuple(name.removesuffix(".request") for name in document()["$defs"] if name.endswith(".request"))


def reply_fault(asked: Mapping[str, Any], message: object) -> str | None:
    """Say what is wrong with a reply to a request; None for a good one. Of a command of nobody's, only the frame is known."""
    cmd = asked["cmd"]
    given = [name for name in ANSWERS if isinstance(message, dict) and name in message]
    if len(given) != 1:
        return f"it holds {' and '.join(given) or 'none'} of {', '.join(ANSWERS)}, of which a reply has exactly one"
    return _fault(f"{cmd}.reply" if cmd in commands() else "reply", message) or _nameless(asked, message)


def _nameless(asked: Mapping[str, Any], message: Any) -> str | None:  # noqa: ANN401  # a message is JSON
    """Say that an agent was to join a room and has no identity there: cases would miss it, and blame the implementation."""
    joins = asked["cmd"] == "open" and asked.get("connect", True) and asked.get("job", True)
    if not joins or "ok" not in message or message["ok"]["identity"]:
        return None
    return "ok.identity: the agent was to join a room, and has an identity there"


def event_fault(message: object) -> str | None:
    """Say what is wrong with an event; None for a good one."""
    return _fault("event", message)


def request_fault(message: dict[str, Any]) -> str | None:
    """Say what is wrong with a request; None for a good one."""
    return _fault(f"{message['cmd']}.request", message)


def _fault(name: str, message: object) -> str | None:
    for error in _validator(name).iter_errors(message):
        where = ".".join(str(part) for part in error.instance_path)
        return f"{where}: {error.message}"[:TEXT_LIMIT] if where else error.message[:TEXT_LIMIT]
    return None
