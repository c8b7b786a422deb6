"""What can be told wrong about a wish before anything is served or printed."""

import socket
from collections.abc import Sequence

from mockvendors.errors import UsageFault

LAST_PORT = 65_535


def check_address(host: str, port: int, vendors: Sequence[str]) -> None:
    """Raise UsageFault where no vendor could ever listen: ports beyond the last, a host that is not this machine."""
    last = port + len(vendors) - 1
    if port and not 1 <= port <= last <= LAST_PORT:
        ports = f"{port}" if last == port else f"{port} to {last}, one a vendor,"
        raise UsageFault(f"Port {ports} cannot be: ports go from 1 to {LAST_PORT}", "Take another --port; 0 takes a free one")
    remedy = "127.0.0.1 is for this machine alone, 0.0.0.0 for everybody who reaches it"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise UsageFault(f"--host {host!r} is no address and no name that is known here", remedy) from error
    try:
        with socket.socket(family, kind, protocol) as probe:
            probe.bind(address)
    except OSError as error:
        raise UsageFault(f"--host {host} is no address of this machine ({error.strerror})", remedy) from error


def check_livekit() -> None:
    """Raise UsageFault where the variables that choose a LiveKit server contradict each other; nothing is asked or started."""
    from mockvendors.room import given, server  # noqa: PLC0415 - only where LiveKit is wanted

    if server.restriction() in (None, "url"):
        given.read()
