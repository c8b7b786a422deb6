"""`mockvendors history`: judge a plugin over its versions, and say what changed between them and why."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.errors import UsageFault

if TYPE_CHECKING:
    from mockvendors.history.folder import Folder
    from mockvendors.history.plan import Plan
    from mockvendors.history.run import Found

_UNEXPLAINED = 1
EPILOG = """\b
Examples:
  mockvendors history suites/anam/history.toml
      judges each version, and prints what changed
  mockvendors history history.toml --write CONFORMANCE.md
      puts it between the two marks of a document
  mockvendors history history.toml --rule anam.size.pair
      only the cases that check one rule

\b
A history is a TOML file of who is judged, and why each change came:
  vendor = "anam"
  [implementations]              # from the oldest to the newest
  "1.0" = "agents:my.plugin==1.0"
  "1.1" = "agents:my.plugin==1.1"
  [[change]]
  between = ["1.0", "1.1"]       # two that stand beside each other
  match = ["test_size.py::*"]    # cases; * is any text
  outcomes = ["fail", "pass"]    # optional: only these changes
  why = "The size is sent."
  source = "our changelog"
  [[known]]                      # optional: what the cases are to find
  of = "1.0"
  match = ["test_errors.py::*"]
  what = "Errors are swallowed."
  source = "our tracker"

A version whose report is whole, and was made by the same suite, is not judged again (--fresh: it is). Lists of known failures
are not asked: what lies behind them is compared. docs/conformance.md is one.

\b
Exit codes:
  0  each was judged, and each change is explained
  1  a change is not explained, an entry explains nothing,
     or a known defect is not found
  2  interrupted; what was judged by then is kept
  4  wrong input: history, document, implementation, rule
  6  of one, not everything could be verified here
  7  one could not be judged: our fault or the machine's
"""


def history(
    file: Annotated[Path, typer.Argument(help="Who is judged, and why each change came.", metavar="HISTORY.toml")],
    *,
    write: Annotated[Path | None, typer.Option(help="The document that it is written into.", metavar="FILE.md")] = None,
    reports: Annotated[Path, typer.Option(help="Where the reports are kept.", metavar="DIR")] = Path("build/history"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Judge again what was judged already.")] = False,
    rule: Annotated[str, typer.Option(help="Only the cases that check this rule; writes no document.", metavar="ID")] = "",
    workers: Annotated[int, typer.Option("-n", "--workers", min=1, help="Processes that judge.", metavar="WORKERS")] = 1,
) -> None:
    """Judge the implementations of a history, one after the other, and say what changed between neighbours."""
    from mockvendors.history import into  # noqa: PLC0415 - `--help` is quick
    from mockvendors.history.folder import Folder  # noqa: PLC0415 - as above
    from mockvendors.history.plan import load  # noqa: PLC0415 - as above
    from mockvendors.history.run import Runner  # noqa: PLC0415 - as above
    from mockvendors.report.judged_by import judged_by  # noqa: PLC0415 - as above

    if rule and write is not None:
        raise UsageFault("--rule judges a part of the suite, which is no history to be written", "Leave --rule or --write out")
    plan = load(file)
    if write is not None:
        into.check(write)
    folder = Folder(reports, judged_by(plan.vendor).digest, rule)
    found = Runner(plan, folder, _say, fresh=fresh, workers=workers).run()
    code = _told(plan, found, folder, write)
    raise typer.Exit(code)


def _told(plan: "Plan", found: "Found", folder: "Folder", write: Path | None) -> int:
    """Print or write what was found, and return the exit code."""
    from mockvendors.history import into  # noqa: PLC0415 - as above
    from mockvendors.history.changes import changes, idle, unexplained  # noqa: PLC0415 - as above
    from mockvendors.history.document import render  # noqa: PLC0415 - as above
    from mockvendors.history.known import unfound  # noqa: PLC0415 - as above
    from mockvendors.report.words import counted  # noqa: PLC0415 - as above

    if found.faults:
        _say(f"without a whole report: {', '.join(found.faults)}; nothing is written, run again for these alone")
        return max(found.faults.values())
    said = changes(plan, found.reports)
    text = render(plan, found.reports, said)
    if write is None:
        sys.stdout.write(text)
    else:
        into.put(write, text)
        sys.stdout.write(f"{counted(len(said), 'change')} over {len(found.reports)} implementations, written into {write}\n")
    wrong = [f"unexplained: {change}" for change in unexplained(said)]
    wrong += [] if folder.rule else [*idle(plan, said), *unfound(plan, found.reports)]
    for line in wrong:
        _say(line)
    return _UNEXPLAINED if wrong else 0


def _say(line: str) -> None:
    sys.stderr.write(f"history: {line}\n")
    sys.stderr.flush()
