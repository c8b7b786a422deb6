"""What pytest loads: options, the verdict of each case, the summary and the exit code.

Loaded in every pytest run of an environment that holds mockvendors, so it imports nothing heavy and does nothing until a
case (a test of a class that derives from `conformance.base.Cases`) is met.
"""

import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["mockvendors.cassettes.pytest_record"]

WARNINGS = (
    "default",  # a filter of the user's that makes warnings errors would judge the harness and its libraries, not the plugin
    "ignore:The HMAC key is:UserWarning",  # a LiveKit of the user's, given by LIVEKIT_URL, may have a short secret
)
"""Filters of a case, whatever those of the user's own tests are."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the judge."""
    group = parser.getgroup("mockvendors", "mockvendors: judging an avatar plugin")
    group.addoption(
        "--implementation",
        metavar="KIND:WHAT",
        action="append",
        help="the plugin to judge: agents:livekit.plugins.anam (a module), agents:livekit.plugins.anam==1.6.0 (a version, in an "
        "environment of its own), agents:path/to/checkout (in development) or agents:./my_plugin.py (a file); "
        "in another language node:PACKAGE, or by a driver of your own exec:PROGRAM, py:MODULE:FACTORY, image:NAME; "
        "default: the vendor's published plugin. Several are judged side by side",
    )
    group.addoption(
        "--implementation-python",
        metavar="PYTHON",
        help="interpreter of the environment that holds the plugin, or the Python to make one with; default: this one",
    )
    group.addoption(
        "--expectations",
        metavar="FILE",
        type=Path,
        help="TOML file of the implementation's known failures; default: the suite's own list for the published plugin. "
        "--runxfail shows what lies behind them",
    )
    _add_verdict_options(group)
    _add_vendor_options(group)


