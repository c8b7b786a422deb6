"""`mockvendors doctor`: what this machine offers, what it lacks, and the command for each remedy.

Other commands load this module too: what costs time to import (0.2 s for docker) waits for the call.
"""

from dataclasses import asdict
from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.cli import tables
from mockvendors.errors import EnvironmentFault

if TYPE_CHECKING:
    from mockvendors.room.doctor import Finding
_GREEN, _YELLOW = 32, 33


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on stdout.")] = False,
) -> None:
    """Say what was found on this machine, what is missing, and the command for each remedy."""
    from mockvendors.room.doctor import can_run, examine  # noqa: PLC0415 - see the module's docstring

    findings = examine()
    runs = can_run(findings)
    findings.append(_node())
    if json:
        typer.echo(dumps({"can_run": runs, "findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        _show(findings, runs=runs)
    if not runs:
        raise typer.Exit(EnvironmentFault.exit_code)


def _node() -> "Finding":
    """Return what there is of Node, which only plugins for Node (`node:`) need."""
    from mockvendors.implementations import npm  # noqa: PLC0415 - as above
    from mockvendors.room.doctor import Finding  # noqa: PLC0415 - as above

    try:
        found = npm.find()
    except EnvironmentFault as fault:
        return Finding("Node", ok=False, found=f"{fault.cause} (--implementation node:PACKAGE alone)", remedy=fault.remedy)
    except OSError as exc:
        return Finding("Node", ok=False, found=f"it does not run: {exc}", remedy=npm.REMEDY)
    return Finding("Node", ok=True, found=f"{found.node} ({found.version}), with {found.npm}")


def _show(findings: "list[Finding]", *, runs: bool) -> None:
    """Print what was found, and below it the remedies on lines of their own, which can be copied whole."""
    names = max(len(finding.name) for finding in findings)
    for finding in findings:
        mark = tables.coloured("ok", _GREEN) if finding.ok else tables.coloured("--", _YELLOW)
        typer.echo(tables.folded(finding.found, f"{mark}  {finding.name:{names}}  ", names + 6))
    remedies = [f"{finding.name}: {finding.remedy}" for finding in findings if finding.remedy]
    if remedies:
        typer.echo("\nOne way to LiveKit is enough." + (" What the others need:" if runs else " What to do:"))
        typer.echo("\n".join(remedies))
    typer.echo("\nA session can run here." if runs else "\nA session cannot run here.")
