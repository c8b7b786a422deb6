"""Somebody else's suite is judged by mutants that nobody wrote for it: examples/acme/mutants.toml, from installed wheels.

By default some of each kind; MOCKVENDORS_MUTANTS=all takes every one, and the correct plugin.
"""

import json
import os

import pytest

from tests.examples.test_acme import ACME, their, tools  # noqa: F401 - fixtures
from tests.packaging.conftest import wheel  # noqa: F401 - a fixture

SOME = ("interrupt_ignored", "key_missing", "no_pause", "refusal_retried", "status_lost", "token_kind")
EVERY_ONE = os.environ.get("MOCKVENDORS_MUTANTS") == "all"
AT_LEAST = 90
"""Of the generic mutants that fit Acme; 25 would show it."""


def judged(their, tmp_path, *only):  # noqa: F811 - the fixture
    options = ("--implementation=agents:acme_avatar", f"--config={ACME / 'mutants.toml'}", "--json=found.json")
    done = their("mockvendors", "mutants", "acme", *options, *(f"--only={name}" for name in only))
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((tmp_path / "found.json").read_text())


def test_acmes_suite_catches_some_of_each_kind(their, tmp_path):  # noqa: F811 - as above
    found = judged(their, tmp_path, *SOME)
    assert {each["mutant"] for each in found["mutants"]} == set(SOME)
    assert found["totals"]["caught"] == len(SOME)


@pytest.mark.skipif(not EVERY_ONE, reason="takes some minutes; MOCKVENDORS_MUTANTS=all")
def test_acmes_suite_catches_all_that_fit_it(their, tmp_path):  # noqa: F811 - as above
    found = judged(their, tmp_path)
    assert found["totals"]["caught"] >= AT_LEAST
    assert found["totals"]["clean"] == 2
    assert len(found["left_out"]) < 10
