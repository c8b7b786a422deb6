"""What a report tells of one case: gathered where the case ran, as plain data that any process can be sent."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockvendors import paths
from mockvendors.conformance.implementation import of_case
from mockvendors.conformance.judge import Judgement
from mockvendors.conformance.report_header import digest
from mockvendors.conformance.scene import Scene, scene
from mockvendors.conformance.show import worth_reading
from mockvendors.conformance.verdict import BAD, Verdict
from mockvendors.conformance.witness import judged_by
from mockvendors.errors import HarnessFault
from mockvendors.redact import without_tokens
from mockvendors.report.lines import Case, Expectations, Implementation, LiveKit, Suite

JOURNAL_LINES = 12
"""As many as a failure prints."""
_PART = re.compile(r"  (evidence|seen|expected|actual|journal|reproduce): *(.*)")
"""A line of the text that `Check` writes."""
_QUIET = frozenset({Verdict.PASS, Verdict.NOT_CLAIMED})
"""Of these nobody asks what the driver printed."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """All that one case adds to a report."""

    line: Case
    who: Implementation
    suite: Suite
    livekit: LiveKit | None = None

    def without_secrets(self, known: Collection[str]) -> "Told":
        """Return it as it may be stored; `known` are the case's own secrets."""
        return msgspec.convert(_clean(msgspec.to_builtins(self), known), type(self))


def told(
    item: pytest.Item, judgement: Judgement, longrepr: object, who: Implementation, suite: Suite, *, scored: bool = True
) -> Told:
    """Return what a report tells of a case; `longrepr` is pytest's own text of its end."""
    here = scene(item)
    line = msgspec.structs.replace(_line(item, judgement, longrepr, who.connect, suite.vendor), scored=scored)
    livekit = LiveKit(version=here.livekit.version, way=here.livekit.source) if here.livekit is not None else None
    secrets = here.check.secrets if here.check is not None else ()
    return Told(line=line, who=who, suite=suite, livekit=livekit).without_secrets(secrets)


def properties(item: pytest.Item, judgement: Judgement) -> Mapping[str, str]:
    """Return what a JUnit file tells of a case beside its outcome, each a plain text; empty ones are left out."""
    mark = item.get_closest_marker("rule")
    check = scene(item).check
    told = {
        "verdict": judgement.verdict.value,
        "rule": ", ".join(sorted(judgement.broken)) or (str(mark.args[0]) if mark is not None and mark.args else ""),
        "reason": "" if judgement.verdict is Verdict.PASS else _first_line(judgement.reason),
        "implementation": scene(item).implementation or of_case(item).text,
        "reproduce": check.reproduce if check is not None else "",
    }
    return {name: without_tokens(text, check.secrets if check is not None else ()) for name, text in told.items()}


def implementation(connect: str, driver: Any, pairing: str, listed: Path | None) -> Implementation:
    """Return who is judged; `driver` is a DriverProcess that greeted, or None; `listed` the file of known failures."""
    expectations = Expectations(file=_short(listed), digest=digest(listed.read_bytes())) if listed is not None else None
    if driver is None or driver.hello is None:
        return Implementation(connect=connect, pairing=pairing, expectations=expectations)
    hello = driver.hello
    return Implementation(
        connect=connect,
        name=hello.name,
        version=hello.version,
        framework=hello.framework,
        framework_version=hello.framework_version,
        runtime=hello.runtime,
        pairing=pairing,
        capabilities=sorted(hello.capabilities),
        expectations=expectations,
    )


def _short(path: Path) -> str:
    """Return a file's path below the folder of the run, or of the suites; whoever reads a report has another machine."""
    path = path.absolute()
    below = next((folder for folder in (Path.cwd(), paths.suites().parent) if path.is_relative_to(folder)), None)
    return str(path.relative_to(below) if below is not None else path)


def _line(item: pytest.Item, said: Judgement, longrepr: object, connect: str, vendor: str) -> Case:
    from mockvendors.conformance.known import case_id

    here = scene(item)
    check = here.check
    warnings = list(check.warnings) if check is not None else []
    parts = read_text(said.text or next(iter(warnings), ""))
    rule = _rule(item, said, parts)
    return Case(
        implementation=connect,
        vendor=vendor,
        case=case_id(item),
        verdict=said.verdict.value,
        outcome=said.outcome.value,
        seconds=0.0,
        rule=rule,
        level=_level(check, rule),
        witness=judged_by(item, said),
        reason=_first_line(said.reason),
        seen=parts.get("seen", ""),
        expected=parts.get("expected", ""),
        actual=parts.get("actual", ""),
        lacks=said.lacks,
        broken=sorted(said.broken),
        warnings=[text.partition("\n  journal:")[0] for text in warnings],
        journal=_journal(check),
        stderr=_stderr(here, said.verdict),
        trace=str(longrepr) if said.text is None and said.verdict in BAD | {Verdict.ERROR} - {Verdict.STALE} else "",
        reproduce=check.reproduce if check is not None else "",
    )


def read_text(text: str) -> Mapping[str, str]:
    """Return the parts of the text of a broken rule by name, `rule` among them; nothing of any other text."""
    first, *lines = text.splitlines() or [""]
    parts: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        if found := _PART.match(line):
            current = parts.setdefault(found[1], [found[2]])
        else:
            current.append(line.strip())
    if "actual" not in parts:
        return {}
    return {"rule": first.partition(":")[0], **{name: "\n".join(told).strip() for name, told in parts.items()}}


def _rule(item: pytest.Item, said: Judgement, parts: Mapping[str, str]) -> str:
    mark = item.get_closest_marker("rule")
    marked = str(mark.args[0]) if mark is not None and mark.args else ""
    return parts.get("rule") or next(iter(sorted(said.broken)), "") or marked


def _level(check: Any, rule: str) -> str:
    if check is not None and rule:
        with suppress(HarnessFault):  # a case that names an unknown rule is told as such
            return str(check.rules(rule).level)
    return ""


def _journal(check: Any) -> list[str]:
    return [line.strip() for line in check.journal().splitlines()[-JOURNAL_LINES:]] if check is not None else []


def _stderr(here: Scene, said: Verdict) -> list[str]:
    return worth_reading(here.driver).splitlines() if here.driver is not None and said not in _QUIET else []


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


def _clean(value: Any, known: Collection[str]) -> Any:
    if isinstance(value, str):
        return without_tokens(value, known)
    if isinstance(value, list):
        return [_clean(each, known) for each in value]
    return {name: _clean(each, known) for name, each in value.items()} if isinstance(value, dict) else value
