"""`mockvendors drift`: where recordings and our mock part, and what of the contract that concerns."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.cli.out import while_read
from mockvendors.errors import UsageFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockvendors.cassettes.recording import Recording
    from mockvendors.contract import Contract
    from mockvendors.drift.report import Report, Reporter

_DRIFT = 1
_NOTHING = 5
_SHOWN = 60
"""Characters of a wrong name that are repeated."""
EPILOG = """\b
Examples:
  mockvendors drift anam
      all recordings below fixtures/cassettes/anam
  mockvendors drift anam first-steps --max-age 90
      one, by its name or its folder; it may be 90 days old
  mockvendors drift anam --contract mine/anam/contract.yaml
      a contract that you are about to correct
  mockvendors drift anam --update-evidence
      what recordings of the vendor confirm gets the level `recorded` in the contract's file

Nothing is sent to the vendor: recorded requests go to a mock in this process. docs/drift.md tells how to read the report.

\b
Exit codes:
  0  what was compared agrees
  1  a difference, or a recording that is older than --max-age
  4  wrong input: vendor, name, a recording that was cut or edited, or a mock's where evidence is asked for
  5  nothing was compared
  7  the mock failed, or the contract's file cannot be written
"""


def drift(
    vendor: Annotated[str, typer.Argument(help="The vendor whose API it is: anam.", metavar="VENDOR")],
    recordings: Annotated[
        list[str] | None,
        typer.Argument(help="Names or folders of recordings; all of the vendor's if none.", metavar="[RECORDING]..."),
    ] = None,
    *,
    directory: Annotated[Path, typer.Option(help="Where recordings lie.")] = Path("fixtures", "cassettes"),
    contract: Annotated[Path | None, typer.Option(help="Another file than the vendor's own.", metavar="FILE")] = None,
    max_age: Annotated[float | None, typer.Option(help="Fail on recordings that are older.", metavar="DAYS")] = None,
    update_evidence: Annotated[
        bool, typer.Option("--update-evidence", help="Write what is confirmed into the contract.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Name each request that was not compared.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
) -> None:
    """Send recorded requests to the mock, and compare its answers with the recorded ones: status, headers, shape, texts, rules.

    Each difference names the rule, field, status or setting of the contract that would have to change.
    """
    from mockvendors.cassettes.age import oldest  # noqa: PLC0415 - `--help` is quick
    from mockvendors.drift.report import Reporter  # noqa: PLC0415 - as above

    file, held = _contract(vendor, contract)
    read = _read(held, recordings or [], directory, update_evidence=update_evidence)
    report = _report(Reporter(held, _shown(file), oldest(max_age)), file, read, update_evidence=update_evidence)
    with while_read():
        _print(report, json=json, verbose=verbose)
    if report.findings or report.too_old:
        raise typer.Exit(_DRIFT)
    if not report.compared:
        raise typer.Exit(_NOTHING)


def _contract(vendor: str, given: Path | None) -> "tuple[Path, Contract]":
    """Return the contract that recordings are held against, and its file; a UsageFault where it is none of this vendor's."""
    from mockvendors.contract import Contract  # noqa: PLC0415 - `--help` is quick
    from mockvendors.registry import registration  # noqa: PLC0415 - as above

    given = given.resolve() if given else None
    if given and not _is_file(given):
        remedy = f"--contract names a contract: FOLDER/{vendor}/contract.yaml"
        raise UsageFault(f"There is no file {_short(_shown(given))}", remedy)
    file = given or registration(vendor).contract
    held = Contract.load(given or vendor)
    if held.vendor != vendor:
        raise UsageFault(f"{file} is the contract of {held.vendor}, not of {vendor}", f"Put it into a folder named {vendor}")
    return file, held


def _print(report: "Report", *, json: bool, verbose: bool) -> None:
    import msgspec  # noqa: PLC0415 - `--help` is quick

    from mockvendors.cli.drift_tables import show  # noqa: PLC0415 - as above

    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
    else:
        show(report, verbose=verbose)


def _shown(file: Path) -> str:
    """Return a file's path as a person would type it here."""
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


def _read(contract: "Contract", names: "Sequence[str]", directory: Path, *, update_evidence: bool) -> "list[Recording]":
    """Return the recordings that are meant, by time; a UsageFault names one that is not there, or is no evidence."""
    from mockvendors.cassettes.recording import find_recordings, read_recording  # noqa: PLC0415 - `--help` is quick

    folders = [_folder(name, directory / contract.vendor) for name in names] or find_recordings(contract.vendor, directory)
    if not folders:
        sys.stderr.write(f"No recordings in {directory / contract.vendor}. mockvendors record {contract.vendor} makes one.\n")
        raise typer.Exit(_NOTHING)
    found = [read_recording(folder, contract) for folder in dict.fromkeys(folders)]
    if update_evidence and not any(recording.is_evidence for recording in found):
        told = "It was" if len(found) == 1 else f"All {len(found)} were"
        raise UsageFault(f"{told} recorded from a mock: no evidence about the vendor, nothing was changed", "Record the vendor")
    return sorted(found, key=lambda recording: recording.header.time)


def _folder(name: str, root: Path) -> Path:
    from mockvendors.cassettes.header import NAME  # noqa: PLC0415 - `--help` is quick

    for folder in (root / name, Path(name)):
        if _is_file(folder / NAME):
            return folder
        if _is_folder(folder):
            raise UsageFault(f"{_short(str(folder))} has no {NAME}, and is no whole recording", "Record again")
    known = sorted(path.parent.name for path in root.glob(f"*/{NAME}"))
    raise UsageFault(f"There is no recording {_short(name)!r} in {root}", f"There is: {', '.join(known) or 'none'}")


def _short(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"


def _is_file(path: Path) -> bool:
    """Tell whether a file is there; a name that the file system cannot have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _report(reporter: "Reporter", file: Path, read: "list[Recording]", *, update_evidence: bool) -> "Report":
    import asyncio  # noqa: PLC0415 - `--help` is quick

    from mockvendors.drift.confirm import confirmed  # noqa: PLC0415 - as above
    from mockvendors.drift.findings import find  # noqa: PLC0415 - as above
    from mockvendors.drift.run import play_all  # noqa: PLC0415 - as above
    from mockvendors.drift.update import update  # noqa: PLC0415 - as above

    played = asyncio.run(play_all(reporter.contract, read))
    findings = find(played)
    shown = confirmed(reporter.contract, played, findings)
    updated = update(file, reporter.contract, shown) if update_evidence else []
    return reporter.report(played, findings, shown, updated)
