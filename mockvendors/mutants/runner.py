"""Runs the suite on mutants, a process for some of them, several at a time, and leaves none behind."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mockvendors.errors import UsageFault
from mockvendors.mutants.mutant import Mutant
from mockvendors.mutants.outcome import Outcome, caught, fault, judged
from mockvendors.report.read import read

RUN_LIMIT = 300.0
"""Seconds for one run: of one rule's cases (at most 25) on some mutants, or of a whole suite beside another run, on a busy
machine."""
TOGETHER = 8
"""Mutants in one run at most: its own start is then a tenth of its work, and who watches still sees some every half minute."""
OWN_RULE = "mockvendors.conformance.own_rule"
"""The plugin of pytest that judges each of several by its own rule."""
END_LIMIT = 20.0
"""Seconds that an interrupted run is given to end what it started itself; then its group is killed."""


@dataclass(frozen=True)
class Suite:
    """What pytest is to run, and where."""

    arguments: tuple[str, ...]
    """Such as `suites/anam`, or `--pyargs acme_suite`; connect strings and the report are added."""
    folder: Path = field(default_factory=Path.cwd)


@dataclass(frozen=True)
class Runner:
    """Judges mutants by one suite."""

    suite: Suite
    whole: bool = False
    """Run every case on a mutant, and not only those of its rule; a correct implementation always gets every case."""
    limit: float = RUN_LIMIT
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of the runs beside our own, such as LIVEKIT_URL."""
    together: int = TOGETHER
    """Mutants in one run at most, where each is judged by the cases of its rule."""

    async def judge(self, mutant: Mutant) -> Outcome:
        """Run the suite on one mutant. A cancel ends the run first; whatever else goes wrong is an outcome."""
        begin = time.monotonic()
        chosen = [f"--rule={mutant.rule}"] if mutant.rule and not self.whole else []
        with tempfile.TemporaryDirectory(prefix="mockvendors-mutant-") as folder:
            printed, report = Path(folder, "printed"), Path(folder, "report.jsonl")
            code = await self._run([f"--implementation={mutant.connect}", *chosen], printed, report)
            return self._outcome(mutant, code, printed, report, time.monotonic() - begin)

    async def judge_some(self, mutants: Collection[Mutant]) -> list[Outcome]:
        """Run the suite once on mutants of `shares`; each that was not caught there is judged once more, alone, which counts."""
        found = await self._caught(mutants) if len(mutants) > 1 else {}
        return [found[mutant] if mutant in found else await self.judge(mutant) for mutant in mutants]

    def shares(self, mutants: Iterable[Mutant], jobs: int = 2) -> Iterator[tuple[Mutant, ...]]:
        """Yield who is judged in one run: who gets every case alone and first, the others in shares that keep all jobs busy."""
        alone, others = list[Mutant](), list[Mutant]()
        for mutant in mutants:
            (alone if self.whole or not mutant.rule else others).append(mutant)
        yield from ((mutant,) for mutant in alone)
        size = max(1, min(self.together, -(-len(others) // jobs)))
        yield from (tuple(others[begin : begin + size]) for begin in range(0, len(others), size))

    async def judge_all(self, mutants: Iterable[Mutant], jobs: int = 2) -> AsyncGenerator[Outcome, None]:
        """Yield outcomes as they come, `jobs` runs at a time.

        A cancel ends them all, and so does whoever stops listening: use `contextlib.aclosing`.
        """
        waiting, running = list(self.shares(mutants, jobs)), set[asyncio.Task[list[Outcome]]]()
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    running.add(asyncio.create_task(self.judge_some(waiting.pop(0))))
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for outcome in (outcome for task in done for outcome in task.result()):
                    yield outcome
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _caught(self, mutants: Collection[Mutant]) -> dict[Mutant, Outcome]:
        """Return those that one run catches by their rules; none where it did not come to its end."""
        who = [f"--implementation={mutant.connect}" for mutant in mutants]
        rules = [word for mutant in mutants for word in ("--own-rule", mutant.connect, mutant.rule)]
        with tempfile.TemporaryDirectory(prefix="mockvendors-mutants-") as folder:
            printed, report = Path(folder, "printed"), Path(folder, "report.jsonl")
            code = await self._run(["-p", OWN_RULE, *who, *rules], printed, report)
            return {outcome.mutant: outcome for outcome in _caught(mutants, code, printed, report)}

    async def _run(self, options: Collection[str], printed: Path, report: Path) -> int | None:
        """Return the exit code of a run; None where its limit passed."""
        with printed.open("wb") as out:
            process = await self._begin([*options, f"--conformance-report={report}"], out)
        try:
            async with asyncio.timeout(self.limit):
                return await process.wait()
        except TimeoutError:
            return None
        finally:
            await _end(process)

    async def _begin(self, options: Collection[str], out: BinaryIO) -> Process:
        return await asyncio.create_subprocess_exec(
            *[sys.executable, "-P", "-m", "pytest", *self.suite.arguments, *options, "-q", "-p", "no:cacheprovider"],
            cwd=self.suite.folder,
            env={**os.environ, **self.environment},
            stdin=DEVNULL,
            stdout=out,
            stderr=STDOUT,
            start_new_session=True,  # an interrupt of the terminal reaches it once, from here
        )

    def _outcome(self, mutant: Mutant, code: int | None, printed: Path, report: Path, seconds: float) -> Outcome:
        output = printed.read_text(errors="replace")
        if code is None:
            return fault(mutant, f"its run took longer than {self.limit:g} s", None, output, seconds)
        try:
            whole = read(report)
        except UsageFault as none:
            said = next((line for line in reversed(output.splitlines()) if line.strip()), "") or str(none)
            return fault(mutant, said, code, output, seconds)
        if code >= 0 and code != whole.footer.exit_code:  # LiveKit's native threads may abort an interpreter that has said all
            return fault(
                mutant, f"the run ended with {code}, and its report says {whole.footer.exit_code}", code, output, seconds
            )
        return judged(mutant, whole, output, seconds)


def _caught(mutants: Collection[Mutant], code: int | None, printed: Path, report: Path) -> Iterator[Outcome]:
    """Yield those that a run of several caught, whose exit code is that of its report."""
    with suppress(UsageFault):
        whole = read(report)
        if code is not None and (code < 0 or code == whole.footer.exit_code):
            yield from caught(mutants, whole, printed.read_text(errors="replace"))


def judge_now(runner: Runner, mutant: Mutant) -> Outcome:
    """Judge one mutant from code that is not asynchronous, such as a thread."""
    return asyncio.run(runner.judge(mutant))


def judge_some_now(runner: Runner, mutants: Collection[Mutant]) -> list[Outcome]:
    """Judge mutants of `shares` from code that is not asynchronous, such as a thread."""
    return asyncio.run(runner.judge_some(mutants))


async def _end(process: Process) -> None:
    """Interrupt a run that goes on still, so that it ends its drivers and servers; then kill what is left of its group."""
    if process.returncode is not None:
        return
    try:
        process.send_signal(signal.SIGINT)
        with suppress(TimeoutError):
            async with asyncio.timeout(END_LIMIT):
                await process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
