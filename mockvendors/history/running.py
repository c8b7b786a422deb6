"""One implementation judged, in a process of its own, whose words are counted and kept in a log."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

COUNT = re.compile(r"\[ *(\d+)/(\d+)\]")
"""How far pytest is, as it says with the option below."""
TELLING = ("--", "-v", "-o", "console_output_style=count", "--color=no")
TELL_EVERY = 10.0
"""Seconds between two words on how far a run is."""
_LAST = 200
"""Lines of a log that are looked through for the cause of a failure."""
_CAUSE = re.compile(r"(ERROR: |mockvendors: |INTERNALERROR> \S*(Error|Exception)|E {3}|harness fault)")


@dataclass
class Judging:
    """A run that is under way."""

    began: float = field(default_factory=time.monotonic)
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    total: int = 0
    last: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST))

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return self.clock() - self.began

    def hear(self, line: str) -> None:
        """Take a line of what the run prints."""
        self.last.append(line.rstrip())
        if found := COUNT.search(line):
            self.done, self.total = int(found[1]), int(found[2])

    def cause(self) -> str:
        """Return the line that tells best why it judged nothing."""
        told = [line for line in self.last if line]
        return next((line.strip() for line in told if _CAUSE.match(line)), told[-1].strip() if told else "it said nothing")


def judge(arguments: Sequence[str], log: Path, tell: Callable[[Judging], None]) -> tuple[int, Judging]:
    """Run `mockvendors check` with these arguments to its end; return its exit code, and what was heard of it.

    It stands in a session of its own: Ctrl-C reaches it once, from here, and it ends what it started before we go on.
    """
    command = [sys.executable, "-P", "-m", "mockvendors", "check", *arguments, *TELLING]
    heard = Judging()
    with log.open("w", encoding="utf-8") as kept, _ended_by_any_signal():
        running = subprocess.Popen(  # noqa: S603 - ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        listener = threading.Thread(target=_listen, args=(running.stdout, kept, heard), daemon=True)
        listener.start()
        code = _ended(running, lambda: tell(heard))
        listener.join()
    return code, heard


@contextmanager
def _ended_by_any_signal() -> Iterator[None]:
    """Take the other signals that end a program as Ctrl-C: what runs is to end with us."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(running: subprocess.Popen[str], tell: Callable[[], None]) -> int:
    while True:
        try:
            return running.wait(timeout=TELL_EVERY)
        except subprocess.TimeoutExpired:
            tell()
        except KeyboardInterrupt:
            running.send_signal(signal.SIGINT)
            running.wait()
            raise


def _listen(said: IO[str] | None, kept: IO[str], heard: Judging) -> None:
    for line in said or ():
        kept.write(line)
        kept.flush()
        heard.hear(line)
