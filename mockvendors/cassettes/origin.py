"""Where a recording comes from, and whether it may be called the vendor's.

Three things must hold before a recording says `vendor`, and a stand-in passes none by accident:

1. the connection was our own (the proxy, the suite's record mode): a client that is recorded inside of its process may
   check no certificate, and send the vendor's name to any address (`Recorder.own_tls`);
2. the upstream is https at an address that the contract lists as the vendor's own (`info.x-origins`), so that TLS has proved
   who answered;
3. no answer carries the mark that every answer of our mock has (`Server: mockvendors/...`), as one behind a redirected
   name with a throw-away certificate would.

Everything else is `mock`: it may be drifted and replayed, and is no evidence about the vendor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from mockvendors.cassettes.interaction import Answer
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.replies import MARK

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Upstream:
    """The server behind a recording."""

    scheme: str
    host: str
    port: int
    prefix: str = ""
    """Path before the API's own paths, without a trailing slash."""

    @classmethod
    def parse(cls, url: str, option: str = "--upstream") -> "Upstream":
        """Return the upstream of an address that `option` gave; a UsageFault says what it may hold, and repeats nothing of it."""
        example = f"For example: {option} http://127.0.0.1:8090"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UsageFault("The upstream is not a URL", example) from error
        if parts.scheme not in _PORTS or not parts.hostname:
            raise UsageFault("The upstream is not an http or https URL", example)
        if "@" in parts.netloc or parts.query or parts.fragment or "?" in url or "#" in url:
            remedy = "Give scheme, host, port and path alone; the client sends its own key"
            raise UsageFault("The upstream holds user info, a query or a fragment", remedy)
        return cls(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], parts.path.rstrip("/"))

    @property
    def url(self) -> str:
        """The address, to which a path of the API is added."""
        return f"{self.scheme}://{self.authority}{self.prefix}"

    @property
    def authority(self) -> str:
        """Host and port as a URL and a Host header have them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """Scheme and host alone, for the header of a recording."""
        return f"{self.scheme}://{self.host}"

    def path(self, url: str) -> str | None:
        """Return path and query of a URL below this upstream; None for a URL of another server."""
        try:
            parts = urlsplit(url)
            same = (parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)) == (self.scheme, self.host, self.port)
        except ValueError:
            return None
        if not same or not parts.path.startswith(self.prefix):
            return None
        return _target(parts, self.prefix)


def is_marked(answer: Answer) -> bool:
    """Tell whether our own mock gave this answer."""
    return any(name.lower() == "server" and MARK in value for name, value in answer.headers)


def is_vendors(upstream: str, answers: Iterable[Answer], contract: Contract) -> bool:
    """Tell whether what came from `upstream` (scheme and host) is proved to be the vendor's."""
    own = {origin["origin"] for origin in contract.raw["info"].get("x-origins", [])}
    return upstream.startswith("https://") and upstream in own and not any(is_marked(answer) for answer in answers)


def _target(parts: SplitResult, prefix: str) -> str:
    path = parts.path.removeprefix(prefix) or "/"
    return f"{path}?{parts.query}" if parts.query else path
