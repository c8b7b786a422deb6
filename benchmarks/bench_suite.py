"""The whole suite on the published plugin, warm: wall time of the command, as a user waits for it."""

import statistics
import subprocess
import sys
import time

ROUNDS = 3
COMMAND = [sys.executable, "-m", "pytest", "suites/anam", "-q", "-p", "no:cacheprovider"]
Row = tuple[str, float, str, str]


def rows() -> list[Row]:
    """Return (name, value, unit, target) of each figure: medians of three runs."""
    return [
        ("pytest suites/anam, wall", statistics.median(_wall() for _ in range(ROUNDS)), "s", "<= 45"),
        (
            "pytest suites/anam -n 2, wall",
            statistics.median(_wall("-n", "2", "--dist", "loadfile") for _ in range(ROUNDS)),
            "s",
            "designed for 20",
        ),
    ]


def _wall(*options: str) -> float:
    begin = time.monotonic()
    subprocess.run([*COMMAND, *options], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command
    return time.monotonic() - begin
