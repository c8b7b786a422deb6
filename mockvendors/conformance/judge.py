"""The verdict of one phase of one case: what it said, whose fault that is, and what the list of known failures makes of it."""

import json
from collections.abc import Collection
from dataclasses import dataclass

import pytest

from mockvendors.conformance import verdict
from mockvendors.conformance.blame import excuse, lie, of_suite
from mockvendors.conformance.expectations import Expectation
from mockvendors.conformance.implementation import asked, of_case
from mockvendors.conformance.known import Known, broken_rules, excusing, with_list
from mockvendors.conformance.scene import Scene, scene
from mockvendors.conformance.verdict import EXCUSABLE, LIVEKIT, NotVerified, Verdict
from mockvendors.drivers.ends import Unsupported
from mockvendors.errors import DriverFault, EnvironmentFault, MockvendorsError, VendorFault

BLAMES = frozenset({Verdict.FAIL, Verdict.TIMEOUT, Verdict.CRASH, Verdict.ERROR})
"""What is said of a case only while its LiveKit server and its avatar are well."""

GOT_NO_FURTHER = {
    Verdict.TIMEOUT: "an end within the limit",
    Verdict.CRASH: "that the implementation's process goes on",
}
"""What was expected of a case that ended without a comparison."""


@dataclass(frozen=True)
class Judgement:
    """What a phase of a case is worth."""

    verdict: Verdict
    reason: str
    """In words, for the summary."""
    text: str | None = None
    """What a person reads instead of a traceback through the harness; None where the traceback tells more."""
    lacks: str = ""
    """What the environment would need, in a word."""
    outcome: Verdict = Verdict.PASS
    """The verdict before the list of known failures."""
    broken: frozenset[str] = frozenset()
    """The rules that were broken, as far as they are known."""
    drivers: bool = False
    """Whether it is a fault of the driver's."""
    whose: str = ""
    """Whose fault it is in words, where that is the mock or the suite of a vendor."""


def judge(item: pytest.Item, exc: BaseException | None, listed: Collection[Expectation]) -> Judgement:
    """Judge what came out of a case; `listed` are the known failures that hold for it."""
    here = scene(item)
    here.passed = exc is None
    if isinstance(exc, Unsupported):
        exc = lie(here, exc, {name for mark in item.iter_markers("needs") for name in mark.args}) or exc
    said = verdict.of_exception(exc, warned=bool(here.check and here.check.warnings))
    if said in BLAMES and (ours := excuse(here)) is not None:
        said, exc = verdict.of_exception(ours), ours
    text = _text(item, here, said, exc)
    if said in GOT_NO_FURTHER and text is not None and _only_assumed(item, here):
        here.check.warnings.append(text)
        said = Verdict.WARN
    broken = broken_rules(said, exc, here.check.warnings if here.check else (), _rule(item))
    final = with_list(listed, said, broken)
    told = excusing(listed, said, broken) if final is Verdict.EXPECTED else listed
    known = frozenset(rule for rule in broken if rule is not None) if said in EXCUSABLE else frozenset[str]()
    drivers, whose = isinstance(exc, DriverFault), ""
    reason = _stale(item, told) if final is Verdict.STALE else _reason(final, exc, here, told)
    if said is Verdict.ERROR:
        whose = exc.whose if isinstance(exc, VendorFault) else of_suite(item, exc)
    return Judgement(final, reason, text, _lacks(exc), said, known, drivers, whose)


def _rule(item: pytest.Item) -> str | None:
    mark = item.get_closest_marker("rule")
    return str(mark.args[0]) if mark is not None and mark.args else None


def _only_assumed(item: pytest.Item, here: Scene) -> bool:
    """Tell whether the case's rule is an assumption: on that alone no plugin fails."""
    rule = _rule(item)
    return rule is not None and here.check is not None and here.check.rules(rule).level == "assumed"


def _text(item: pytest.Item, here: Scene, said: Verdict, exc: BaseException | None) -> str | None:
    """Return what alone says what is wrong; a traceback through the harness does not."""
    rule = _rule(item)
    if said in GOT_NO_FURTHER and here.check is not None and rule is not None:
        return str(here.check.ended(rule, GOT_NO_FURTHER[said], str(exc)))
    if said in GOT_NO_FURTHER or isinstance(exc, verdict.RuleBroken):
        return str(exc)
    if said is Verdict.ERROR and isinstance(exc, MockvendorsError):
        again = f"\n  reproduce: {here.check.reproduce}" if here.check is not None else ""
        return f"{_blamed(exc)}, not the plugin's: {exc}{again}"
    return None


def _blamed(exc: MockvendorsError) -> str:
    """Return whose fault an error is, in the fewest words."""
    if isinstance(exc, VendorFault):
        return f"fault of {exc.whose.partition(' (')[0]}"
    return "driver fault" if isinstance(exc, DriverFault) else "harness fault"


def _reason(final: Verdict, exc: BaseException | None, here: Scene, listed: Collection[Expectation]) -> str:
    """Say why in words; `listed` are the entries that made it expected."""
    if final is Verdict.EXPECTED:
        return "; ".join(dict.fromkeys(entry.told for entry in listed))
    if final is Verdict.WARN:
        return "; ".join(str(text).splitlines()[0] for text in here.check.warnings)
    return str(exc) if exc is not None else ""


def _stale(item: pytest.Item, listed: Collection[Expectation]) -> str:
    """Say that listed failures passed. Of several implementations of a run another that the list holds for may still fail so."""
    yet = f", yet it passed with {of_case(item).text}" if len(asked(item.config)) > 1 else ", yet it passed"
    others = Known(item.config).beside(item)
    bound = ""
    if others:
        first = others[0] if len(others) == 1 else "KIND:WHAT"
        bound = f"; if {' or '.join(others)} still fails so, keep it with when = {{ implementation = {json.dumps(first)} }}"
    told = [f"listed as {e.outcome.value} ({e.reason}){yet}: remove the entry {e.match!r}" for e in listed]
    return "; ".join(told) + bound


def _lacks(exc: BaseException | None) -> str:
    if isinstance(exc, NotVerified):
        return exc.lacks
    return LIVEKIT if isinstance(exc, EnvironmentFault) else ""
