"""The lines of a report, version 1 of its schema; report.schema.json says the same to others."""

from pathlib import Path

import msgspec

from mockvendors.report.words import with_not_scored

SCHEMA = 1
"""Rises when a reader of before would misread a report; a field more is no reason."""
SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


class Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=str.lower):
    """One line; `type` says which."""


class LiveKit(msgspec.Struct, frozen=True, kw_only=True):
    """The room server of a run."""

    version: str | None
    """None where it does not tell."""
    way: str
    """How the run came to it: LIVEKIT_URL, path, cache, docker, built."""


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The machine that judged."""

    python: str
    platform: str
    os: str = ""
    """linux, darwin, windows: what an expectation's `when` asks for; empty in reports of before."""
    livekit: LiveKit | None = None
    """None where no case came to a room."""
    time_scale: float = 1.0
    """MOCKVENDORS_TIME_SCALE: by how much every time limit was multiplied; reports of before do not tell, and have 1."""


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged by: the cases and the contract of one vendor."""

    vendor: str
    digest: str
    """Of all that has a say in a verdict: the cases, the code that judges, the contract; the same digest, the same judge."""
    contract: str
    """Version of the contract."""
    contract_digest: str
    profile: str = ""
    """Which rules make conformant, as `anam/2026.1`; empty in reports of before there were profiles."""
    profile_digest: str = ""
    commit: str = ""
    """Of the folder of the cases, `… with changes` where what judges was changed since; empty where that is no checkout."""


class Expectations(msgspec.Struct, frozen=True, kw_only=True):
    """The list of known failures that held."""

    file: str
    digest: str


class Implementation(msgspec.Struct, frozen=True, kw_only=True):
    """Who was judged. All but `connect` is empty where its driver never greeted."""

    connect: str
    """Its connect string, by which the other lines name it."""
    name: str = ""
    version: str = ""
    framework: str = ""
    framework_version: str = ""
    runtime: str = ""
    """Language and version that it ran in, as its driver tells: `Python 3.11.7`."""
    pairing: str = ""
    """What its environment was put together with, where mockvendors chose that."""
    capabilities: list[str] = []
    expectations: Expectations | None = None

    def __str__(self) -> str:
        framework = f" ({self.framework} {self.framework_version})" if self.framework else ""
        return f"{self.name} {self.version}{framework}" if self.name else self.connect


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """What of the suites was asked for."""

    arguments: list[str] = []
    keyword: str = ""
    marks: str = ""
    rule: str = ""


class Header(Line, frozen=True, kw_only=True):
    """What was judged, by what, where."""

    schema: int
    mockvendors: str
    """Version of mockvendors."""
    time: str
    """Begin of the run, UTC."""
    suites: list[Suite]
    implementations: list[Implementation]
    environment: Environment
    selection: Selection
    vendor_mode: str


class Case(Line, frozen=True, kw_only=True):
    """What one case said of one implementation; texts hold no secrets."""

    implementation: str
    vendor: str
    case: str
    verdict: str
    outcome: str
    """What the case said before the list of known failures: behind `expected` a fail, behind `stale` a pass."""
    seconds: float
    rule: str = ""
    """The rule that was broken; where none was, the one that the case judges."""
    level: str = ""
    scored: bool = True
    """Whether it counts in the suite's profile; a rule that is newer does not."""
    witness: list[str] = []
    """Who saw what was held against the rules, the most trusted first: journal, avatar, probe, process, driver."""
    reason: str = ""
    seen: str = ""
    expected: str = ""
    actual: str = ""
    lacks: str = ""
    """What the environment would need."""
    broken: list[str] = []
    """Every rule that was broken, those of warnings too."""
    warnings: list[str] = []
    journal: list[str] = []
    """The last requests that the mock vendor saw."""
    stderr: list[str] = []
    """The driver's last words."""
    trace: str = ""
    """Of a fault of ours."""
    reproduce: str = ""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one implementation."""

    implementation: str
    counts: dict[str, int]
    conformant: bool | None
    """Of the cases that count; None where none of them failed and not all was judged."""
    conformance: str
    """The same in words."""
    profile: str = ""
    """Which rules make conformant; empty in reports of before there were profiles."""
    not_scored: dict[str, int] = {}
    """How many cases of each verdict do not count there."""
    unjudged: list[str] = []
    """The rules of the profile that no case of its suites judges."""
    whole: bool | None = None
    """Every case of its suites ran, verified or not; None in reports of before."""
    complete: bool
    """Every case of its suites was judged."""

    @property
    def profile_told(self) -> str:
        """The profile with what does not count there; empty where the report has none."""
        return with_not_scored(self.profile, self.not_scored)


class Footer(Line, frozen=True, kw_only=True):
    """The end: a report without it was cut."""

    cases: int
    """How many lines of cases stand before it."""
    judged: list[Judged]
    complete: bool
    exit_code: int
    seconds: float
    others_failed: bool = False
    """A test of the run failed that is no case, or a process that ran cases was lost."""
    refusals: list[str] = []
    """Why nothing was judged."""
    notes: list[str] = []


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report; `file` is how its reader named it."""

    file: str
    header: Header
    cases: list[Case]
    footer: Footer
