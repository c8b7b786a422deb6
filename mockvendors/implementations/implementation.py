"""What a connect string names, and what starts its driver."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class Launch:
    """How the driver of an implementation is started: an argument vector, no shell."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """What its environment holds beside the little that every driver gets (`drivers.command.clean_environment`)."""
    folder: Path | None = None
    """Where it is started; None: where the run is."""
    pairing: str = ""
    """What the implementation was put together with, in words, where that was chosen here and not by the caller."""
    strange: bool = False
    """The driver is not ours: it is tried before its implementation is judged (`tried.hold`)."""


@dataclass(frozen=True)
class Preparation:
    """What a driver is started for."""

    description: Path
    """The suite's description of a vendor's plugins, `plugin.py`; that of another language has its own suffix."""
    replay: bool = False
    """It is to open no connection: the harness answers each HTTP request."""
    sounds: Path | None = None
    """The folder of the sounds that cases hand over, for a driver that does not see this machine's files."""
    say: Callable[[str], None] = lambda _: None
    """Tells the person in front of what takes long."""


class Implementation(Protocol):
    """What one connect string names; a frozen value, made without a look at anything but the text and local files."""

    @property
    def text(self) -> str:
        """The connect string."""

    @property
    def known_as(self) -> str:
        """Name of the published package, by which a suite lists its known failures; empty for what nobody published."""

    def prepare(self, how: Preparation) -> Launch:
        """Make what the driver needs (an environment, a folder of packages), and return how it is started.

        Raises UsageFault (no such package, version or file), EnvironmentFault (the machine lacks something).
        """


@runtime_checkable
class Provided(Protocol):
    """An implementation for which something is made that takes long: an environment, a folder of packages."""

    def provide(self, say: Callable[[str], None], *, replay: bool) -> object:
        """Make it, unless it is there; `prepare` then only finds it. Raises as `prepare` does."""
