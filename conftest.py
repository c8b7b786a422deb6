"""What pytest loads here beside `mockvendors.pytest_plugin`, which comes by its entry point, here and in a plugin's CI."""

import os
import signal
from collections.abc import Iterator

import pytest

STRICT = ("error::pytest.PytestUnraisableExceptionWarning", "error::RuntimeWarning:mockvendors")
"""Of pyproject.toml, again for the cases of the suites: their own filters come before those of a run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let warnings that mean a fault of ours fail here, which elsewhere would judge the harness and not the plugin."""
    for item in items:
        if item.get_closest_marker("rule"):
            for warning in STRICT:
                item.add_marker(pytest.mark.filterwarnings(warning))


def pytest_configure() -> None:
    """Let Ctrl-C reach what the tests start: a shell without job control has it ignored by all that runs in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def no_process_left() -> Iterator[None]:
    """Fail the run that leaves a child process behind; one that only waits to be reaped is none."""
    try:
        import psutil  # noqa: PLC0415  # of the development environment; whoever only runs the suites has none
    except ImportError:
        psutil = None
    yield
    if psutil is None:
        return
    children = psutil.Process(os.getpid()).children(recursive=True)
    alive = [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
    assert not alive, f"left running: {[' '.join(child.cmdline())[:120] for child in alive]}"
