"""Cases, rules and mutants know each other: no rule without a case, no case without its rule, no MUST without a mutant."""

import pytest

from mockvendors.contract import Contract, core_rules

from . import judged
from .rules import VENDORS_OWN, levels, musts, need_a_mutant
from .rules import named as names_of_cases


@pytest.fixture(scope="module")
def contract():
    return Contract.load("anam")


@pytest.fixture(scope="module")
def named():
    return names_of_cases()


def test_every_case_names_a_rule_that_exists(named):
    assert {rule: case for rule, case in named.items() if rule not in levels()} == {}


def test_every_core_rule_is_judged(named):
    assert set(core_rules()) - set(named) == set()


def test_every_rule_of_the_contract_is_used(named, contract):
    """By a case, or by the mock, which refuses by it."""
    text = (judged.ROOT / "contracts/anam/contract.yaml").read_text()
    code = "".join(path.read_text() for path in (judged.ROOT / "mockvendors/vendors").rglob("*.py"))
    unused = {rule for rule in contract.rules if rule not in named and text.count(rule) == 1 and rule not in code}
    assert unused == set()


def test_every_must_rule_has_a_mutant():
    wrong_in = {mutant.rule for mutant in judged.mutants()}
    assert set(need_a_mutant()) - wrong_in == set()
    assert wrong_in & set(VENDORS_OWN) == set()


def test_every_mutant_breaks_a_must_rule_that_is_judged():
    known = musts()
    assert {mutant.name: mutant.rule for mutant in judged.mutants() if mutant.rule not in known} == {}


def test_no_two_mutants_are_the_same_plugin():
    code = {}
    for mutant in judged.mutants():
        text = (judged.FOLDER / f"{mutant.name}.py").read_text()
        code.setdefault(text.partition("RULE = ")[2].partition("\n")[2], []).append(mutant.name)
    assert [names for names in code.values() if len(names) > 1] == []
