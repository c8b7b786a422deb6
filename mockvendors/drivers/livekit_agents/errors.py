"""What a driver answers when something fails: the plugin's errors, normalised, and its own."""

from __future__ import annotations

import asyncio
import json
from typing import Any

Message = dict[str, Any]
BODY_LIMIT = 4096
"""Characters of a vendor's error text that go into a reply."""


class Refused(Exception):
    """A command that cannot be done, with the error that answers it."""

    def __init__(self, error: Message) -> None:
        super().__init__(error.get("message", ""))
        self.error = error


def describe_error(exc: BaseException, plugin: str = "livekit.plugins") -> Message:
    """Normalise what the plugin of that module raised; `bases` lets the judge see the family of a class."""
    from livekit import agents

    error: Message = {
        "class": type(exc).__name__,
        "message": str(exc),
        "bases": [c.__name__ for c in type(exc).__mro__],
    }
    if isinstance(exc, agents.APIStatusError):
        error.update(kind="vendor_status", status=exc.status_code)
    elif isinstance(exc, agents.APITimeoutError):
        error["kind"] = "vendor_timeout"
    elif isinstance(exc, agents.APIConnectionError):
        error["kind"] = "vendor_connection"
    elif isinstance(exc, (asyncio.TimeoutError, TimeoutError)):
        error["kind"] = "vendor_timeout"
    elif isinstance(exc, asyncio.CancelledError):
        error["kind"] = "cancelled"
    elif isinstance(exc, json.JSONDecodeError):
        error["kind"] = "vendor_protocol"
    elif isinstance(exc, (ValueError, TypeError)):
        error["kind"] = "invalid_options"
    elif type(exc) is RuntimeError or f"{type(exc).__module__}.".startswith(f"{plugin}."):
        error["kind"] = "configuration"
    else:
        error["kind"] = "vendor_protocol"
    if isinstance(exc, agents.APIError):
        error["retryable"] = exc.retryable
        if exc.body is not None:
            error["body"] = str(exc.body)[:BODY_LIMIT]
    return error


def driver_error(message: str, exc: BaseException | None = None) -> Message:
    """Say that the driver, and not the plugin, is wrong."""
    return {"kind": "driver", "class": type(exc).__name__ if exc else "DriverError", "message": message}
