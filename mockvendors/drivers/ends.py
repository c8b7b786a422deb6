"""How a command can end without a reply that could be judged."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class DriverDied(Exception):
    """The driver's process ended while something was asked of it."""


class DriverTimeout(Exception):
    """The implementation did not come back from a command within its limit."""


class Unsupported(Exception):
    """A command was answered `unsupported`; `cmd` and `fields` are what was asked, against which its claims are held."""

    def __init__(self, text: str, cmd: str = "", fields: Mapping[str, Any] = MappingProxyType({})) -> None:
        super().__init__(text)
        self.cmd = cmd
        self.fields = fields
