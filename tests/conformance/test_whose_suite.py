"""A mistake of our own suite is ours, to be reported; one of somebody else's names their suite."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from mockvendors.conformance.base import Cases
from mockvendors.conformance.rules import RuleBook
from mockvendors.contract import Contract
from mockvendors.errors import HarnessFault, VendorFault
from suites.anam.traits import ANAM

from .running import ROOT

OURS, THEIRS = ROOT / "suites" / "anam", Path(__file__).parent
NAMES = "a case names the rule 'anam.no.rule', which no contract holds"


def asked(folder):
    with pytest.raises(HarnessFault) as caught:
        RuleBook(Contract.load("anam"), folder)("anam.no.rule")
    return caught.value


def test_a_rule_that_our_own_suite_names_is_to_be_reported():
    fault = asked(OURS)
    assert type(fault) is HarnessFault
    assert str(fault) == f"{NAMES}, in mockvendors' own suite of anam. Report it"


def test_a_rule_that_a_case_of_ours_names_is_ours_whoever_inherits_it(tmp_path):
    assert type(asked(tmp_path)) is HarnessFault  # no line of that folder led here


def test_a_rule_that_their_case_names_is_theirs():
    fault = asked(THEIRS)  # where this line is
    assert isinstance(fault, VendorFault)
    assert fault.whose == "the suite of anam"
    assert str(fault).startswith(f"{NAMES}. ")


@pytest.mark.parametrize(
    ("place", "kind"),
    [("lib/cases.py", VendorFault), (".venv/lib/python3.11/site-packages/pytest/run.py", HarnessFault)],
)
def test_a_rule_that_a_file_below_the_suite_names_is_theirs_and_that_of_a_package_is_not(tmp_path, place, kind):
    """`named` is compiled as if it stood there."""
    named = {"asked": asked}
    exec(compile("def named(folder):\n    return asked(folder)\n", tmp_path / place, "exec"), named)  # noqa: S102
    assert type(named["named"](tmp_path)) is kind


@pytest.mark.parametrize(("description", "kind"), [(ANAM.description, HarnessFault), (THEIRS / "plugin.py", VendorFault)])
def test_a_token_that_our_own_traits_look_for_in_vain_is_to_be_reported(description, kind):
    body = {"room": {"token": {"jwt": {"sub": "agent"}}}}
    vendor = SimpleNamespace(journal=SimpleNamespace(entries=[SimpleNamespace(body=body)]), sessions=[1])
    made = SimpleNamespace(traits=replace(ANAM, description=description), body=lambda vendor: vendor.journal.entries[0].body)
    with pytest.raises(HarnessFault) as caught:
        Cases.claims(made, vendor)
    assert type(caught.value) is kind
    assert "a token stands at /room/token of the start that the vendor accepted" in str(caught.value)
