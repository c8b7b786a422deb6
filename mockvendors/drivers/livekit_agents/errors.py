"""What a driver answers when something fails: the plugin's errors, normalised, and its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]
BODY_LIMIT = 4096
"""Characters of a vendor's error text that go into a reply."""


class Refused(Exception):
    """A command that cannot be done, with the error that answers it."""

    def __init__(self, error: Message) -> None:
        super().__init__(error.get("message", ""))
        self.error = error


class Unsupported(Exception):
    """What the driver itself, or the description, does not know: the only two who may say so."""


class PluginRaised(Exception):
    """What came out of the plugin's hands, whatever its class: `__cause__` is the plugin's own exception."""


@contextlib.contextmanager
def plugins_word() -> Iterator[None]:
    """Mark what is raised inside as the plugin's own; what is raised outside of it is ours, and never counts against the plugin.

    An exit or an interrupt that the plugin raises would else end the job's loop, and the answer with it.
    """
    try:
        yield
    except (PluginRaised, asyncio.CancelledError, GeneratorExit):
        raise
    except BaseException as exc:
        raise PluginRaised(str(exc)) from exc


def describe_error(exc: BaseException, plugin: str = "livekit.plugins") -> Message:
    """Normalise what the plugin of that module raised; `bases` lets the judge see the family of a class."""
    from livekit import agents

    error: Message = {
        "class": type(exc).__name__,
        "message": str(exc),
        "bases": [c.__name__ for c in type(exc).__mro__],
    }
    if isinstance(exc, agents.APIStatusError):
        error.update(kind="vendor_status", status=exc.status_code if isinstance(exc.status_code, int) else None)
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
        error["retryable"] = bool(exc.retryable)
        if exc.body is not None:
            error["body"] = str(exc.body)[:BODY_LIMIT]
    return error


def driver_error(message: str, exc: BaseException | None = None) -> Message:
    """Say that the driver, and not the plugin, is wrong."""
    return {"kind": "driver", "class": type(exc).__name__ if exc else "DriverError", "message": message}
