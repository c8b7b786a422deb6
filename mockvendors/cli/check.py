"""`mockvendors check`: judge implementations by a vendor's suite, run by pytest in a process of its own."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mockvendors.errors import EnvironmentFault, HarnessFault

_INTERRUPTED = 2
ASYNCIO = ("asyncio_mode=strict", "asyncio_default_fixture_loop_scope=function")
"""Settings of pytest-asyncio: its own defaults, said aloud."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EPILOG = """\b
Examples:
  mockvendors check anam
      the vendor's published plugin, as it is installed here
  mockvendors check anam --implementation agents:./my_plugin.py \\
      --expectations known.toml
      a plugin of your own, with the list of its known failures
  mockvendors check anam --implementation agents:livekit.plugins.anam \\
      --implementation agents:./my_plugin.py
      side by side: the verdict on each, then where they differ
  mockvendors check anam -n 2 --report run.jsonl
      by two processes, with the results in a file (mockvendors report)
  mockvendors check anam --rule anam.size.pair
      only the cases that check one rule
  mockvendors check anam --profile avatar-core/2026.1
      conformant by the rules of every vendor alone (docs/reports.md)
  mockvendors check anam -k TestSize -- -x --durations=5
      what stands behind -- goes to pytest as it is

It is pytest that runs, without the settings of the folder where you are: `pytest --pyargs mockvendors.suites.anam` does the
same with them.

\b
Exit codes:
  0  as expected
  1  a plugin failed, or a listed failure passed
  2  interrupted
  4  wrong input: vendor, implementation, rule, profile, expectations file;
     a suite or a mock that does not fit its contract
  5  nothing ran
  6  not everything could be verified here (--allow-incomplete: 0)
  7  our fault or the machine's
"""


def check(
    vendor: Annotated[str, typer.Argument(help="The vendor whose suite judges: anam.", metavar="VENDOR")],
    more: Annotated[list[str] | None, typer.Argument(help="Options of pytest.", metavar="-- OPTION")] = None,
    *,
    implementation: Annotated[
        list[str] | None,
        typer.Option(help="Who is judged (repeatable); the published plugin if none is named.", metavar="KIND:WHAT"),
    ] = None,
    implementation_python: Annotated[
        str, typer.Option(help="Interpreter of the environment that holds the plugin.", metavar="PYTHON")
    ] = "",
    report: Annotated[
        Path | None, typer.Option("--report", "--conformance-report", help="Write the results there.", metavar="FILE.jsonl")
    ] = None,
    expectations: Annotated[Path | None, typer.Option(help="The list of known failures.", metavar="FILE")] = None,
    profile: Annotated[
        str,
        typer.Option("--profile", "--conformance-profile", help="The rules that make conformant: anam/2026.1.", metavar="NAME"),
    ] = "",
    workers: Annotated[
        int,
        typer.Option("-n", "--workers", min=1, help="Processes that judge; two or more need pytest-xdist.", metavar="WORKERS"),
    ] = 1,
    rule: Annotated[str, typer.Option(help="Only the cases that check this rule.", metavar="ID")] = "",
    keyword: Annotated[str, typer.Option("-k", help="Only the cases whose names fit, as in pytest.", metavar="WORDS")] = "",
    allow_incomplete: Annotated[
        bool, typer.Option("--allow-incomplete", help="Exit 0 though something could not be verified.")
    ] = False,
) -> None:
    """Run a vendor's suite against one or several implementations, and print the verdict on each."""
    named = list(dict.fromkeys(implementation or ()))
    given = {"implementation-python": implementation_python, "expectations": expectations, "rule": rule}
    given |= {"conformance-profile": profile}
    arguments = [*target(vendor), *(f"--implementation={each}" for each in named)]
    arguments += [f"--{option}={value}" for option, value in given.items() if value]
    arguments += [*_workers(workers), *(["-k", keyword] if keyword else [])]
    arguments += [*(["--allow-incomplete"] if allow_incomplete else []), *(more or ())]
    with _report(report, wanted=len(named) > 1) as file:
        code = _run([*arguments, *([f"--conformance-report={file}"] if file is not None else [])])
        if file is not None and len(named) > 1:
            _compare(file)
    raise typer.Exit(code)


def target(vendor: str) -> list[str]:
    """Return what pytest is to run: files of our checkout, or an installed suite with no settings but our own."""
    from mockvendors import paths  # noqa: PLC0415 - `--help` is quick
    from mockvendors.conformance.reproduce import INSTALLED, installed  # noqa: PLC0415 - as above
    from mockvendors.registry import suite  # noqa: PLC0415 - as above

    folder = suite(vendor)
    below = installed(folder)
    common = ["--no-header", "-rfE", "-p", "no:cacheprovider"]
    if below is None and folder.is_relative_to(paths.suites()):
        return [*common, os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else str(folder)]
    target = [str(folder)] if below is None else ["--pyargs", f"{INSTALLED}.{vendor}"]
    return [*common, "-c", os.devnull, *_settings(), f"--rootdir={Path.cwd()}", "--noconftest", *target]


def _settings() -> list[str]:
    """Return what a plugin of pytest that happens to be there warns of where no settings say it; no case of ours needs it."""
    from importlib.util import find_spec  # noqa: PLC0415 - as above

    return [word for each in ASYNCIO for word in ("-o", each)] if find_spec("pytest_asyncio") is not None else []


def _workers(number: int) -> list[str]:
    if number == 1:
        return []
    from importlib.util import find_spec  # noqa: PLC0415 - as above

    if find_spec("xdist") is None:
        told = f"-n {number} needs pytest-xdist, which the environment of {sys.executable} lacks"
        raise EnvironmentFault(
            told, "`pip install pytest-xdist` there, or leave -n off: one process judges the same, more slowly"
        )
    return ["-n", str(number), "--dist", "worksteal"]


@contextmanager
def _report(given: Path | None, *, wanted: bool) -> Iterator[Path | None]:
    """Yield where the report goes: where the caller said, or where nobody looks if it is only wanted here."""
    if given is not None or not wanted:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="mockvendors-check-") as folder:
        yield Path(folder, "report.jsonl")


def _run(arguments: Sequence[str]) -> int:
    """Run pytest to its end, and return its exit code.

    It stands in a session of its own, so that Ctrl-C reaches it once, from here, and it can end what it started.
    """
    running: list[subprocess.Popen[bytes]] = []

    def pass_on(*_: object) -> None:
        for child in running:
            child.send_signal(signal.SIGINT)

    before = {number: signal.signal(number, pass_on) for number in _SIGNALS}
    try:
        running.append(subprocess.Popen([sys.executable, "-P", "-m", "pytest", *arguments], start_new_session=True))  # noqa: S603 - ours
        code = running[0].wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if code in {-number for number in _SIGNALS}:
        return _INTERRUPTED
    if code < 0:
        raise HarnessFault(f"pytest was ended by {signal.Signals(-code).name}", "Run again; if it happens again, report it")
    return code


def _compare(file: Path) -> None:
    """Print the matrix of a side-by-side run, where it came as far as that."""
    if not file.is_file():
        return
    from mockvendors.cli.report import rendered  # noqa: PLC0415 - as above
    from mockvendors.report.read import read  # noqa: PLC0415 - as above
    from mockvendors.report.view import view  # noqa: PLC0415 - as above

    shown = view([read(file)])
    if shown.matrix is not None:
        sys.stdout.write(f"\n{rendered(shown.compared())}")
        sys.stdout.flush()
