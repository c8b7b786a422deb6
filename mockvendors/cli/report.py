"""`mockvendors report`: print the results of a run, or compare those of several."""

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from mockvendors.report.view import View

_PIPED = 120
"""Columns where no terminal says otherwise."""
EPILOG = """\b
Examples:
  mockvendors check anam --report run.jsonl
      writes a report; so does pytest --conformance-report run.jsonl
  mockvendors report run.jsonl
      the verdict, and each failure with its rule
  mockvendors report run.jsonl --format markdown >> "$GITHUB_STEP_SUMMARY"
      for a job's summary or a pull request
  mockvendors report before.jsonl after.jsonl --changes
      the cases that say something else now
  mockvendors report 1.5.17.jsonl 1.6.0.jsonl 1.8.9.jsonl
      one implementation over its versions, sorted by version

What is printed is on standard output; the exit code says whether the reports could be read, not what is in them.
docs/reports.md describes the file.

\b
Exit codes:
  0  printed
  4  no report: not there, cut, edited, of another version
"""


class Format(StrEnum):
    """How a report is printed."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    JSON = "json"


def report(
    files: Annotated[list[Path], typer.Argument(help="Reports that --report wrote.", metavar="FILE.jsonl...")],
    *,
    format_: Annotated[Format, typer.Option("--format", help="For whom it is printed.")] = Format.TERMINAL,
    changes: Annotated[bool, typer.Option("--changes", help="Of several only the cases that differ.")] = False,
) -> None:
    """Print the verdict of one report; of several a matrix of cases and implementations."""
    from mockvendors.report.read import read  # noqa: PLC0415 - `--help` is quick
    from mockvendors.report.view import view  # noqa: PLC0415 - as above

    given = list(dict.fromkeys(files))
    shown = view([read(file) for file in given], changes=changes)
    if changes and shown.matrix is None:
        what = f"{given[0]}, given {len(files)} times," if len(files) > len(given) else f"{given[0]}"
        sys.stderr.write(f"note: --changes compares several: {what} has not more than one implementation, and is shown whole\n")
    sys.stdout.write(rendered(shown, format_))


def rendered(shown: "View", format_: Format = Format.TERMINAL) -> str:
    """Return what is printed of a view."""
    import msgspec  # noqa: PLC0415 - as above

    from mockvendors.report import markdown, terminal  # noqa: PLC0415 - as above

    if format_ is Format.JSON:
        return msgspec.json.format(msgspec.json.encode(shown), indent=2).decode() + "\n"
    if format_ is Format.MARKDOWN:
        return markdown.render(shown)
    return terminal.render(shown, shutil.get_terminal_size((_PIPED, 0)).columns)
