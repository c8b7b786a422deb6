"""A program that lives no longer than we do, with its output in a file that has no name."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_LEASH = Path(__file__).with_name("leash.py")


class Child:
    """A running program in a process group of its own, so that Ctrl-C reaches us first and we stop it in order.

    The kernel's leash hangs on the thread that started the program, so a thread of its own starts it and waits for it:
    the caller's thread may end earlier. The log has no name in the file system, so that even a SIGKILL leaves no file.
    """

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        self._command = [*self._leash(), *command]
        self._env = env
        self._started = threading.Event()
        self._ended = threading.Event()
        self._failure: OSError | None = None
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._live, name=f"child {command[0]}", daemon=True).start()
        self._started.wait()
        if self._failure is not None:
            self._log.close()
            raise self._failure

    @staticmethod
    def _leash() -> list[str]:
        if sys.platform != "linux":
            return []
        return [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid())]

    def _live(self) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the caller's command, no shell
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                env=self._env,
                start_new_session=True,
            )
        except OSError as why:
            self._failure = why
            self._started.set()
            return
        self._started.set()
        self._process.wait()
        self._ended.set()

    @property
    def pid(self) -> int:
        """The process id, which is also that of its group."""
        assert self._process is not None  # noqa: S101 - __init__ raised otherwise; tells mypy
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.returncode if self._process is not None and self._ended.is_set() else None

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it has ended."""
        return self._ended.wait(seconds)

    def log(self) -> str:
        """Return all that it wrote, to both of its outputs."""
        if self._log.closed:
            return ""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode(errors="replace")

    def tail(self, lines: int = 15) -> str:
        """Return the last lines of the log, indented, for an error message."""
        last = self.log().strip().splitlines()[-lines:]
        return "\n".join(f"  {line}" for line in last) or "  (it wrote nothing)"

    def stop(self, *graces: float) -> None:
        """End it and its own children: SIGTERM before each grace (in seconds) that it outlasts, then SIGKILL."""
        for grace in graces:
            self._signal(signal.SIGTERM)
            if self.wait(grace):
                break
        else:
            self._signal(signal.SIGKILL)
            self._ended.wait()
        self._log.close()

    def _signal(self, number: int) -> None:
        if self._ended.is_set():
            return
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            self._ended.wait()
