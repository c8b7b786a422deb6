"""`mockvendors doctor`: what this machine offers, what it lacks, and the command for each remedy."""

import sys
from dataclasses import asdict
from json import dumps
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mockvendors.errors import EnvironmentFault
from mockvendors.room.doctor import Finding, can_run, examine

_WIDTH = 140
"""Columns when nobody's terminal says otherwise."""


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
) -> None:
    """Say what was found on this machine, what is missing, and the command for each remedy.

    Exit code 0 when a session can run here, 7 when not.
    """
    findings = examine()
    if json:
        typer.echo(
            dumps({"can_run": can_run(findings), "findings": [asdict(finding) for finding in findings]}, indent=2)
        )
    else:
        _show(findings)
    if not can_run(findings):
        raise typer.Exit(EnvironmentFault.exit_code)


def _show(findings: list[Finding]) -> None:
    """Print a table, and below it the remedies on lines of their own, which can be copied whole."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    table = Table("", "", "found")
    table.columns[2].overflow = "fold"
    for finding in findings:
        table.add_row(Text("ok", "green") if finding.ok else Text("--", "yellow"), finding.name, Text(finding.found))
    console.print(table)
    for finding in findings:
        if finding.remedy:
            console.print(Text(f"{finding.name}: {finding.remedy}"), soft_wrap=True)
    console.print("A session can run here." if can_run(findings) else "A session cannot run here.")
