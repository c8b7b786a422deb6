"""What a report makes of a list: what stays, what goes, what comes."""

from dataclasses import replace

import pytest

from mockvendors.conformance.expectations import PLACEHOLDER, Expectation, shadowed
from mockvendors.conformance.expectations_update import Reason, Run, update
from mockvendors.conformance.known import with_list
from mockvendors.conformance.verdict import EXCUSABLE, Verdict
from mockvendors.report.lines import Case

V = Verdict
A, B = "core.errors.retry", "core.errors.pause"
HERE = {"os": "linux", "kind": "agents", "framework": "livekit-agents"}


def case(name, outcome="pass", *broken, verdict=None, reason=""):
    return Case(
        implementation="agents:toy",
        vendor="toy",
        case=f"test_a.py::TestA::{name}",
        verdict=verdict or outcome,
        outcome=outcome,
        seconds=0.1,
        broken=list(broken),
        reason=reason,
    )


def run(*cases, version="1.8.9", whole=True):
    return Run(cases, version, HERE, whole)


def entry(match, outcome=V.FAIL, rule=None, **more):
    return Expectation(f"test_a.py::TestA::{match}", outcome, "because", rule, **more)


def names(entries):
    return [each.match.removeprefix("test_a.py::TestA::") for each in entries]


SIZES = ("test_x[1]", "test_x[2]", "test_x[3]")


@pytest.mark.parametrize(
    ("listed", "cases", "left"),
    [
        (entry("test_x"), [case("test_x", "fail", A)], ["test_x"]),
        (entry("test_x", rule=A), [case("test_x", "fail", A)], ["test_x"]),
        (entry("test_x", V.CRASH), [case("test_x", "crash", A)], ["test_x"]),
        (entry("test_x", V.WARN), [case("test_x", "warn", A)], ["test_x"]),
        (entry("test_x[*]"), [case(name, "fail", A) for name in SIZES], ["test_x[*]"]),
        (entry("test_x[*]"), [case(SIZES[0], "fail", A), case(SIZES[1], "not verified")], ["test_x[*]"]),
        (entry("test_x[*]"), [case(SIZES[0], "fail", A), case(SIZES[1], "crash", B)], ["test_x[*]"]),
        (entry("test_x"), [case("test_x", "error")], ["test_x"]),
        (entry("test_x"), [case("test_x", "not claimed")], ["test_x"]),
        (entry("test_x", versions="<1.8"), [case("test_x")], ["test_x"]),
        (entry("test_x", when=frozenset({("os", "darwin")})), [case("test_x")], ["test_x"]),
        (entry("test_x"), [case("test_x")], []),
        (entry("test_x"), [case("test_x", "warn", A)], []),
        (entry("test_x", versions=">=1.8"), [case("test_x")], []),
        (entry("test_gone"), [case("test_x")], []),
        (entry("test_x[*]"), [case(name) for name in SIZES], []),
        (entry("test_x[*]"), [case(SIZES[0], "fail", A), case(SIZES[1]), case(SIZES[2], "fail", A)], [SIZES[0], SIZES[2]]),
        (entry("test_x[*]"), [case(SIZES[0], "error"), case(SIZES[1])], [SIZES[0]]),
        (entry("test_x[*]"), [case(SIZES[0], "fail", A), case(SIZES[1]), case(SIZES[2], "crash", A)], [SIZES[0]]),
    ],
)
def test_listed_entry(listed, cases, left):
    (fate,) = update([listed], run(*cases)).fates
    assert names(fate.stays) == left
    assert {(each.outcome, each.reason, each.rule, each.versions) for each in fate.stays} <= {
        (listed.outcome, "because", listed.rule, listed.versions)
    }
    assert bool(fate.why) is (fate.stays != (listed,))


def test_entry_that_matches_nothing_stays_where_a_part_ran():
    assert names(update([entry("test_gone")], run(case("test_x"), whole=False)).entries) == ["test_gone"]


@pytest.mark.parametrize(
    ("match", "cases", "left"),
    [
        ("test_x[*]", [case(SIZES[0])], ["test_x[*]"]),
        ("test_x[*]", [case(SIZES[0]), case(SIZES[1], "fail", A)], ["test_x[*]"]),
        ("test_x[*]", [case(SIZES[0], "crash", A)], ["test_x[*]", SIZES[0]]),
        (SIZES[0], [case(SIZES[0])], []),
    ],
)
def test_pattern_stays_where_a_part_ran(match, cases, left):
    after = update([entry(match)], run(*cases, whole=False))
    assert names(after.entries) == left
    assert [fate.open for fate in after.fates] == [match == "test_x[*]"]


