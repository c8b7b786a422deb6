"""Runs of the suite, two at a time, begun before the first test asks."""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from mockvendors.mutants import Mutant, Outcome, Runner
from mockvendors.mutants.runner import judge_some_now

from . import judged

AT_A_TIME = 2


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> Iterator[Callable[[Mutant], Outcome]]:
    """Return the outcome of a mutant on its rule's cases, of a reference on all; all that are chosen begin in their order."""
    asked = (item.callspec.params["mutant"] for item in request.session.items if is_of_runs(item))
    runner = Runner(judged.SUITE)
    with ThreadPoolExecutor(AT_A_TIME) as workers:

        def begin(mutants: Collection[Mutant]) -> dict[Mutant, Future[list[Outcome]]]:
            future = workers.submit(judge_some_now, runner, mutants)
            return dict.fromkeys(mutants, future)

        futures = dict[Mutant, Future[list[Outcome]]]()
        for share in runner.shares(dict.fromkeys(asked), AT_A_TIME):
            futures |= begin(share)

        def outcome(mutant: Mutant) -> Outcome:
            if mutant not in futures:
                futures.update(begin([mutant]))
            return next(found for found in futures[mutant].result() if found.mutant == mutant)

        yield outcome
        workers.shutdown(cancel_futures=True)


def is_of_runs(item: pytest.Item) -> bool:
    return "runs" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec")
