"""Ports, key, secret and configuration of one start."""

import secrets
import socket
import sys
from dataclasses import dataclass, field

import yaml


@dataclass(frozen=True)
class Start:
    """What is new at each start, so that two runs side by side never meet."""

    http_port: int
    udp_port: int
    tcp_port: int
    api_key: str = field(default_factory=lambda: f"mv{secrets.token_hex(6)}")
    api_secret: str = field(default_factory=lambda: secrets.token_urlsafe(36), repr=False)

    @property
    def url(self) -> str:
        """The address for clients on this machine."""
        return f"ws://127.0.0.1:{self.http_port}"

    @property
    def http_url(self) -> str:
        """The same address for API calls."""
        return f"http://127.0.0.1:{self.http_port}"


def new_start() -> Start:
    """Return ports that are free now; another program can still take one before LiveKit does."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as http,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
    ):
        for free in (http, udp, tcp):
            free.bind(("127.0.0.1", 0))
        return Start(http.getsockname()[1], udp.getsockname()[1], tcp.getsockname()[1])


KEYFRAMES = {"low_quality": "100ms", "mid_quality": "100ms", "high_quality": "100ms"}
"""How often LiveKit passes on a viewer's request for a keyframe. Its own defaults (up to 1 s) delay the first picture of a
viewer who came just before the avatar: 0.3 to 0.8 s against 0.3 s."""


def loopback_config(start: Start) -> str:
    """Return LiveKit's configuration for a process on this machine, as YAML.

    Media goes over UDP alone: LiveKit opens its TCP port on all interfaces whatever it is told, and on loopback UDP is
    never blocked.
    """
    rtc = {
        "udp_port": start.udp_port,
        "tcp_port": 0,
        "use_external_ip": False,
        "node_ip": "127.0.0.1",
        "enable_loopback_candidate": True,
        "interfaces": {"includes": ["lo0" if sys.platform == "darwin" else "lo"]},
    }
    return _yaml(start, bind="127.0.0.1", rtc=rtc)


def container_config(start: Start) -> str:
    """Return LiveKit's configuration for a container whose ports are published on 127.0.0.1 under the same numbers.

    Inside the container it must listen on all interfaces; the daemon keeps it to this machine.
    """
    rtc: dict[str, object] = {"udp_port": start.udp_port, "tcp_port": start.tcp_port, "use_external_ip": False}
    return _yaml(start, bind="0.0.0.0", rtc=rtc)


def _yaml(start: Start, bind: str, rtc: dict[str, object]) -> str:
    return yaml.safe_dump(
        {
            "port": start.http_port,
            "bind_addresses": [bind],
            "rtc": {**rtc, "pli_throttle": KEYFRAMES},
            "keys": {start.api_key: start.api_secret},
            "logging": {"json": False, "level": "info"},
        }
    )
