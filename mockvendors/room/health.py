"""Wait until a server that we started answers to the key that we made for it, and watch over it afterwards."""

import time
from typing import Protocol

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.room.ask import ask
from mockvendors.room.config import Start

TRIES = 5
"""Starts before we give up: each loses only when another program takes a free port within a few milliseconds."""

_PORT_TAKEN = ("address already in use", "port is already allocated")
_OTHER_WAY = "Replace or remove it, or take another way with MOCKVENDORS_LIVEKIT=path, cache, docker or build"


class Server(Protocol):
    """A LiveKit that we started: a process or a container."""

    @property
    def status(self) -> int | None:
        """Exit status; None while it runs."""

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it has ended."""

    def tail(self) -> str:
        """Return the end of its log, for an error message."""


def answers(server: Server, name: str, start: Start) -> bool:
    """Wait until the server takes our key; return False when a port was taken in between."""
    limit = limits.scaled(limits.LIVEKIT_START)
    deadline = time.monotonic() + limit
    while not server.wait(limits.LIVEKIT_POLL):
        answer, detail = ask(start.http_url, start.api_key, start.api_secret, limits.scaled(limits.LIVEKIT_ASK))
        if answer == "ours" and server.status is None:
            return _refuses_others(start)
        if answer in ("refused", "stranger"):  # nobody else knows the key that was made for this start
            return False
        if time.monotonic() > deadline:
            raise EnvironmentFault(f"{name} did not answer within {limit:g} s ({detail}):\n{server.tail()}", _OTHER_WAY)
    if port_taken(server.tail()):
        return False
    raise EnvironmentFault(f"{name} ended at once with status {server.status}:\n{server.tail()}", _OTHER_WAY)


def _refuses_others(start: Start) -> bool:
    """Tell our server from a stranger that says yes to everybody."""
    answer, _ = ask(start.http_url, start.api_key, start.api_secret[::-1], limits.scaled(limits.LIVEKIT_ASK))
    return answer == "refused"


def port_taken(text: str) -> bool:
    """Tell whether this is what a program says whose port another one has."""
    return any(words in text for words in _PORT_TAKEN)


def no_port(name: str) -> EnvironmentFault:
    """Return the fault for a server that lost the race for its ports every time."""
    return EnvironmentFault(
        f"{name} found its ports in use {TRIES} times, though they had been free just before",
        "Look for a program that takes every port of 127.0.0.1, then run again",
    )


def check(server: Server, name: str) -> None:
    """Raise when the server has ended in the middle of a run."""
    if server.status is not None:
        raise EnvironmentFault(
            f"the LiveKit server of this run ({name}) ended with status {server.status}:\n{server.tail()}",
            "Run again; if it happens again, the lines above say why",
        )
