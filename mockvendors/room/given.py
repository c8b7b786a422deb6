"""The server that LIVEKIT_URL names: somebody else's, which we use and never start or stop."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from mockvendors import limits
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.room.ask import Answer, ask
from mockvendors.room.livekit import LiveKit, Say, WayMissing

NAMES = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")

_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
REMEDY = "export LIVEKIT_URL=ws://... LIVEKIT_API_KEY=... LIVEKIT_API_SECRET=... (a server of your own)"
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
            "Set all of LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET for a server of your own, or none",
        )
    scheme, colon, rest = values[0].partition("://")
    if not colon or not rest or scheme.lower() not in _SCHEMES:
        raise UsageFault(f"LIVEKIT_URL is {values[0]!r}, which is no ws:// or wss:// address", "Correct it or unset it")
    return LiveKit(f"{_SCHEMES[scheme.lower()]}://{rest}", values[1], values[2], "LIVEKIT_URL")


@contextmanager
def from_url(_say: Say) -> Iterator[LiveKit]:
    """Yield the given server after it has accepted key and secret."""
    given = read()
    if given is None:
        raise WayMissing("LIVEKIT_URL is not set", REMEDY)
    checked = LiveKit(given.url, given.api_key, given.api_secret, given.source, check=lambda: _check(given))
    checked.check()
    yield checked


def _check(given: LiveKit) -> None:
    answer, detail = ask(given.http_url, given.api_key, given.api_secret, limits.scaled(limits.LIVEKIT_ASK))
    if answer != "ours":
        cause, remedy = TELL[answer]
        raise EnvironmentFault(
            f"the server of LIVEKIT_URL ({given.url}) {cause} ({detail})", f"{remedy}, or unset the three variables"
        )
