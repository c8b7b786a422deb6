"""What an object's exception is in the protocol."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from livekit_agents.errors import BODY_LIMIT, describe_error  # type: ignore[import-not-found]

KINDS = (
    "vendor_status",
    "vendor_connection",
    "vendor_timeout",
    "vendor_protocol",
    "invalid_options",
    "configuration",
    "room",
    "cancelled",
    "driver",
)


def described(exc: BaseException, module: str) -> dict[str, Any]:
    """Normalise what came out of an object of that module; an exception that has a `kind` of the protocol says it itself."""
    said = getattr(exc, "kind", None)
    if said not in KINDS and "livekit.agents" in sys.modules:
        error: dict[str, Any] = describe_error(exc, module)
        return error
    return {
        "kind": said if said in KINDS else kind(exc, module),
        "class": type(exc).__name__,
        "message": str(exc),
        "bases": [each.__name__ for each in type(exc).__mro__],
        **{name: value for name, value in extras(exc).items() if value is not None},
    }


def kind(exc: BaseException, module: str) -> str:
    """Return the kind that a class of Python's own, or one that the object's module defines, stands for."""
    if isinstance(exc, asyncio.CancelledError):
        return "cancelled"
    if isinstance(exc, (asyncio.TimeoutError, TimeoutError)):
        return "vendor_timeout"
    if isinstance(exc, OSError):
        return "vendor_connection"
    if isinstance(exc, (ValueError, TypeError)) and not isinstance(exc, json.JSONDecodeError):
        return "invalid_options"
    if type(exc) is RuntimeError or f"{type(exc).__module__}.".startswith(f"{module}."):
        return "configuration"
    return "vendor_protocol"


def extras(exc: BaseException) -> dict[str, Any]:
    """Return what an exception may tell beside, where it has it in the right type."""
    status, body, retryable = (getattr(exc, name, None) for name in ("status", "body", "retryable"))
    return {
        "status": status if isinstance(status, int) else None,
        "body": str(body)[:BODY_LIMIT] if body is not None else None,
        "retryable": retryable if isinstance(retryable, bool) else None,
    }
