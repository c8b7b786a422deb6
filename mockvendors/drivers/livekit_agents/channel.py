"""Standard output as the protocol's own."""

from __future__ import annotations

import json
import os
import threading
import time
from typing import Any

from .errors import Message


class Channel:
    """Standard output as the protocol's; whatever else prints lands on stderr."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)  # a plugin's print() must not break the protocol
        self._lock = threading.Lock()
        self._begin = time.monotonic()

    def send(self, message: Message) -> None:
        with self._lock:
            self._out.write(json.dumps(message, default=str) + "\n")
            self._out.flush()

    def event(self, session: str, event: str, **fields: Any) -> None:
        self.send({"event": event, "session": session, "t_ms": round((time.monotonic() - self._begin) * 1000), **fields})
