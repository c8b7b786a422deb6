"""`mockvendors doctor`: what this machine offers, what it lacks, and the command for each remedy.

Other commands load this module too: what costs time to import (0.3 s for docker and rich) waits for the call.
"""

import sys
from dataclasses import asdict
from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.errors import EnvironmentFault

if TYPE_CHECKING:
    from mockvendors.room.doctor import Finding

_WIDTH = 140
"""Columns when nobody's terminal says otherwise."""


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
) -> None:
    """Say what was found on this machine, what is missing, and the command for each remedy.

    Exit code 0 when a session can run here, 7 when not.
    """
    from mockvendors.room.doctor import can_run, examine  # noqa: PLC0415 - see the module's docstring

    findings = examine()
    runs = can_run(findings)
    if json:
        typer.echo(dumps({"can_run": runs, "findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        _show(findings, runs=runs)
    if not runs:
        raise typer.Exit(EnvironmentFault.exit_code)


def _show(findings: "list[Finding]", *, runs: bool) -> None:
    """Print a table, and below it the remedies on lines of their own, which can be copied whole."""
    from rich.console import Console  # noqa: PLC0415 - see the module's docstring
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    table = Table("", "", "found")
    table.columns[2].overflow = "fold"
    for finding in findings:
        table.add_row(Text("ok", "green") if finding.ok else Text("--", "yellow"), finding.name, Text(finding.found))
    console.print(table)
    for finding in findings:
        if finding.remedy:
            console.print(Text(f"{finding.name}: {finding.remedy}"), soft_wrap=True)
    console.print("A session can run here." if runs else "A session cannot run here.")
