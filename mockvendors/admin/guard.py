"""Who may call the admin API: whoever has its token, or, on loopback, this machine but no web page."""

import hmac
import ipaddress

from aiohttp import web

from mockvendors.errors import UsageFault

_NAME = "localhost"


def check_bind(host: str, token: str | None) -> None:
    """Refuse to listen where others can reach an admin API without a token."""
    if token is not None and not (token.isascii() and token.isprintable() and token.strip() == token and token):
        raise UsageFault("The admin token must be printable ASCII without spaces around it", "Choose another")
    if token is None and not is_loopback(host):
        raise UsageFault(
            f"{host or 'every address'} can be reached from outside, and the admin API has no token",
            "Give one (--admin-token, or MOCKVENDORS_ADMIN_TOKEN), or listen on 127.0.0.1",
        )


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    if host == _NAME:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refusal(request: web.BaseRequest, token: str | None) -> tuple[int, str, str] | None:
    """Return status, cause and remedy where a call may not pass."""
    if token is not None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
            return None
        return 401, "The admin token is missing or wrong", "Send it as Authorization: Bearer <token>"
    name = _host_name(request.headers.get("Host", ""))
    origin = request.headers.get("Origin")
    if not is_loopback(name) or origin is not None:
        return 403, "A web page, or a name that points here, asks", "Call it from a program on this machine"
    return None


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
