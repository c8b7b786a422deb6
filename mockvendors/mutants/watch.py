"""Judges many mutants while somebody watches: a bar on a terminal, else a line each; both on stderr."""

import asyncio
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import aclosing, contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mockvendors.mutants.mutant import Mutant
from mockvendors.mutants.outcome import Outcome
from mockvendors.mutants.runner import Runner

Tell = Callable[[Outcome], None]


def judge_watched(
    runner: Runner, mutants: Collection[Mutant], jobs: int = 2, take: Tell = lambda _: None, title: str = "mutants"
) -> list[Outcome]:
    """Return all outcomes; `take` is given each as it comes, so that none is lost with what follows.

    Raises KeyboardInterrupt, by Ctrl-C, SIGTERM or SIGHUP, after every run has been ended.
    """
    found: list[Outcome] = []
    with _shown(title, len(mutants)) as show:

        def tell(outcome: Outcome) -> None:
            found.append(outcome)
            take(outcome)
            show(outcome)

        asyncio.run(_judge(runner, mutants, jobs, tell))
    return found


async def _judge(runner: Runner, mutants: Collection[Mutant], jobs: int, tell: Tell) -> None:
    task = asyncio.current_task()
    ended = False

    def end() -> None:
        nonlocal ended
        ended = True
        if task is not None:
            task.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, end)
    try:
        async with aclosing(runner.judge_all(mutants, jobs)) as outcomes:
            async for outcome in outcomes:
                tell(outcome)
    except asyncio.CancelledError:
        if ended:
            raise KeyboardInterrupt from None
        raise


@contextmanager
def _shown(title: str, total: int) -> Iterator[Tell]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console, total)
        return
    name = TextColumn("{task.fields[last]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), name)
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(title, total=total, last="")

        def tell(outcome: Outcome) -> None:
            if not outcome.good:
                progress.console.print(_line(outcome), style="red", highlight=False, markup=False)
            progress.update(bar, advance=1, last=outcome.mutant.name)

        yield tell


class _Lines:
    """One line each, for a log."""

    def __init__(self, console: Console, total: int) -> None:
        self._console, self._total, self._count = console, total, 0

    def __call__(self, outcome: Outcome) -> None:
        self._count += 1
        text = f"{self._count:4}/{self._total}  {_line(outcome)}"
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


def _line(outcome: Outcome) -> str:
    told = f": {outcome.told}" if outcome.told else ""
    return f"{outcome.seconds:5.1f} s  {outcome.kind}  {outcome.mutant.name}{told}"
