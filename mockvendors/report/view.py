"""What is shown of reports, as data; terminal, Markdown and JSON show the same."""

from collections.abc import Sequence

import msgspec

from mockvendors.report.lines import Case, Environment, Implementation, Judged, Report, Suite
from mockvendors.report.matrix import Matrix, matrix
from mockvendors.report.words import place


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one implementation, with each case that is no pass."""

    implementation: Implementation
    judged: Judged
    cases: list[Case]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What one report says of its run."""

    file: str
    mockvendors: str
    time: str
    suites: list[Suite]
    environment: Environment
    vendor_mode: str
    seconds: float
    exit_code: int
    complete: bool
    others_failed: bool
    refusals: list[str]
    notes: list[str]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """All of it: the verdicts of one report, and a matrix where there is more than one implementation."""

    runs: list[Run]
    verdicts: list[Verdict]
    matrix: Matrix | None

    def compared(self) -> "View":
        """Return the matrix alone, where all else has been told, also what each implementation ran with."""
        if self.matrix is None:
            return msgspec.structs.replace(self, verdicts=[])
        columns = [
            msgspec.structs.replace(column, implementation=msgspec.structs.replace(column.implementation, pairing=""))
            for column in self.matrix.columns
        ]
        return msgspec.structs.replace(self, verdicts=[], matrix=msgspec.structs.replace(self.matrix, columns=columns, notes=[]))


def view(reports: Sequence[Report], *, changes: bool = False) -> View:
    """Return what is shown of these reports; with `changes` of a matrix only the rows that differ."""
    compared = matrix(reports)
    if changes:
        compared = msgspec.structs.replace(compared, rows=[row for row in compared.rows if row.differs])
    several = len(compared.columns) > 1
    return View(
        runs=[_run(report) for report in reports],
        verdicts=_verdicts(reports[0]) if len(reports) == 1 and not (several and changes) else [],
        matrix=compared if several or len(reports) > 1 else None,
    )


def _run(report: Report) -> Run:
    header, footer = report.header, report.footer
    told = {f"{each.connect} ran with {each.pairing}" for each in header.implementations}  # beside each implementation
    return Run(
        file=report.file,
        mockvendors=header.mockvendors,
        time=header.time,
        suites=header.suites,
        environment=header.environment,
        vendor_mode=header.vendor_mode,
        seconds=footer.seconds,
        exit_code=footer.exit_code,
        complete=footer.complete,
        others_failed=footer.others_failed,
        refusals=footer.refusals,
        notes=[note for note in footer.notes if note not in told],
    )


def _verdicts(report: Report) -> list[Verdict]:
    who = {each.connect: each for each in report.header.implementations}
    return [
        Verdict(
            implementation=who[judged.implementation],
            judged=judged,
            cases=sorted(
                (line for line in report.cases if line.implementation == judged.implementation and line.verdict != "pass"),
                key=lambda line: (place(line.verdict), line.vendor, line.case),
            ),
        )
        for judged in report.footer.judged
    ]
