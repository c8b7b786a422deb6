"""The verdict of a run in words: counts, what is known, why it is not conformant, and what an exit code wants."""

from collections import Counter
from collections.abc import Collection, Iterator

from mockvendors.conformance import verdict
from mockvendors.conformance.results import CaseResult
from mockvendors.conformance.verdict import EXIT, NOT_CONFORMANT, UNJUDGED, Verdict
from mockvendors.report.words import counted, with_not_scored

COUNTED = {
    Verdict.FAIL: ("{} failed", "{} failed"),
    Verdict.TIMEOUT: ("{} timed out", "{} timed out"),
    Verdict.CRASH: ("{} crashed", "{} crashed"),
    Verdict.STALE: ("{} listed failure passed", "{} listed failures passed"),
    Verdict.EXPECTED: ("{} listed failure", "{} listed failures"),
    Verdict.ERROR: ("{} ended in a fault of ours", "{} ended in a fault of ours"),
    Verdict.NOT_VERIFIED: ("{} case not verified", "{} cases not verified"),
}
"""How a reason counts one case, and more; the worst comes first."""

INCOMPLETE = "exit code 6: not everything could be verified here; --allow-incomplete makes it 0"
HARNESS = (
    "exit code 7: a fault of mockvendors or of this machine, not of the plugin, which is not judged by this run; "
    "see the errors above, and `mockvendors doctor`"
)
DRIVER = (
    "exit code 7: a fault of the driver of {}, not of the plugin, which is not judged by this run; see the errors above, "
    "and `mockvendors smoke`"
)
VENDOR = "exit code 7: a fault of {}, not of the plugin, which is not judged by this run; see the errors above"
NOT_JUDGED = "exit code 7: the plugin was not judged, and nothing is said of it; the error above names what is wrong"
"""Where no case ran, and an error says whose fault it is."""


def hints(code: int, results: Collection[CaseResult]) -> Iterator[str]:
    """Yield what the exit codes that nobody else has want of their reader, and whom they blame."""
    if code == EXIT.incomplete:
        yield INCOMPLETE
    if code != EXIT.harness:
        return
    wrong = [result for result in results if result.verdict is Verdict.ERROR]
    if not wrong or not all(result.drivers or result.whose for result in wrong):
        yield HARNESS
    for whose in dict.fromkeys(result.whose for result in wrong if result.whose):
        yield VENDOR.format(whose)
    for connect in dict.fromkeys(result.connect for result in wrong if result.drivers):
        yield DRIVER.format(connect)


def lines(results: Collection[CaseResult]) -> Iterator[str]:
    """Yield what the terminal shows below the heading, in the same order whichever of two workers was quicker."""
    results = sorted(results, key=lambda result: result.case)
    counts = {v: sum(r.verdict is v for r in results) for v in Verdict}
    yield " · ".join(f"{n} {v.value}" for v, n in counts.items() if n)
    for kind in (Verdict.EXPECTED, Verdict.STALE, Verdict.WARN):
        for result in results:
            if result.verdict is kind:
                yield f"  {kind.value}: {result.case}: {result.reason}"
    if counts[Verdict.EXPECTED]:
        yield "  (--runxfail shows what lies behind the expected ones)"
    left_out = [r.reason for r in results if r.verdict is Verdict.NOT_VERIFIED]
    yield from (f"  not verified: {counted(left_out.count(reason))}: {reason}" for reason in sorted(set(left_out)))
    if unclaimed := _unclaimed(results):
        yield f"  not claimed: {unclaimed}"
    if profile := profiles(results):
        yield f"profile: {with_not_scored(profile, not_scored(results))}"
    yield f"conformant: {conformance(results)}"


def _unclaimed(results: Collection[CaseResult]) -> str:
    """Return what is not claimed, each with the number of cases that need it: one case may need several."""
    left_out = [r for r in results if r.verdict is Verdict.NOT_CLAIMED]
    found = Counter(what for r in left_out for what in r.unclaimed or [r.reason])
    return ", ".join(f"{what} ({number})" for what, number in sorted(found.items(), key=lambda each: (-each[1], each[0])))


