"""The whole suite on the published plugin, warm: wall time of the command, as a user waits for it; and of a second beside it."""

import statistics
import subprocess
import sys
import time

ROUNDS = 3
COMMAND = [sys.executable, "-m", "pytest", "suites/anam", "-q", "-p", "no:cacheprovider"]
AS_MAKE_ANAM = ("-n", "3", "--dist", "worksteal", "-p", "no:schemathesis", "-p", "no:hypothesispytest")
FIRST = ("--implementation", "agents:livekit.plugins.anam")
SECOND = ("--implementation", "agents:mutants/anam/reference.py")
Row = tuple[str, float, str, str]


def rows() -> list[Row]:
    """Return (name, value, unit, target) of each figure: medians of three runs."""
    serial, parallel, second, both = (
        statistics.median(_wall(*options) for _ in range(ROUNDS))
        for options in ((), AS_MAKE_ANAM, SECOND, (*AS_MAKE_ANAM, *FIRST, *SECOND))
    )
    return [
        ("pytest suites/anam, serial, wall", serial, "s", ""),
        ("make anam, wall", parallel, "s", "<= 25"),
        ("make anam / serial", parallel / serial, "", "< 1"),
        ("a second plugin beside it, of its own serial time", (both - parallel) / second, "", "< 1"),
    ]


def _wall(*options: str) -> float:
    begin = time.monotonic()
    done = subprocess.run([*COMMAND, *options], check=False, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command
    if done.returncode:
        raise SystemExit(f"{' '.join([*COMMAND, *options])} ended with {done.returncode}: nothing to measure")
    return time.monotonic() - begin