def _add_verdict_options(group: pytest.OptionGroup) -> None:
    """Add what makes the verdict of a run, and where it goes."""
    group.addoption(
        "--conformance-profile",
        metavar="NAME",
        help="the rules that make conformant: avatar-core/2026.1, anam/2026.1; default: the newest of the vendor's own. "
        "A rule that is newer is shown and fails the run, and is not scored",
    )
    group.addoption(
        "--conformance-report",
        metavar="FILE.jsonl",
        type=Path,
        help="write the results there, as JSON lines; `mockvendors report` prints them, and compares several. docs/reports.md",
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


def _add_vendor_options(group: pytest.OptionGroup) -> None:
    """Add who stands in for the vendor."""
    group.addoption(
        "--vendor-mode",
        choices=["mock", "record", "cassette"],
        help="who answers: a mock vendor (default); the same, recorded; a recording, inside of the plugin's own process, where "
        "no connection is opened. docs/cassettes.md",
    )
    group.addoption(
        "--cassettes",
        metavar="DIR",
        type=Path,
        help="the recording to replay, or to write; default: fixtures/cassettes/<vendor>/suite of mockvendors",
    )
    group.addoption(
        "--max-age", metavar="DAYS", type=int, help="with --vendor-mode cassette: fail when the recording is older, exit 1"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks and begin an empty run."""
    from mockvendors.conformance.run import RUN, Run  # see the module's docstring

    config.addinivalue_line("markers", "rule(id): the case judges this rule of a contract")
    config.addinivalue_line("markers", "live(why): the case is neither recorded nor replayed")
    config.addinivalue_line("markers", "needs(capability, ...): the case needs what the implementation claims in its greeting")
    config.stash[RUN] = Run(config)
    config.pluginmanager.register(config.stash[RUN], "mockvendors-run")


def _run(config: pytest.Config) -> Any:  # noqa: ANN401  # the Run of a module that is imported late
    from mockvendors.conformance.run import RUN  # see the module's docstring

    return config.stash[RUN]


def _is_case(item: pytest.Item) -> bool:
    fixtures = sys.modules.get("mockvendors.conformance.fixtures")  # not imported: nobody has derived from it
    cls = getattr(item, "cls", None)
    return fixtures is not None and isinstance(cls, type) and issubclass(cls, fixtures.CaseFixtures)


@pytest.fixture(scope="session")
def mockvendors_facilities(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Yield what the cases of mockvendors share; not for tests."""
    run = _run(request.config)
    yield run.facilities
    run.close()


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Name the installed suites by their package, not by where the environment happens to lie."""
    if "mockvendors" not in module_path.parts:
        return None
    from mockvendors.conformance.reproduce import installed

    below = installed(module_path)
    if below is None:
        return None
    nodeid = "/".join(["mockvendors", "suites", *below.parts])
    module: pytest.Module = pytest.Module.from_parent(parent, path=module_path, nodeid=nodeid)
    return module


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Tell of a file of cases that cannot be imported what is wrong with it; of another, pytest tells it as ever."""
    try:
        report = yield
    except SystemExit as error:  # out of an import, which pytest lets end the run
        if not _unloadable(collector, error):
            raise
    else:
        info = getattr(getattr(report, "call", None), "excinfo", None)  # pytest puts it there, and documents it nowhere
        if not report.failed or info is None or not _unloadable(collector, info.value):
            return report
    return pytest.CollectReport(collector.nodeid, "passed", None, [])


def _unloadable(collector: pytest.Collector, error: BaseException) -> bool:
    """Tell whether it is a file of cases that an error keeps from being imported; then nothing is judged."""
    from mockvendors.conformance.suite_import import fault

    if (told := fault(collector, error)) is None:
        return False
    _run(collector.config).refuse(told)
    return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Note every case before anything is deselected; then start what the chosen ones need, or say why nothing is judged."""
    run = _run(config)
    if run.refusals:  # a file of cases cannot be imported
        items.clear()
    with _refusing(run, items):
        _admit(run, items)
        if not run.refusals and (rule := config.getoption("--rule")) is not None:
            _select(config, items, rule)
    before = [item for item in items if _is_case(item)]
    yield
    with _refusing(run, items):
        run.prepare([item for item in items if _is_case(item)], before)


@pytest.hookimpl(trylast=True)  # last: it stands at the end of a case's name, behind the parameters of the case's own
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make each case once for each implementation, where several are named."""
    fixtures = sys.modules.get("mockvendors.conformance.fixtures")
    if fixtures is None or metafunc.cls is None or not issubclass(metafunc.cls, fixtures.CaseFixtures):
        return
    from mockvendors.conformance.implementation import PARAMETER, asked

    if len(texts := asked(metafunc.config)) > 1:
        metafunc.parametrize(PARAMETER, texts, ids=texts, indirect=True)


@contextmanager
def _refusing(run: Any, items: list[pytest.Item]) -> Iterator[None]:  # noqa: ANN401  # as above
    """Let nothing run after a mistake of the caller's, or where nothing can be judged: it is told once."""
    from mockvendors.errors import MockvendorsError

    try:
        yield
    except MockvendorsError as exc:
        run.refuse(exc)
        items.clear()


def _admit(run: Any, items: list[pytest.Item]) -> None:  # noqa: ANN401  # as above
    cases = [item for item in items if _is_case(item)]
    if cases:
        run.collected(cases)
    for case in cases:
        for warning in WARNINGS:
            case.add_marker(pytest.mark.filterwarnings(warning))


def _select(config: pytest.Config, items: list[pytest.Item], rule: str) -> None:
    from mockvendors.conformance.selection import chosen

    kept = set(chosen([item for item in items if _is_case(item)], rule))
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = [item for item in items if item in kept]


@pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost: what other plugins make of a report comes before the verdict
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what happened into the case's verdict."""
    report = yield
    if _is_case(item):
        _run(item.config).judge(item, call, report)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401  # a WorkerController of xdist
    """Take over why an xdist worker judged nothing, and what it says of the vendor."""
    _run(node.config).taken_over(getattr(node, "workeroutput", {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Set the exit code of docs/architecture.md where cases ran, and write the report."""
    session.exitstatus = _run(session.config).finish(int(exitstatus))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the verdict of the run."""
    _run(config).summary(terminalreporter)
