"""The event loop of the cases: one for the whole run, ours, whatever async plugin the user has and however it is set.

To pytest a case is a plain function and a fixture a plain generator: no plugin for async tests claims them, none needs to
be installed, and the user's own async tests keep the loop, the mode and the scope that their settings give them.
"""

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


class CaseLoop:
    """The loop in which all cases run, and all that they share lives."""

    def __init__(self) -> None:
        # With a factory the runner never becomes the thread's current loop, which belongs to the user's own tests.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run until it is done."""
        return self._runner.run(work)

    def close(self) -> None:
        """Cancel what is left and end."""
        self._runner.close()


def in_loop(case: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Return the case as a plain function, which runs it in the loop that its class was given (see `CaseFixtures`)."""

    @functools.wraps(case)
    def run(self: Any, *args: Any, **kwargs: Any) -> None:
        self.loop.run(case(self, *args, **kwargs))

    return run


def hide_async_cases(cls: type) -> None:
    """Make each `async def test_...` of a class a plain function, those that it has of others included."""
    for name in dir(cls):
        member = inspect.getattr_static(cls, name)
        if name.startswith("test") and inspect.iscoroutinefunction(member):
            setattr(cls, name, in_loop(member))


def loop_fixture(make: Callable[..., AsyncIterator[T]]) -> Any:  # what pytest.fixture returns
    """Make a fixture of an async generator method; both of its halves run in the cases' loop."""

    @functools.wraps(make)
    def halves(self: Any, *args: Any, **kwargs: Any) -> Iterator[T]:
        values = make(self, *args, **kwargs)
        yield self.loop.run(_next(values))
        self.loop.run(_end(values))

    return pytest.fixture(halves)


async def _next(values: AsyncIterator[T]) -> T:
    return await anext(values)


async def _end(values: AsyncIterator[Any]) -> None:
    async for _ in values:
        raise RuntimeError("a fixture yields once")
