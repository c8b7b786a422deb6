"""Whether this machine has a network that LiveKit's client library can use; it never takes the loopback interface.

So without any other interface that is up, as on a laptop in flight mode, nobody can join even a room on this machine.
"""

import socket
import struct
import sys

from mockvendors.errors import EnvironmentFault

NONE = "no network interface but loopback is up with an IPv4 address, and LiveKit's client library joins no room without one"
REMEDY = (
    "Connect to any network, or make an interface that leads nowhere: "
    "sudo ip link add mockvendors0 type bridge && sudo ip address add 198.51.100.1/32 dev mockvendors0 "
    "&& sudo ip link set mockvendors0 up"
)
_GET_FLAGS, _GET_ADDRESS = 0x8913, 0x8915
_UP, _LOOPBACK, _RUNNING = 0x1, 0x8, 0x40


def usable() -> str | None:
    """Return the name of an interface that the library can use, None when there is none; unknown is "" (not on Linux)."""
    if sys.platform != "linux":
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        return next((name for _, name in socket.if_nameindex() if _serves(any_socket, name)), None)


def check() -> None:
    """Raise an EnvironmentFault when no room can be joined from here."""
    if usable() is None:
        raise EnvironmentFault(NONE, REMEDY)


def _serves(any_socket: socket.socket, name: str) -> bool:
    import fcntl  # noqa: PLC0415 - not on Windows

    request = struct.pack("256s", name.encode())
    try:
        flags = int.from_bytes(fcntl.ioctl(any_socket, _GET_FLAGS, request)[16:18], sys.byteorder)
        fcntl.ioctl(any_socket, _GET_ADDRESS, request)  # fails without an IPv4 address
    except OSError:
        return False
    return flags & (_UP | _RUNNING | _LOOPBACK) == _UP | _RUNNING
