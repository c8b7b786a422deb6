"""`make mutants`: the suite of Anam on plugins that are wrong in one known way each, and on correct ones.

    make mutants                        each on the cases of its rule, the correct ones on the whole suite; 10 minutes at most
    make mutants ONLY=status_lost       those of that name, or of that rule; `token_*` and several, with spaces, too
    make mutants JSON=build/found.json  the outcomes for programs
    make mutants PROOF=1                whole runs, until each MUST rule has a mutant that only it catches: see docs/mutants.md

Exit codes (make's own is 2 whatever failed): 0 all caught by their rules and nothing failed that is correct, 1 not so,
2 interrupted, 4 wrong use, 5 nothing ran, 7 a fault of the harness or the machine.
"""

import argparse
import json
import sys
import time
from collections.abc import Collection
from fnmatch import fnmatchcase
from pathlib import Path

from mockvendors.errors import MockvendorsError, UsageFault
from mockvendors.files import write_whole
from mockvendors.mutants import Kind, Mutant, Outcome, Runner
from mockvendors.mutants.table import as_data, exit_code, render
from mockvendors.mutants.watch import judge_watched
from mockvendors.nearest import remedy

from . import judged, proof, prove

INTERRUPTED = 2


def main() -> int:
    """Judge, print, and return the exit code."""
    options = arguments().parse_args()
    try:
        if options.proof:
            return prove.prove(chosen(options.only), options.jobs, every_one=options.every_one)
        return judge(options)
    except KeyboardInterrupt:
        sys.stderr.write("mutants: interrupted; no run is left\n")
        return INTERRUPTED
    except MockvendorsError as exc:
        sys.stderr.write(f"mutants: {exc}\n")
        return exc.exit_code


def arguments() -> argparse.ArgumentParser:
    about, examples = (__doc__ or "").split("\n\n", 1)
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m tests.mutants", description=about, epilog=examples, formatter_class=raw)
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="mutants or rules; * stands for any letters")
    parser.add_argument("--jobs", type=jobs, default=2, help="runs at a time (2)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcomes there too")
    parser.add_argument("--proof", action="store_true", help="whole runs, until each MUST rule has a mutant that only it catches")
    parser.add_argument("--every-one", action="store_true", help="with --proof: a whole run of every mutant")
    return parser


def jobs(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above zero")
    return int(text)


def chosen(only: Collection[str]) -> list[Mutant]:
    """Return the correct plugins and the mutants that are meant: all where nothing is said. Raises UsageFault."""
    everybody = [*judged.references(), *judged.mutants()]
    for name in only:
        if not any(meant(each, [name]) for each in everybody):
            known = dict.fromkeys(word for each in everybody for word in (each.name, each.rule) if word)
            raise UsageFault(
                f"no mutant and no rule of one is called {name!r}",
                remedy(name, known, "mutants/anam holds the mutants, each with its RULE"),
            )
    return [each for each in everybody if not only or meant(each, only)]


def meant(mutant: Mutant, only: Collection[str]) -> bool:
    return any(fnmatchcase(name, pattern) for name in (mutant.name, mutant.rule) for pattern in only)


def judge(options: argparse.Namespace) -> int:
    """Judge each by its rule, and print the totals of what was judged by then, also at an interrupt."""
    if options.json is not None:
        free(options.json)
    mutants, begin = chosen(options.only), time.monotonic()
    found: list[Outcome] = []

    def take(outcome: Outcome) -> None:
        found.append(outcome)
        if outcome.kind is Kind.FAULT:
            proof.keep(outcome)

    try:
        judge_watched(Runner(judged.SUITE), mutants, options.jobs, take)
    finally:
        sys.stdout.write(f"\n{render(found)}in {time.monotonic() - begin:.0f} s\n")
        if options.json is not None and found:
            write_whole(options.json, json.dumps(as_data(found), indent=1).encode() + b"\n")
    return exit_code(found)


def free(path: Path) -> None:
    """Raise UsageFault where something else than outcomes of before stands there."""
    try:
        mine = not path.exists() or {"totals", "mutants"} <= set(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        mine = False
    if not mine:
        raise UsageFault(f"{path} is there already, and holds no outcomes of mutants", "Name another file")


if __name__ == "__main__":
    sys.exit(main())