def heading(results: Collection[CaseResult]) -> str:
    """Return who was judged."""
    who = sorted({r.implementation for r in results if r.implementation}) or ["no implementation"]
    return f"verdict on {', '.join(who)}"


def conformance(results: Collection[CaseResult]) -> str:
    """Return yes, no with the reasons, or why it cannot be said."""
    fact, scored = is_conformant(results), _scored(results)
    unjudged = ", ".join(_reasons(scored, UNJUDGED))
    if fact is False:
        besides = f"; besides, {unjudged}" if unjudged else ""
        return f"no: {', '.join(_reasons(scored, NOT_CONFORMANT))}{besides}{_remedy(scored)}"
    if fact is None:
        return f"cannot be said: {', '.join(filter(None, [unjudged, _unsaid(results)]))}{_remedy(scored)}"
    unclaimed = sum(result.verdict is Verdict.NOT_CLAIMED for result in scored)
    return f"yes, in what it claims ({counted(unclaimed)} not claimed)" if unclaimed else "yes"


def is_conformant(results: Collection[CaseResult]) -> bool | None:
    """Return the same as a fact: of the cases that count; None where nothing failed and not all was judged."""
    fact = verdict.conformant(r.verdict for r in _scored(results))
    if not fact:
        return fact
    return True if is_whole(results) and not unjudged(results) and not _roomless(results) else None


def profiles(results: Collection[CaseResult]) -> str:
    """Return which rules make conformant: the profile of each suite, as `anam/2026.1`."""
    return ", ".join(sorted({r.profile for r in results if r.profile}))


def not_scored(results: Collection[CaseResult]) -> dict[str, int]:
    """Return how many cases of each verdict do not count."""
    found = [r.verdict for r in results if not r.scored]
    return {v.value: found.count(v) for v in Verdict if v in found}


def unjudged(results: Collection[CaseResult]) -> list[str]:
    """Return the rules of the profile that no case judges."""
    return sorted({rule for r in results for rule in r.unjudged})


def _scored(results: Collection[CaseResult]) -> list[CaseResult]:
    return [r for r in results if r.scored]


def _roomless(results: Collection[CaseResult]) -> int:
    return sum(result.roomless for result in _scored(results))


def _unsaid(results: Collection[CaseResult]) -> str:
    """Return what was not asked; empty where all was."""
    if not is_whole(results):
        return f"{counted(len(results))} of {_suite(results) or 'a larger suite'} ran"
    if roomless := _roomless(results):
        return f"{counted(roomless)} {'needs' if roomless == 1 else 'need'} a room, and `room` is not claimed"
    if not (rules := unjudged(results)):
        return ""
    first, *more = rules
    others = f" and {len(more)} more" if more else ""
    return f"no case judges {first}{others} of {profiles(results)}"


def is_whole(results: Collection[CaseResult]) -> bool:
    """Tell whether every case of a suite was judged."""
    return 0 < _suite(results) <= len(results)


def _suite(results: Collection[CaseResult]) -> int:
    return max(r.of for r in results)


def _reasons(results: Collection[CaseResult], kinds: Collection[Verdict]) -> Iterator[str]:
    for kind, (one, more) in COUNTED.items():
        found = [r for r in results if r.verdict is kind and kind in kinds]
        if found:
            lacking = sorted({r.lacks for r in found if r.lacks})
            without = f" ({', '.join(f'no {name}' for name in lacking)})" if lacking else ""
            told = (one if len(found) == 1 else more).format(len(found)) + without
            if all(r.drivers for r in found):
                told = told.replace("fault of ours", "fault of the driver")
            elif len(whose := {r.whose.partition(" (")[0] for r in found}) == 1:
                told = told.replace("fault of ours", f"fault of {whose.pop() or 'ours'}")
            yield told


def _remedy(results: Collection[CaseResult]) -> str:
    lacking = sorted({r.lacks for r in results if r.verdict is Verdict.NOT_VERIFIED and r.lacks})
    return f"; run with a {' and a '.join(lacking)}, see `mockvendors doctor`" if lacking else ""
