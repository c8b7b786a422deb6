"""Where the vendor is, and with which key: checked before anything is sent."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from mockvendors.errors import UsageFault

_EXAMPLE = "For example: --base-url https://api.example.com"


@dataclass(frozen=True)
class Target:
    """A vendor's address and the key to it."""

    url: str
    """Scheme, host, port and path, without a trailing slash."""
    key: str

    def __repr__(self) -> str:
        return f"Target({self.url})"

    @classmethod
    def parse(cls, url: str, key: str) -> "Target":
        """Return the target; a UsageFault says what is wrong with the address, and repeats nothing of it."""
        try:
            parts = urlsplit(url)
            parts.port  # noqa: B018 - reading it is the check
        except ValueError:
            raise UsageFault("The base address is not a URL", _EXAMPLE) from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageFault("The base address is not an http or https URL", _EXAMPLE)
        if "@" in parts.netloc or parts.query or parts.fragment or "?" in url or "#" in url:
            raise UsageFault("The base address holds user info, a query or a fragment", "Give scheme, host, port and path alone")
        if parts.scheme == "http" and not _is_here(parts.hostname):
            raise UsageFault("The base address is http, and the key would go in clear", "Take https")
        return cls(f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", _key(key))


def _key(key: str) -> str:
    """Return a key that can stand in a header."""
    if not key.strip() or not key.isascii() or not key.isprintable() or key != key.strip():
        raise UsageFault("The key is no printable ASCII, or has blanks around it", "Export it again")
    return key


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
