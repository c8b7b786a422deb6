"""What pytest loads: options, the verdict of each case, the summary and the exit code.

Loaded in every pytest run of an environment that holds mockvendors, so it imports nothing heavy and does nothing until a
case (a test with the mark `rule`) is met.
"""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

RULE = "rule"

pytest_plugins = ["mockvendors.conformance.fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the judge."""
    group = parser.getgroup("mockvendors", "mockvendors: judging an avatar plugin")
    group.addoption(
        "--implementation",
        metavar="agents:MODULE",
        help="the plugin to judge: agents:livekit.plugins.anam (a module) or agents:./my_plugin.py (a file); "
        "default: the vendor's published plugin",
    )
    group.addoption(
        "--implementation-python",
        metavar="PYTHON",
        help="interpreter of the environment that holds the plugin; default: this one",
    )
    group.addoption(
        "--expectations",
        metavar="FILE",
        type=Path,
        help="TOML file of the implementation's known failures; default: the suite's own list for the published plugin",
    )
    group.addoption(
        "--allow-incomplete",
        action="store_true",
        help="exit 0 although some cases could not be verified here (no LiveKit server)",
    )

    group.addoption(
        "--rule",
        metavar="ID",
        help="run only the cases that check this rule, by their mark or in passing; the rest is deselected",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks and begin an empty run."""
    from mockvendors.conformance.run import RUN, Run  # see the module's docstring

    config.addinivalue_line("markers", "rule(id): the case judges this rule of a contract")
    config.addinivalue_line("markers", "needs(capability, ...): the case needs what the implementation claims in its greeting")
    config.stash[RUN] = Run(config)
    config.pluginmanager.register(config.stash[RUN], "mockvendors-run")


def _run(config: pytest.Config) -> Any:  # noqa: ANN401  # the Run of a module that is imported late
    from mockvendors.conformance.run import RUN  # see the module's docstring

    return config.stash[RUN]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Note every case before anything is deselected, and refuse expectations that match none."""
    cases = [item for item in items if item.get_closest_marker(RULE)]
    if cases:
        _run(session.config).collected(cases)
    if rule := session.config.getoption("--rule"):
        _select(session.config, items, cases, rule)


def _select(config: pytest.Config, items: list[pytest.Item], cases: list[pytest.Item], rule: str) -> None:
    from mockvendors.conformance.selection import chosen
    from mockvendors.errors import UsageFault

    try:
        kept = set(chosen(cases, rule))
    except UsageFault as exc:
        raise pytest.UsageError(str(exc)) from exc
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what happened into the case's verdict."""
    report = yield
    if item.get_closest_marker(RULE):
        _run(item.config).judge(item, call, report)
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Set the exit code of docs/architecture.md where cases ran."""
    session.exitstatus = _run(session.config).exit_status(int(exitstatus))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the verdict of the run."""
    _run(config).summary(terminalreporter)