@pytest.mark.parametrize(
    ("seen", "added"),
    [
        (case("test_x", "fail", A), (V.FAIL, A)),
        (case("test_x", "timeout", A), (V.TIMEOUT, A)),
        (case("test_x", "crash", A), (V.CRASH, A)),
        (case("test_x", "fail"), (V.FAIL, None)),
        *((case("test_x", outcome, A), None) for outcome in ("pass", "warn", "error", "not verified", "not claimed")),
    ],
)
def test_new_entry(seen, added):
    found = [(each.outcome, each.rule, each.reason) for each in update([], run(seen)).added]
    assert found == ([(*added, PLACEHOLDER)] if added else [])


def test_new_entry_has_the_reason_of_the_list_that_held():
    known = case("test_x", "fail", A, verdict="expected", reason="it is known (Q1)")
    assert [each.reason for each in update([], run(known), Reason("given")).added] == ["it is known (Q1)"]
    assert [each.reason for each in update([], run(case("test_x", "fail", A)), Reason("given")).added] == ["given"]


@pytest.mark.parametrize("before", [PLACEHOLDER, "", " "])
def test_entry_without_a_reason_gets_the_one_that_is_given(before):
    waiting = [replace(entry(name), reason=before) for name in ("test_x", "test_y")]
    ran = run(case("test_x", "fail", A), case("test_y", "not claimed"), case("test_z", "fail", A))
    after = update(waiting, ran, Reason("given"))
    assert [each.reason for each in after.entries] == ["given"] * 3
    assert [fate.filled for fate in after.fates] == [True, True]
    some = update([*waiting, entry("test_z")], ran, Reason("given", ["*test_y", "*test_z"]))
    assert [each.reason for each in some.entries] == [before, "given", "because"]
    assert [each.reason for each in update(waiting, ran).entries] == [before, before, PLACEHOLDER]


def test_exact_entries_of_a_pattern_without_a_reason_get_it_too():
    listed = replace(entry("test_x[*]"), reason=PLACEHOLDER)
    after = update([listed], run(case(SIZES[0], "fail", A), case(SIZES[1])), Reason("given", ["*test_x[1]"]))
    assert [(each.match[-9:], each.reason) for each in after.entries] == [(SIZES[0], "given")]


def test_entry_of_another_outcome_or_rule_gives_way():
    for listed in (entry("test_x", V.CRASH), entry("test_x", rule=B)):
        found = update([listed], run(case("test_x", "fail", A)))
        assert found.fates[0].why == f"now: fail of {A}"
        assert [(each.outcome, each.rule, each.reason) for each in found.entries] == [(V.FAIL, A, PLACEHOLDER)]


OLD = entry("test_x", rule=A, versions="<1.8.3")
MAC = entry("test_x", rule=A, when=frozenset({("os", "darwin")}))


@pytest.mark.parametrize(
    ("listed", "cases"),
    [
        ([], [case("test_x", "fail", A), case("test_y"), case("test_z", "timeout", B)]),
        ([OLD], [case("test_x", "fail", A)]),
        ([OLD], [case("test_x", "fail")]),
        ([MAC], [case("test_x", "fail", A)]),
        ([OLD, MAC], [case("test_x", "fail")]),
        ([entry("test_x[*]"), entry(SIZES[1], V.CRASH)], [case(SIZES[0], "fail", A), case(SIZES[1], "crash", A), case(SIZES[2])]),
        ([entry("test_x[*]", rule=A), entry("*", rule=A)], [case(SIZES[0], "fail", A), case(SIZES[1])]),
        ([entry("test_*", rule=A), entry("test_x[*]", rule=B)], [case(SIZES[0], "fail", A), case("test_y", "fail", B)]),
        ([entry("test_x[*]")], [case(SIZES[0], "fail", A), case(SIZES[1], "error")]),
    ],
)
def test_a_run_with_the_list_after_is_green_and_changes_nothing_more(listed, cases):
    ran = run(*cases)
    after = update(listed, ran).entries
    assert shadowed(after, [each.case for each in cases]) == []
    for each in cases:
        its = [e for e in after if e.matches(each.case) and e.applies_to(ran.version, HERE)]
        outcome = V(each.outcome)
        said = with_list(its, outcome, set(each.broken) or ({None} if outcome is not V.PASS else set()))
        assert said is (V.EXPECTED if outcome in EXCUSABLE else outcome)
    again = update(after, ran)
    assert again.entries == after
    assert not again.added


def test_entries_for_other_versions_and_machines_keep_their_say():
    assert OLD in update([OLD], run(case("test_x", "fail", A))).entries
    assert MAC in update([MAC], run(case("test_x", "fail", A))).entries
    (new,) = update([OLD], run(case("test_x", "fail", A))).added
    assert (new.versions, new.applies_to("1.8.9", HERE), new.applies_to("1.8.2", HERE)) == ("==1.8.9", True, False)
