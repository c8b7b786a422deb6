"""`mockvendors smoke`: judge a driver, before its implementation is judged."""

import asyncio
import sys
from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.cli import tables

if TYPE_CHECKING:
    from mockvendors.drivers.smoke_checks import Finding
    from mockvendors.drivers.smoke_seen import Report

_GREEN, _YELLOW, _RED = 32, 33, 31
_NAMES = 17
"""Width of the checks' names."""
EPILOG = """\b
Examples:
  mockvendors smoke anam --implementation 'exec:./driver --verbose'
      does this program keep to the driver protocol?
  mockvendors smoke anam --implementation image:my-driver --json
      the same of a Docker image, for a script

It starts the driver three times, a fourth where the driver claims rooms, and says of each thing that the protocol demands whether
it was done. One session is opened, without a room, and started at a small vendor of smoke's own on this machine: not VENDOR's
mock, but one that is silent while `ping` is tried, and then refuses whatever it was asked. Where rooms are claimed, one more is
asked for at an address where no LiveKit is. Once the driver is gone or silent, the rest is told as not tried.
An option that the driver does not know, and what it claims of a vendor's options (such as video-size), is not tried: that the
cases show. pytest does the same by itself before it judges an exec: or image: implementation. docs/driver-protocol.md says how a
driver is written.

\b
Exit codes:
  0  the driver keeps to the protocol
  1  it does not: a check failed
  2  interrupted; what was started is ended
  4  wrong input: vendor, connect string, a plugin that cannot be loaded
  7  it cannot be started; no Docker; our fault
"""


def smoke(
    vendor: Annotated[str, typer.Argument(help="The vendor whose least options start its session: anam.", metavar="VENDOR")],
    *,
    implementation: Annotated[str, typer.Option(help="Whose driver is tried.", metavar="KIND:WHAT")],
    implementation_python: Annotated[
        str, typer.Option(help="Interpreter of the environment that holds the plugin.", metavar="PYTHON")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Try the whole driver protocol on a driver, and say check by check what it does."""
    from mockvendors.conformance.suite_import import read_traits  # noqa: PLC0415 - as below
    from mockvendors.drivers.claims import strange  # noqa: PLC0415 - as below
    from mockvendors.drivers.named import Named  # noqa: PLC0415 - as below
    from mockvendors.implementations.connect import connect  # noqa: PLC0415 - `--help` is quick
    from mockvendors.implementations.implementation import Preparation  # noqa: PLC0415 - as above
    from mockvendors.implementations.tried import tried  # noqa: PLC0415 - as above

    traits = read_traits(vendor)
    named = connect(implementation, implementation_python or None)
    launch = named.prepare(Preparation(traits.description, say=_say))
    report = asyncio.run(tried(Named(named.text, vendor), launch, traits.options))
    warnings = [f"claims {told}" for told in strange(report.hello.capabilities, traits.claimable)] if report.hello else []
    if json:
        typer.echo(dumps({**_data(named.text, report), "warnings": warnings}, indent=2, ensure_ascii=False))
    else:
        _show(named.text, report)
        for told in warnings:
            typer.echo(tables.folded(f"warning: the driver {told}", "", 2))
    if not report.passed:
        raise typer.Exit(1)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _data(text: str, report: "Report") -> dict[str, object]:
    from mockvendors.drivers.smoke_seen import told  # noqa: PLC0415 - as above

    who = report.hello
    greeted = {"name": who.name, "version": who.version, "capabilities": sorted(who.capabilities)} if who is not None else None
    return {
        "implementation": text,
        "passed": report.passed,
        "hello": greeted,
        "checks": told(report.findings),
    }


def _show(text: str, report: "Report") -> None:
    typer.echo(f"{text}: {report.heading}")
    for finding in report.findings:
        for line in _lines(finding):
            typer.echo(line)
    failed = sum(finding.passed is False for finding in report.findings)
    untried = sum(finding.passed is None for finding in report.findings)
    aside = f", {untried} not tried" if untried else ""
    told = f"failed {failed} of {len(report.findings)} checks" if failed else "keeps to the protocol"
    typer.echo(f"\nthe driver {told}{aside}")


def _lines(finding: "Finding") -> list[str]:
    from mockvendors.drivers.smoke_checks import CHECKS  # noqa: PLC0415 - as above

    mark = {True: ("ok", _GREEN), False: ("FAIL", _RED), None: ("--", _YELLOW)}[finding.passed]
    lead = f"{tables.coloured(f'{mark[0]:4}', mark[1])}  {finding.check:{_NAMES}}"
    indent = _NAMES + 6
    lines = [tables.folded(CHECKS[finding.check].holds, lead, indent)]
    if finding.passed is not True:
        lines.append(tables.folded(finding.told, f"{'':{indent}}", indent + 2))
    if finding.passed is False:
        lines.append(tables.folded(f"remedy: {finding.remedy}", f"{'':{indent}}", indent + 2))
    return lines
