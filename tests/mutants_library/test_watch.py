"""Whoever watches sees each outcome as it comes; an interrupt leaves no run behind."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from mockvendors.mutants import Kind, Mutant, Runner, Suite
from mockvendors.mutants.watch import judge_watched

from .test_runner import began, gone, stuck

MUTANTS = [Mutant(name, "Anything.", "core.a", f"agents:{name}.py") for name in ("one", "two", "three")]


def test_each_outcome_is_taken_and_told(tmp_path, capsys):
    (tmp_path / "test_none.py").write_text("raise SystemExit('no suite of anybody')")
    runner = Runner(Suite(("test_none.py", "-c", os.devnull, "--noconftest"), tmp_path))
    taken = []
    found = judge_watched(runner, MUTANTS, jobs=3, take=taken.append)
    assert {each.mutant.name for each in found} == {"one", "two", "three"}
    assert taken == found
    assert {each.kind for each in found} == {Kind.FAULT}
    told = capsys.readouterr()
    assert told.out == ""
    assert sorted(line.split()[0] for line in told.err.splitlines()) == ["1/3", "2/3", "3/3"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_run(tmp_path, sent):
    suite = stuck(tmp_path)
    program = f"""
        from pathlib import Path
        from mockvendors.mutants import Mutant, Runner, Suite
        from mockvendors.mutants.watch import judge_watched
        mutants = [Mutant(name, "Anything.", "core.a", "agents:any.py") for name in ("one", "two")]
        try:
            judge_watched(Runner(Suite({suite.arguments!r}, Path({str(suite.folder)!r}))), mutants)
        except KeyboardInterrupt:
            print("interrupted")
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        pids = asyncio.run(began(tmp_path, runs=2))
        process.send_signal(sent)
        assert process.communicate(timeout=60)[0] == "interrupted\n"
    assert gone(pids)
