"""The server that LIVEKIT_URL names: somebody else's, which we use and never start or stop."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from mockvendors import limits
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.room.ask import Answer, ask
from mockvendors.room.livekit import LiveKit, Say, WayMissing

NAMES = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")

_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
REMEDY = "export LIVEKIT_URL=ws://... LIVEKIT_API_KEY=... LIVEKIT_API_SECRET=...  # a server of your own"
TELL: dict[Answer, tuple[str, str]] = {
    "refused": ("refuses LIVEKIT_API_KEY with LIVEKIT_API_SECRET", "Give the key and secret of that server"),
    "stranger": ("is no LiveKit server", "Give the address of a LiveKit server"),
    "silent": ("cannot be reached", "Start that server or correct the address"),
}


def read() -> LiveKit | None:
    """Return what the environment gives, None when it gives nothing; half of it is a UsageFault."""
    values = [os.environ.get(name, "").strip() for name in NAMES]
    missing = [name for name, value in zip(NAMES, values, strict=True) if not value]
    if len(missing) == len(NAMES):
        return None
    if missing:
        have = ", ".join(name for name in NAMES if name not in missing)
        raise UsageFault(
            f"{have} given without {', '.join(missing)}",
            f"Set all three for a server of your own; or for none: unset {' '.join(NAMES)}",
        )
    return LiveKit(_ws_address(values[0]), values[1], values[2], "LIVEKIT_URL")


def _ws_address(text: str) -> str:
    """Return the address as ws:// or wss://; a UsageFault when it is none."""
    scheme, colon, rest = text.partition("://")
    try:
        parts = urlsplit(text)
        usable = bool(colon and parts.hostname) and parts.port != 0 and not any(c.isspace() for c in text)
    except ValueError:  # a port that is no number, half a pair of brackets
        usable = False
    if not usable or scheme.lower() not in _SCHEMES:
        raise UsageFault(f"LIVEKIT_URL is {text!r}, which is no ws:// or wss:// address", "Correct it or unset it")
    return f"{_SCHEMES[scheme.lower()]}://{rest}"


@contextmanager
def from_url(say: Say) -> Iterator[LiveKit]:
    """Yield the given server after it has accepted key and secret; one that is still starting is waited for."""
    given = read()
    if given is None:
        raise WayMissing("LIVEKIT_URL is not set", REMEDY)
    checked = LiveKit(given.url, given.api_key, given.api_secret, given.source, check=lambda: _check(given))
    _await(given, say)
    checked.check()
    yield checked


def _await(given: LiveKit, say: Say) -> None:
    """Wait a moment for a server that nobody answers for yet: in docker-compose.yml it starts when we do."""
    limit = limits.scaled(limits.LIVEKIT_GIVEN)
    deadline = time.monotonic() + limit
    told = False
    while _ask(given)[0] == "silent" and time.monotonic() < deadline:
        if not told:
            say(f"waiting up to {limit:g} s for the server of LIVEKIT_URL ({given.url})")
            told = True
        time.sleep(limits.LIVEKIT_POLL)


def _ask(given: LiveKit) -> tuple[Answer, str]:
    return ask(given.http_url, given.api_key, given.api_secret, limits.scaled(limits.LIVEKIT_ASK))


def _check(given: LiveKit) -> None:
    answer, detail = _ask(given)
    if answer != "ours":
        cause, remedy = TELL[answer]
        raise EnvironmentFault(
            f"the server of LIVEKIT_URL ({given.url}) {cause} ({detail})",
            f"{remedy}; or use none: unset {' '.join(NAMES)}",
        )
