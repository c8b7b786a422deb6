"""The record of the proof: each MUST rule has a mutant that only it catches, and the record is of the mutants as they are."""

import re

import pytest

from . import judged, page, proof
from .rules import IMPLIED, levels, need_a_mutant


@pytest.fixture(scope="module")
def proofs():
    return proof.read(proof.RECORD)


def test_every_must_rule_has_a_mutant_that_only_it_catches(proofs):
    missing = sorted(set(need_a_mutant()) - set(proof.own(proofs.values())))
    assert missing == [], "make mutants PROOF=1 looks for one among the mutants of these rules"


def test_proofs_are_of_the_mutants_as_they_are(proofs):
    rules = {mutant.name: mutant.rule for mutant in judged.mutants()}
    gone = sorted(set(proofs) - set(rules))
    changed = {
        name for name in set(proofs) & set(rules) if (proofs[name].rule, proofs[name].file) != (rules[name], judged.digest(name))
    }
    assert gone == []
    assert sorted(changed) == [], "make mutants PROOF=1 proves them anew"


def test_every_mutant_that_was_run_whole_is_failed_by_its_rule(proofs):
    assert {name for name, each in proofs.items() if each.rule not in each.by} == set()


def test_what_is_implied_is_so(proofs):
    """A rule that could have a mutant of its own after all is no longer to be listed; so is one whose reason is none."""
    assert set(IMPLIED) <= set(need_a_mutant())
    assert {each.mutant for each in proofs.values() if each.rule in IMPLIED and set(each.by) == {each.rule}} == set()
    assert all(other in levels() for implied in IMPLIED.values() for other in implied.by)


def test_page_tells_what_is_on_record(proofs):
    told = page.PAGE.read_text().partition(page.BEGIN)[2].partition(page.END)[0]
    assert told == f"\n{page.render(proofs, judged.mutants(), need_a_mutant())}", "make mutants PROOF=1 writes docs/mutants.md"
    assert re.search(r"mutants, \d{4}-\d\d-\d\d", told)
