"""`make fuzz`: rounds of examples for a time, then the table; exit code 1 when the mock breaks its contract."""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path

from .admin import play_admin
from .figures import Figures
from .run import Budget, play_round
from .subject import Subject

VENDOR = "anam"
# Small, with a seed of its own each: Hypothesis repeats itself the more, the longer it runs with one.
ROUND = Budget(singles=20, walks=15, flows=40)
FIRST = replace(ROUND, edges=True)
"""The fixed list is the same in every round."""
KEPT = Path("build/fuzz")
"""Where reports are kept, since the end of a long run is easily lost."""
ADMIN = 5
"""Examples of each operation of the admin API in a round, in each mode."""


def say(line: str) -> None:
    """Print at once, since a run takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run rounds until the time is over or something is found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long; the last round is finished")
    parser.add_argument("--seed", type=int, help="run the one round of this seed, as a failure names it")
    options = parser.parse_args()
    subject, figures, began = Subject(VENDOR), Figures(), time.monotonic()
    first = random.randrange(10**9) if options.seed is None else options.seed  # noqa: S311 - no secret
    admin: Counter[tuple[str, int]] = Counter()
    number, found = first, None
    while found is None:
        try:
            found = play_round(subject, FIRST if number == first else ROUND, number, figures)
            found = found or play_admin(ADMIN, number, admin)
        except BaseException:
            keep(number, traceback.format_exc())
            say(f"repeat what follows: make fuzz SEED={number}")
            raise
        passed = time.monotonic() - began
        say(f"{passed:6.0f} s  seed {number}  {figures.total} requests")
        if options.seed is not None or passed >= options.seconds:
            break
        number += 1
    say(figures.table(subject.raw))
    say(f"admin API: {admin.total()} requests to {len({name for name, _ in admin})} operations")
    say(f"{figures.total} requests in {time.monotonic() - began:.0f} s, seeds {first} to {number}")
    if found is not None:
        say(f"\n{found.report()}\nkept: {keep(number, found.report())}\nrepeat: make fuzz SEED={number}")
    return 1 if found else 0


def keep(number: int, text: str) -> Path:
    """Write down what the round of this seed found, and return where."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"seed-{number}.txt"
    path.write_text(text + "\n", errors="replace")
    return path


if __name__ == "__main__":
    sys.exit(main())
