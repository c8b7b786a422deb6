"""Standard output as the protocol's own."""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from typing import Any

from .errors import Message

FLUSH_LIMIT = 2.0  # a harness that reads takes milliseconds


class Channel:
    """Standard output as the protocol's; whatever else prints lands on stderr.

    A thread of its own writes. Whoever sends holds no lock: the collector may run a destructor in the middle of a message,
    which logs, and so sends a message of its own; with a lock that thread would wait for itself, and all others for it.
    """

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # a plugin's print() must not break the protocol
        self._begin = time.monotonic()
        # Its put may be called from a destructor.
        self._lines: queue.SimpleQueue[str | threading.Event | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="channel", daemon=True)
        self._writer.start()

    def send(self, message: Message) -> None:
        self._lines.put(json.dumps(message, default=str) + "\n")

    def event(self, session: str, event: str, **fields: Any) -> None:
        self.send({"event": event, "session": session, "t_ms": round((time.monotonic() - self._begin) * 1000), **fields})

    def flush(self) -> None:
        """Return when what was sent so far is written: what comes next may end the process."""
        written = threading.Event()
        self._lines.put(written)
        written.wait(FLUSH_LIMIT)

    def close(self) -> None:
        """Write what was sent so far; nothing that is sent later is written."""
        self._lines.put(None)
        self._writer.join(FLUSH_LIMIT)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            if isinstance(line, threading.Event):
                line.set()
                continue
            self._out.write(line)
            self._out.flush()
