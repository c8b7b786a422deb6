"""Cases, rules and mutants know each other: no rule without a case, no case without its rule, no MUST without a mutant."""

import importlib
import inspect

import pytest

from mockvendors.conformance.base import Cases
from mockvendors.conformance.selection import RULE_ID
from mockvendors.contract import Contract, core_rules

from . import judged

VENDORS_OWN = {
    "anam.session.length": "the avatar leaves by the vendor's own clock",
    "anam.size.both-or-neither": "judged by raw HTTP: a plugin's half pair breaks core.size.half-pair-local before it is sent",
}
"""MUST rules that no plugin can break, so that no mutant is wrong in them."""


@pytest.fixture(scope="module")
def contract():
    return Contract.load("anam")


@pytest.fixture(scope="module")
def rules(contract):
    return {**core_rules(), **contract.rules}


@pytest.fixture(scope="module")
def named():
    """Return the rules that the cases of suites/anam name, each with one case that does."""
    files = (judged.ROOT / "suites/anam").glob("test_*.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(judged.ROOT))
        modules = [importlib.import_module(f"suites.anam.{path.stem}") for path in files]
    return {rule: case.__name__ for module in modules for case in cases(module) for rule in rules_of(case)}


def cases(module):
    own = inspect.getmembers(module, lambda member: inspect.isclass(member) and member.__module__ == module.__name__)
    found = [getattr(cls, name) for _, cls in own if issubclass(cls, Cases) for name in dir(cls) if name.startswith("test_")]
    assert found, module
    return found


def rules_of(case):
    """Return the ids in a case's source; a capability, as in `needs("call.one")`, is written alike and is none."""
    return {found for found in RULE_ID.findall(inspect.getsource(case)) if found.startswith(("core.", "anam."))}


def test_every_case_names_a_rule_that_exists(named, rules):
    assert {rule: case for rule, case in named.items() if rule not in rules} == {}


def test_every_core_rule_is_judged(named):
    assert set(core_rules()) - set(named) == set()


def test_every_rule_of_the_contract_is_used(named, contract):
    """By a case, or by the mock, which refuses by it."""
    text = (judged.ROOT / "contracts/anam/contract.yaml").read_text()
    code = "".join(path.read_text() for path in (judged.ROOT / "mockvendors/vendors").rglob("*.py"))
    unused = {rule for rule in contract.rules if rule not in named and text.count(rule) == 1 and rule not in code}
    assert unused == set()


def test_every_must_rule_has_a_mutant(named, rules):
    musts = {rule for rule in named if rules[rule].level != "assumed"}
    wrong_in = {mutant.rule for mutant in judged.mutants()}
    assert musts - wrong_in - set(VENDORS_OWN) == set()
    assert wrong_in & set(VENDORS_OWN) == set()


def test_every_mutant_breaks_a_must_rule_that_is_judged(named, rules):
    odd = {m.name: m.rule for m in judged.mutants() if m.rule not in named or rules[m.rule].level == "assumed"}
    assert odd == {}


def test_no_two_mutants_are_the_same_plugin():
    code = {}
    for mutant in judged.mutants():
        text = (judged.ROOT / mutant.path).read_text()
        code.setdefault(text.partition("RULE = ")[2].partition("\n")[2], []).append(mutant.name)
    assert [names for names in code.values() if len(names) > 1] == []
