"""Recording inside of a test run: the fixture `cassette`, and the options that make it record. Does nothing without them.

What a test sends to the upstream through any library that vcrpy knows (aiohttp, httpx, requests, urllib3 …) goes into one
cassette a test; all cassettes of a run are one recording. Loaded in every pytest run, so it imports nothing heavy.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mockvendors.cassettes.own_options import OPTION, parse_options
from mockvendors.errors import MockvendorsError, UsageFault

if TYPE_CHECKING:
    from mockvendors.cassettes.tape import Tapes

_TAPES = pytest.StashKey["Tapes | None"]()
_UNWRITTEN = pytest.StashKey[str]()
"""What the disk refused at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of recording."""
    group = parser.getgroup("mockvendors-record", "mockvendors: recording what tests with the fixture `cassette` send")
    group.addoption(
        "--record-cassettes",
        metavar="DIR",
        type=Path,
        help="write a new recording there, as <vendor>/<recording>, for example fixtures/cassettes/anam/my-client",
    )
    group.addoption(
        "--record-upstream", metavar="URL", help="whose requests are recorded; default: the vendor's variable, or the test"
    )
    group.addoption(
        "--record-key-env", metavar="NAME", help="with --vendor-mode record: the variable that holds the upstream's key"
    )
    group.addoption(
        "--record-paid",
        action="store_true",
        help="with --vendor-mode record: let cases start sessions that the upstream may bill",
    )
    group.addoption(
        OPTION,
        metavar="NAME=VALUE",
        action="append",
        help="with --record-upstream: let the suite's cases send this value of your own account for an option whose own value "
        "no vendor knows, for example avatar_id=ID; the recording holds a stand-in. May be repeated",
    )
    group.addoption("--record-implementation", metavar="LABEL", default="", help="who sends, with version, for the header")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what cannot be recorded before a test runs."""
    config.stash[_TAPES] = None
    folder: Path | None = config.getoption("--record-cassettes")
    try:
        _check_options(config)
        config.stash[_TAPES] = _tapes(config, folder) if folder is not None else None
    except UsageFault as exc:
        raise pytest.UsageError(str(exc)) from exc
    except MockvendorsError as exc:
        pytest.exit(str(exc), exc.exit_code)


def _check_options(config: pytest.Config) -> None:
    """Refuse an option where nothing that it is about is recorded, also in a run without any suite."""
    mode = config.getoption("--vendor-mode") or "mock"
    inside = config.getoption("--record-cassettes") is not None
    upstream = config.getoption("--record-upstream")
    for option in ("--record-upstream", "--record-key-env", "--record-paid", OPTION):
        if not config.getoption(option):
            continue
        either = option == "--record-upstream"
        if mode != "record" and not (inside and either):
            remedy = "Add --vendor-mode record" + (", or --record-cassettes DIR" if either else "")
            raise UsageFault(f"{option} means nothing with --vendor-mode {mode}", remedy)
        if not upstream:
            raise UsageFault(f"{option} means nothing for the mock of the run", "Add --record-upstream URL, or leave it out")
    if config.getoption("--record-implementation") and not inside:
        raise UsageFault("--record-implementation means nothing without --record-cassettes", "Add it, or leave this out")
    parse_options(config.getoption(OPTION) or ())


def _tapes(config: pytest.Config, folder: Path) -> "Tapes":
    from mockvendors.cassettes.place import Place  # noqa: PLC0415 - see the module's docstring
    from mockvendors.cassettes.tape import Tapes  # noqa: PLC0415 - as above
    from mockvendors.contract import Contract  # noqa: PLC0415 - as above

    if "PYTEST_XDIST_WORKER" in os.environ or getattr(config.option, "numprocesses", None):
        raise UsageFault("One process writes a recording", "Run pytest without -n")
    folder = folder.absolute()
    contract = Contract.load(folder.parent.name)
    variable = contract.raw["info"].get("x-environment", {}).get("url", "")
    upstream = config.getoption("--record-upstream") or os.environ.get(variable)
    tapes = Tapes(contract, folder, config.getoption("--record-implementation"), upstream)
    place = Place.take(folder.parent.parent, contract.vendor, [folder.name], "Name another place with --record-cassettes")
    config.add_cleanup(place.give_back)
    return tapes


class RecordedTest:
    """What a test sees of its cassette."""

    def __init__(self, tapes: "Tapes | None") -> None:
        self._tapes = tapes

    @property
    def is_recording(self) -> bool:
        """Whether what the test sends is written down."""
        return self._tapes is not None

    def upstream(self, url: str) -> None:
        """Name the server whose requests are recorded, where only the test knows it; one for the whole run."""
        if self._tapes is not None:
            self._tapes.use(url)


@pytest.fixture
def cassette(request: pytest.FixtureRequest) -> Iterator[RecordedTest]:
    """Record what the test sends to the upstream, where --record-cassettes asks for it; else do nothing."""
    tapes = request.config.stash[_TAPES]
    name: str = getattr(request.node, "originalname", None) or request.node.name
    tape: AbstractContextManager[object] = tapes.tape(name) if tapes is not None else nullcontext()
    with tape:
        yield RecordedTest(tapes)


@pytest.hookimpl(wrapper=True, trylast=True)  # innermost: before the summary, and after who else sets the exit code
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Write the header for the last time; what the disk refuses is told in the summary."""
    yield
    tapes = session.config.stash.get(_TAPES, None)
    if tapes is None:
        return
    try:
        tapes.finish()
    except MockvendorsError as exc:
        session.config.stash[_UNWRITTEN] = str(exc)
        session.exitstatus = session.exitstatus or exc.exit_code


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was recorded."""
    tapes = config.stash.get(_TAPES, None)
    if tapes is not None:
        terminalreporter.write_line(config.stash.get(_UNWRITTEN, None) or tapes.summary())
