"""`mockvendors serve anam` as a process: its start, its idle memory, its end by Ctrl-C."""

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("mockvendors")
ROUNDS = 5
POLL = 0.002
"""Seconds between two tries; a hundredth of what is measured."""
LIMIT = 60.0
"""Seconds after which a round has failed; a LiveKit that must be built first takes longer and is no part of this."""


def rows() -> list[tuple[str, float, str, str]]:
    """Return (name, value, unit, target) of each figure: medians of all rounds."""
    first, ready, idle, end = (statistics.median(column) for column in zip(*(_round() for _ in range(ROUNDS)), strict=True))
    return [
        ("serve: start to first answer", first, "s", "<= 1.0"),
        ("serve: start to LiveKit and page", ready, "s", ""),
        ("serve: idle memory (RSS)", idle, "MB", "<= 120"),
        ("serve: Ctrl-C to end", end, "s", "<= 1.0"),
    ]


def _round() -> tuple[float, float, float, float]:
    port = _free_port()
    with tempfile.TemporaryFile() as err:
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - our own program
            [PROGRAM, "serve", "anam", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=err
        )
        try:
            first = _until(lambda: _answers(port), process) - began
            ready = _until(lambda: b"Ready" in os.pread(err.fileno(), 100_000, 0), process) - began
            idle = _settled_megabytes(process.pid)
            stopped = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait(LIMIT)
            return first, ready, idle, time.monotonic() - stopped
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request("GET", "/v1/avatars")
        return connection.getresponse().status == http.client.UNAUTHORIZED
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()


def _until(condition: Callable[[], bool], process: "subprocess.Popen[bytes]") -> float:
    """Return when the condition became true."""
    deadline = time.monotonic() + LIMIT
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"serve ended ({process.returncode}) or hung")
        time.sleep(POLL)
    return time.monotonic()


def _settled_megabytes(pid: int) -> float:
    """Return the memory once a second has brought no more: what is loaded in a thread has been loaded."""
    last, quiet = 0.0, time.monotonic()
    while time.monotonic() - quiet < 1.0:
        found = _megabytes(pid)
        if found > last:
            last, quiet = found, time.monotonic()
        time.sleep(POLL)
    return last


def _megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    for name, value, unit, target in rows():
        print(f"{name:40} {value:12.2f} {unit:12} {target}")
