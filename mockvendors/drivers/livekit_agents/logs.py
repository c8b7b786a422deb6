"""What the plugin and the framework log while they serve a session, told as events: a user reads it as well."""

from __future__ import annotations

import logging
from contextvars import ContextVar

from .channel import Channel

SESSION: ContextVar[str | None] = ContextVar("SESSION", default=None)
"""The session in whose job the running code is; every task that the job begins inherits it."""
TEXT_LIMIT = 16_384
"""Characters of one record; a line of the protocol may have 1 MiB."""
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
"""Fields of every record; others were given as `extra`."""


class Events(logging.Handler):
    """Sends each record of a session as an event `log`, with its traceback and what was given as `extra`."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel

    def emit(self, record: logging.LogRecord) -> None:
        session = SESSION.get()
        if session is None:
            return
        try:
            self._channel.event(session, "log", level=record.levelname, logger=record.name, text=self._text(record))
        except Exception:  # a record that cannot be formatted is the logging code's fault: told on stderr, as logging does
            self.handleError(record)

    def _text(self, record: logging.LogRecord) -> str:
        extra = [f"{name}={value!r}" for name, value in vars(record).items() if name not in STANDARD]
        return " ".join([self.format(record), *extra])[:TEXT_LIMIT]


def install(channel: Channel) -> None:
    """Hear every record; on stderr stands what Python puts there where nobody configured anything: warnings and worse."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(Events(channel))
    if logging.lastResort is not None:
        root.addHandler(logging.lastResort)
