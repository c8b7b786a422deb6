"""The judge is judged: a plugin that is wrong in one known way is failed by the case of that rule, and its text says why.

By default one mutant for each kind of defect, within two minutes; MOCKVENDORS_MUTANTS=all takes every one.
"""

import os
import re

import pytest

from mockvendors.mutants import Kind, Mutant, Runner
from mockvendors.mutants.runner import judge_now

from . import judged

QUICK = {
    "address_env_unread",
    "avatar_left_behind",
    "bearer_missing",
    "body_lost",
    "channels_attribute_lies",
    "crash_in_start",
    "disclosure_not_implemented",
    "disclosure_small_ai",
    "exit_in_start",
    "fire_and_forget",
    "interrupt_ignored",
    "key_in_body",
    "max_retry_off_by_one",
    "model_not_sent",
    "names_snake_case",
    "no_pause",
    "one_failure_for_ever",
    "output_before_the_answer",
    "output_detach_raises",
    "pause_grows",
    "playback_end_guessed",
    "playback_end_unheard",
    "rate_attribute_lies",
    "rate_wrong",
    "refusal_retried",
    "second_start_hangs",
    "segment_not_ended",
    "size_half_pair",
    "size_swapped",
    "size_uninvited",
    "speech_goes_nowhere",
    "status_lost",
    "timeout_ignored",
    "token_expired",
    "token_identity_default",
    "token_kind",
    "token_logged",
    "token_on_behalf_of_itself",
    "token_other_room",
    "transient_not_retried",
}
EVERY_ONE = os.environ.get("MOCKVENDORS_MUTANTS") == "all"
ALL = {mutant.name: mutant for mutant in judged.mutants()}
CHOSEN = [mutant for name, mutant in ALL.items() if name in QUICK or EVERY_ONE]
CORRECT = judged.references()[: None if EVERY_ONE else 2]


@pytest.mark.parametrize("mutant", CORRECT, ids=lambda mutant: mutant.name)
def test_reference_is_conformant(mutant, runs):
    outcome = runs(mutant)
    assert outcome.kind is Kind.CLEAN, outcome.output
    assert "conformant: yes" in outcome.output


@pytest.mark.parametrize("mutant", CHOSEN, ids=lambda mutant: mutant.name)
def test_is_failed_by_its_rule(mutant, runs):
    outcome = runs(mutant)
    assert outcome.kind is Kind.CAUGHT, outcome.output
    case = next(case for case in outcome.failed if case.rule == mutant.rule)
    assert case.expected
    assert case.expected != case.actual
    assert re.search(r"^  journal:", outcome.output, re.MULTILINE), outcome.output  # empty where nobody was asked
    assert case.reproduce
    assert re.search(rf"^{re.escape(mutant.rule)}: .*\n  evidence: ", outcome.output, re.MULTILINE), outcome.output


@pytest.mark.parametrize("name", sorted(QUICK))
def test_quick_ones_exist(name):
    assert name in ALL


@pytest.mark.parametrize("mutant", ALL.values(), ids=lambda mutant: mutant.name)
def test_says_what_is_wrong(mutant):
    assert mutant.wrong.endswith(".")
    assert mutant.rule


def test_crash_is_told_as_a_crash(runs):
    outcome = runs(ALL["crash_in_start"])
    assert "SIGABRT" in outcome.output
    assert {case.verdict for case in outcome.failed} == {"crash"}


def test_noise_on_stdout_is_harmless():
    noisy = Mutant("noisy", "Prints.", "core.start.succeeds", "agents:tests/mutants/noisy.py")
    outcome = judge_now(Runner(judged.SUITE), noisy)
    assert outcome.kind is Kind.MISSED, outcome.output
    assert outcome.code == 0
