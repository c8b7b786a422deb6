"""Runs of the suite, two at a time, begun before the first test asks."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from mockvendors.mutants import Mutant, Outcome, Runner
from mockvendors.mutants.runner import judge_now

from . import judged

AT_A_TIME = 2


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> Iterator[Callable[[Mutant], Outcome]]:
    """Return the outcome of a mutant on its rule's cases, of a reference on all; all that are chosen begin in their order."""
    runner = Runner(judged.SUITE)
    futures: dict[str, Future[Outcome]] = {}
    with ThreadPoolExecutor(AT_A_TIME) as workers:

        def begin(mutant: Mutant) -> Future[Outcome]:
            if mutant.name not in futures:
                futures[mutant.name] = workers.submit(judge_now, runner, mutant)
            return futures[mutant.name]

        for item in request.session.items:
            if "runs" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec"):
                begin(item.callspec.params["mutant"])
        yield lambda mutant: begin(mutant).result()
        workers.shutdown(cancel_futures=True)
