"""Tells the person who watches a terminal which case is taking long; counts and percentages are pytest's own."""

import os
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import pytest

from mockvendors import limits
from mockvendors.conformance.known import case_id


class Watch:
    """Names a case once that runs for long, where standard output is a terminal."""

    def __init__(self, cases: Collection[pytest.Item], terminal: int) -> None:
        """`terminal` is a descriptor of its own: while a case runs, pytest takes what is written to the usual one."""
        self._cases = frozenset(case.nodeid for case in cases)
        self._terminal = terminal
        self._long = limits.scaled(limits.CASE_LONG)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one case (a hook)."""
        if item.nodeid not in self._cases:
            return (yield)
        with self._watched(case_id(item)):
            return (yield)

    @contextmanager
    def _watched(self, name: str) -> Iterator[None]:
        timer = threading.Timer(self._long, self._tell, (name,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _tell(self, name: str) -> None:
        with suppress(OSError):  # nobody watches any more
            os.write(self._terminal, f"\n{name} has been running for {self._long:g} s\n".encode())


def watch(config: pytest.Config, cases: Collection[pytest.Item]) -> None:
    """Watch the cases of a run where a person can see it; an xdist worker writes to nobody, and its controller has no cases."""
    if hasattr(config, "workerinput") or not sys.__stdout__ or not sys.__stdout__.isatty():
        return
    terminal = os.dup(sys.__stdout__.fileno())
    config.add_cleanup(lambda: os.close(terminal))
    config.pluginmanager.register(Watch(cases, terminal))
