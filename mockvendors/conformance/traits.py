"""What the reusable cases need to know about one vendor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Traits:
    """A vendor as its suite describes it; JSON pointers point into the body of the start call."""

    vendor: str
    """Folder under contracts/."""
    description: Path
    """Python file that makes the plugin's avatar session; it runs in the plugin's environment."""
    plugin: str
    """The published plugin: the implementation when none is named."""
    start: str
    """operationId of the call that starts the avatar."""
    first: Mapping[str, str]
    """operationId of the first call of a start, for each capability that names a way to start."""
    token: str
    """Pointer to the join token."""
    url: str
    """Pointer to the room server's address."""
    identity: str
    """The avatar's identity unless another is asked for."""
    name: str
    """The avatar's name unless another is asked for."""
    other_names: tuple[str, ...] = field(default=(), kw_only=True)
    """What published plugins in other languages call it instead."""
    variables: Mapping[str, str]
    """Environment variables that the plugin reads: `url` and `key` of the vendor."""
    speech_rate: int
    """Samples a second of the speech that the plugin hands on."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Switches of the mock that turn off what is only assumed of the vendor: a plugin is not to fail on that."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The least that a start needs."""
    of_account: tuple[str, ...] = ()
    """Of the options those that name what an account has: here their values are invented, `--record-option` gives others."""


def at(body: Any, pointer: str) -> Any:  # a JSON value
    """Return the value under a JSON pointer, or None."""
    for part in pointer.removeprefix("/").split("/"):
        if not isinstance(body, Mapping) or part not in body:
            return None
        body = body[part]
    return body
