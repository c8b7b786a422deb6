"""A driver that dies again and again: each death counts once, and what is left out is told once."""

import re

from mockvendors.conformance.drivers import DEATHS_ALLOWED, GIVEN_UP
from mockvendors.report.read import read

from .running import case, implementation, run

DIES = """
    import os
    import reference
    from reference import *

    class AvatarSession(reference.AvatarSession):
        async def start(self, agent_session, room):
            os._exit(3)
"""
CASES = """
    @pytest.mark.parametrize("number", range(6))
    async def test_it(self, drive, number):
        await drive.start()
"""


def test_deaths_are_counted_truly_and_told_once(tmp_path):
    path = tmp_path / "run.jsonl"
    ours = case(tmp_path, CASES, head="import pytest\n")
    code, output = run(*ours, implementation(tmp_path, DIES), f"--conformance-report={path}")
    assert code == 1, output
    assert f"{DEATHS_ALLOWED} crash · {6 - DEATHS_ALLOWED} not verified" in output
    told = f"  not verified: {6 - DEATHS_ALLOWED} cases: {GIVEN_UP}"
    assert [line for line in output.splitlines() if line.startswith("  not verified: ")] == [told]
    assert {line.reason for line in read(path).cases if line.verdict == "not verified"} == {GIVEN_UP}


def test_each_worker_counts_for_itself(tmp_path):
    """As docs/driver-protocol.md says: a worker has drivers of its own."""
    ours = case(tmp_path, CASES.replace("range(6)", "range(10)"), head="import pytest\n")
    code, output = run(*ours, implementation(tmp_path, DIES), "-n", "2", "--dist", "load")
    assert code == 1, output
    crashes = int(re.search(r"(\d+) crash · \d+ not verified", output)[1])
    assert DEATHS_ALLOWED < crashes <= 2 * DEATHS_ALLOWED, output  # each worker gets two cases at least, the quicker one the rest
