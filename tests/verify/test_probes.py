"""What the contracts say may be tried: complete, cheap first, and told in one line where it is wrong."""

import copy
from dataclasses import replace

import pytest

from mockvendors import paths
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.verify import make_plan, read_tries

VENDORS = sorted(found.parent.name for found in paths.contracts().glob("*/contract.yaml"))


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_rule_is_tried_or_has_a_reason(vendor):
    tries = read_tries(Contract.load(vendor))
    tried = {attempt.rule.id for attempt in tries.tries}
    assert tried | set(tries.reasons) == set(tries.contract.rules)
    assert not tried & set(tries.reasons)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_default_budget_holds_the_plan(vendor):
    known = read_tries(Contract.load(vendor))
    plan, paid = (make_plan(known, (), {}, paid=paid) for paid in (False, True))
    assert plan.starts == 0
    assert set(plan.skipped.values()) == {"paid: it starts a session, or needs one (--paid)"}
    assert dict(paid.skipped) == {}
    assert [one.budget - one.calls for one in (plan, paid)] == [10, 10]
    assert make_plan(known, (), {}, paid=True, budget=20).needed == paid.calls == paid.needed


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_field_that_a_try_breaks_is_held_right_by_a_start(vendor):
    """But for a LiveKit room, which no data of a contract can name."""
    known = read_tries(Contract.load(vendor))
    right = {place for attempt in known.tries if attempt.is_start for place in places(attempt.body)}
    broken = {
        place: attempt.text
        for attempt in known.tries
        if attempt.starts and not attempt.is_done and not attempt.error
        for place in places(attempt.body)
    }
    lacking = {place for place in broken if not any(held == place or held.startswith(f"{place}/") for held in right)}
    assert {place for place in lacking if not place.startswith("/environment/")} == set()


def places(value, where=""):
    if isinstance(value, dict) and value:
        return {place for name, item in value.items() for place in places(item, f"{where}/{name}")}
    return {where}


def test_what_needs_a_session_is_paid_too():
    tries = read_tries(Contract.load("anam"))
    cheap = {attempt.number for attempt in make_plan(tries, (), {}, paid=False, budget=100).send}
    needs = {attempt.number for attempt in tries.tries if attempt.needs & {"session", "second"}}
    assert needs
    assert not needs & cheap


def test_a_rule_brings_what_its_tries_need():
    plan = make_plan(read_tries(Contract.load("anam")), ["anam.session.stop"], {}, paid=True, budget=100)
    assert [attempt.text for attempt in plan.send] == [
        "the slots of this key",
        "the catalogue",
        "a start with the API key",
        "stop it",
    ]


def test_the_budget_is_never_exceeded_nor_a_need_left_out():
    known = read_tries(Contract.load("anam"))
    for budget in range(1, 75):
        plan = make_plan(known, (), {}, paid=True, budget=budget)
        kept = {keep.name for attempt in plan.send for keep in attempt.keep}
        assert plan.calls <= budget
        assert all(attempt.needs <= kept for attempt in plan.send)


def tries(raw):
    return raw["x-probes"]["tries"]


def beside(raw):
    return next(one for one in tries(raw) if "request" in one)


def change(**fields):
    return lambda raw: tries(raw)[4].update(fields)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw.pop("x-probes"), "x-probes are wrong: Expected object, got null"),
        (lambda raw: tries(raw).clear(), "x-probes have no tries"),
        (lambda raw: tries(raw).insert(0, tries(raw)[4]), "the first try of x-probes does not show that the key works"),
        (lambda raw: tries(raw).insert(2, "text"), r"Expected object, got str - at x-probes.tries\[2\]"),
        (lambda raw: tries(raw)[4].pop("call"), "try 5 of x-probes has not one of call and request"),
        (change(statu=[200]), r"unknown field statu - at x-probes.tries\[4\]"),
        (change(body={}, raw="x"), "more than one of body, change, raw"),
        (change(rule="anam.no.such"), "try 5 of x-probes names the unknown rule anam.no.such"),
        (change(call="callNobody"), "names the unknown call callNobody"),
        (change(call="getSession"), "needs id, which no earlier try keeps"),
        (change(needs=["session"]), "needs session, which no earlier try keeps"),
        (change(rule="anam.call.one"), "expects no status, and anam.call.one has none"),
        (change(keep=["x"]), r"Expected object, got array - at x-probes.tries\[4\].keep"),
        (lambda raw: beside(raw).update(request="no-path"), "'no-path' is no `METHOD /path`"),
        (lambda raw: beside(raw).update(request="GET /v1/sessions"), "Use call: instead"),
        (lambda raw: raw["x-probes"]["not_tried"][0]["rules"].append("anam.none"), "names the unknown rule anam.none"),
        (change(status="200"), r"Expected array, got str - at x-probes.tries\[4\].status"),
        (lambda raw: raw["x-probes"]["not_tried"].append("text"), r"Expected object, got str - at x-probes.not_tried\[4\]"),
        (lambda raw: raw["x-probes"].update(right=[]), "Expected object, got array - at x-probes.right"),
    ],
)
def test_what_is_wrong_is_told(change, told):
    contract = Contract.load("anam")
    raw = copy.deepcopy(contract.raw)
    change(raw)
    with pytest.raises(UsageFault, match=told) as raised:
        read_tries(replace(contract, raw=raw))
    assert str(raised.value).startswith("anam/contract.yaml: ")
