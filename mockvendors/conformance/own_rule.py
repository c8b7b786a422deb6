"""`-p mockvendors.conformance.own_rule`: several implementations in one run, one after the other, each by one rule of its own.

For mutants (docs/mutants.md): a process for each would spend most of its time on its own start. Only the driver of whose
turn it is runs, so that many implementations take no more memory than one.
"""

from collections.abc import Generator

import pytest

from mockvendors.conformance.implementation import of_case
from mockvendors.conformance.run import RUN
from mockvendors.conformance.selection import checked


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says whose rule it is."""
    parser.addoption(
        "--own-rule",
        nargs=2,
        action="append",
        default=[],
        metavar=("KIND:WHAT", "ID"),
        help="judge this --implementation by the cases that check this rule alone",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to choose."""
    config.pluginmanager.register(_Turns(dict(config.getoption("--own-rule"))), "mockvendors-own-rule")


class _Turns:
    """Whose turn it is."""

    def __init__(self, rules: dict[str, str]) -> None:
        self._rules = rules
        self._later: list[pytest.Item] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave the cases of the first implementation, whose driver is started next; the others come back below (a hook)."""
        chosen: dict[str, list[pytest.Item]] = {text: [] for text in self._rules}
        for item in items:
            text = of_case(item).text if getattr(item, "cls", None) else ""
            if text in chosen and self._rules[text] in checked(item):
                chosen[text].append(item)
        kept = [item for cases in chosen.values() for item in cases]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        first = next((cases for cases in chosen.values() if cases), [])
        items[:], self._later = first, kept[len(first) :]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the others behind the first; where that one was refused nothing is to run (a hook)."""
        session.items += self._later if session.items else []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
        """End a driver after the last case of its implementation (a hook); that of the last one ends with the run."""
        result = yield
        if nextitem is not None and of_case(nextitem) != of_case(item):
            facilities = item.config.stash[RUN].facilities
            facilities.loop.run(facilities.drivers.end(of_case(item)))
        return result
