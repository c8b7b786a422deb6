"""Runs end when nobody waits for them any more, and what a run could not say is told as a fault."""

import asyncio
import os
from contextlib import aclosing
from itertools import chain

import psutil
import pytest

from mockvendors.mutants import Kind, Mutant, Runner, Suite

MUTANT = Mutant("any", "Anything.", "core.a", "agents:any.py")
STUCK = """
import os, signal, subprocess, sys
if {deaf}:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(f"began-{{os.getpid()}}.new", "w") as file:
    print(os.getpid(), child.pid, file=file)
os.rename(file.name, file.name.removesuffix(".new"))
while True:
    signal.pause()
"""


def stuck(folder, *, deaf=False):
    """Return a suite whose run never ends, and has a child; where it is deaf, no interrupt reaches it."""
    (folder / "test_stuck.py").write_text(STUCK.format(deaf=deaf))
    return Suite(("test_stuck.py", "-c", os.devnull, "--noconftest"), folder)


def seen(folder):
    """Return the processes of the runs that have begun, a list for each."""
    return [[int(word) for word in file.read_text().split()] for file in folder.glob("began-*") if file.suffix != ".new"]


async def began(folder, runs=1):
    """Return the processes of all runs, once that many have begun."""
    async with asyncio.timeout(60):
        while len(found := seen(folder)) < runs:  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.02)
    return list(chain.from_iterable(found))


def gone(pids):
    """Tell whether they all end, or have ended, within ten seconds."""
    processes = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return not psutil.wait_procs([each for each in processes if each.status() != psutil.STATUS_ZOMBIE], timeout=10)[1]


@pytest.mark.parametrize("deaf", [False, True])
async def test_cancel_leaves_no_process(tmp_path, monkeypatch, deaf):
    monkeypatch.setattr("mockvendors.mutants.runner.END_LIMIT", 1.0)
    task = asyncio.create_task(Runner(stuck(tmp_path, deaf=deaf)).judge(MUTANT))
    pids = await began(tmp_path)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gone(pids)


async def test_limit_is_a_fault_and_leaves_no_process(tmp_path):
    outcome = await Runner(stuck(tmp_path), limit=5.0).judge(MUTANT)
    assert (outcome.kind, outcome.told) == (Kind.FAULT, "its run took longer than 5 s")
    assert gone(chain.from_iterable(seen(tmp_path)))  # none, where the machine was too busy for it to begin


async def test_cancel_of_many_ends_them_all(tmp_path):
    suite = stuck(tmp_path)

    async def all_of_them():
        async with aclosing(Runner(suite).judge_all([MUTANT] * 3, jobs=2)) as outcomes:
            async for _ in outcomes:
                pass

    task = asyncio.create_task(all_of_them())
    pids = await began(tmp_path, runs=2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gone(pids)
    assert len(pids) == 4


async def test_run_that_judged_nothing_is_a_fault_with_its_last_words(tmp_path):
    (tmp_path / "test_none.py").write_text("raise SystemExit('no suite of anybody')")
    outcome = await Runner(Suite(("test_none.py", "-c", os.devnull, "--noconftest"), tmp_path)).judge(MUTANT)
    assert outcome.kind is Kind.FAULT
    assert outcome.code not in {0, 1}
    assert outcome.told


REFERENCE = Mutant("reference", "Nothing.", "", "agents:reference.py")
MANY = [Mutant(f"m{number}", "Anything.", "core.a", f"agents:m{number}.py") for number in range(9)]


@pytest.mark.parametrize(
    ("runner", "jobs", "sizes"),
    [
        (Runner(Suite(()), together=4), 2, [1, 4, 4, 1]),
        (Runner(Suite(())), 2, [1, 5, 4]),
        (Runner(Suite(())), 1, [1, 8, 1]),
        (Runner(Suite(()), together=1), 2, [1] * 10),
        (Runner(Suite(()), whole=True), 2, [1] * 10),
    ],
)
def test_mutants_share_a_run_unless_each_gets_every_case(runner, jobs, sizes):
    shares = list(runner.shares([*MANY, REFERENCE], jobs))
    assert [len(share) for share in shares] == sizes
    assert shares[0] == ((MANY[0],) if runner.whole else (REFERENCE,))
    assert {mutant for share in shares for mutant in share} == {*MANY, REFERENCE}


async def test_whoever_a_run_of_several_does_not_catch_is_judged_alone(tmp_path):
    """This run of several reports nothing, and so does each alone, which tells what is wrong."""
    (tmp_path / "test_none.py").write_text(
        "import sys; open('ran', 'a').write(' '.join(sys.argv) + chr(10)); raise SystemExit('no')"
    )
    runner = Runner(Suite(("test_none.py", "-c", os.devnull, "--noconftest"), tmp_path))
    found = await runner.judge_some(MANY[:2])
    assert [(outcome.mutant, outcome.kind) for outcome in found] == [(MANY[0], Kind.FAULT), (MANY[1], Kind.FAULT)]
    together, *alone = (tmp_path / "ran").read_text().splitlines()
    assert together.count("--own-rule") == 2
    assert ["--rule=core.a" in line and "--own-rule" not in line for line in alone] == [True, True]
