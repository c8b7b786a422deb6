"""What takes long is made before the workers of xdist start: they are mute, and each would wait for the one that makes it."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from mockvendors.conformance.implementation import asked
from mockvendors.errors import MockvendorsError
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Provided


def provide(config: pytest.Config, say: Callable[[str], None]) -> None:
    """Make the environments of the implementations that the command line names, in the process that starts workers."""
    if not config.pluginmanager.hasplugin("dsession") or config.getoption("collectonly"):
        return
    replay = config.getoption("--vendor-mode") == "cassette"
    for text in asked(config):
        with suppress(MockvendorsError):  # whoever judges meets it too, and it is told with the verdict
            who = connect(text, config.getoption("--implementation-python") or None)
            if isinstance(who, Provided):
                who.provide(say, replay=replay)


def aloud(config: pytest.Config) -> Callable[[str], None]:
    """Return what tells the person in front a line, past pytest's capture; a worker of xdist has nobody in front."""

    def say(line: str) -> None:
        plugins = config.pluginmanager
        terminal: pytest.TerminalReporter | None = plugins.get_plugin("terminalreporter")
        capture = plugins.get_plugin("capturemanager")
        if terminal is not None and capture is not None:
            with capture.global_and_fixture_disabled():  # a first build takes minutes: the person in front must see it
                terminal.write_line(line)

    return say
