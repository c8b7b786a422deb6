"""Runs of the suite, two at a time, begun before the first test asks."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from . import judged

AT_A_TIME = 2


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> Iterator[Callable[[judged.Mutant], judged.Run]]:
    """Return the run of a mutant on its rule's cases, of the reference on all; those of all chosen tests begin in their order."""
    futures: dict[str, Future[judged.Run]] = {}
    with ThreadPoolExecutor(AT_A_TIME) as workers:

        def begin(mutant: judged.Mutant) -> Future[judged.Run]:
            if mutant.name not in futures:
                chosen = (f"--rule={mutant.rule}",) if mutant.rule else ()
                futures[mutant.name] = workers.submit(judged.judge, mutant.path, *chosen)
            return futures[mutant.name]

        for item in request.session.items:
            if "runs" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec"):
                begin(item.callspec.params["mutant"])
        yield lambda mutant: begin(mutant).result()
        workers.shutdown(cancel_futures=True)
