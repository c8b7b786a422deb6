"""Verdicts do not depend on what else the machine does: the suite in a row beside a busy core, held against a serial run.

    python -m tests.steady --runs 20

Exit codes: 0 every verdict the same, 1 one changed, 2 interrupted, 7 a run made no report.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

SUITE = [sys.executable, "-m", "pytest", "suites/anam", "-q", "-p", "no:cacheprovider"]
PARALLEL = ("-n", "3", "--dist", "worksteal", "-p", "no:schemathesis", "-p", "no:hypothesispytest")
Verdicts = dict[str, str]
tell = Console(highlight=False, soft_wrap=True, markup=False).print


def main() -> int:
    """Run, compare, and tell each run and each change as it comes."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--runs", type=int, default=20, help="parallel runs beside the busy core (20)")
    runs = asked.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        first, seconds = judged(Path(folder, "serial.jsonl"))
        tell(f"serial, alone: {len(first)} cases in {seconds:.0f} s")
        with busy_core():
            changed = [differences(first, Path(folder, f"{number}.jsonl"), number) for number in range(1, runs + 1)]
    tell(f"{runs} runs beside a busy core: {sum(map(bool, changed))} with a verdict that changed")
    return 1 if any(changed) else 0


def differences(first: Verdicts, report: Path, number: int) -> list[str]:
    """Judge once more, print and return what is not as in the first run."""
    again, seconds = judged(report, *PARALLEL)
    told = [
        f"{name}: {first.get(name)}, then {again.get(name)}"
        for name in sorted({*first, *again})
        if first.get(name) != again.get(name)
    ]
    tell(f"{number}: {seconds:.0f} s, {len(again)} cases, " + ("; ".join(told) or "the same"))
    return told


def judged(report: Path, *options: str) -> tuple[Verdicts, float]:
    """Return the verdict of each case, and the seconds of the run."""
    begin = time.monotonic()
    done = subprocess.run([*SUITE, *options, f"--conformance-report={report}"], check=False, capture_output=True, text=True)
    if not report.is_file():
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(7)
    lines = map(json.loads, report.read_text().splitlines())
    return {line["case"]: line["verdict"] for line in lines if line["type"] == "case"}, time.monotonic() - begin


@contextmanager
def busy_core() -> Iterator[None]:
    """Keep one core busy meanwhile."""
    load = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        load.kill()
        load.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(2)
