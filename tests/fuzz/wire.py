"""A request as it was sent and an answer as it came, without any library's idea of them."""

import http.client
import json
import select
import shlex
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from .defect import Defect

MARK = "X-Fuzz-Id"
"""By this header a request is found again in the journal."""
LIMIT = 60.0
"""Seconds for one answer, which takes a thousandth of one: few machines stand still for so long, and then no mock is to blame."""


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    target: str
    """Path and query, as on the wire."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def header(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known.lower() == name.lower()]

    def with_header(self, name: str, *values: str) -> "Sent":
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, *((name, value) for value in values)))

    def bare(self) -> "Sent":
        """Return it with the headers that matter, without those of its transport."""
        kept = ("authorization", "content-type", "content-encoding")
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() in kept))

    def curl(self, base: str) -> str:
        """Return the command that repeats it."""
        words = ["curl", "-sS", "--path-as-is", "-X", self.method, base + self.target]
        for name, value in self.bare().headers:
            words += ["-H", f"{name}: {value}"]
        if self.body:
            printable = self.body.isascii() and self.body.decode("ascii").isprintable()
            words += ["--data-binary", self.body.decode("ascii") if printable else "@-"]
        line = " ".join(shlex.quote(word) for word in words)
        escaped = "".join(f"\\x{byte:02x}" for byte in self.body)
        return line if not self.body or printable else f"printf '{escaped[:4000]}' | {line}"


@dataclass(frozen=True)
class Got:
    """One answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    """By lower-case name."""
    body: bytes = b""
    between: tuple[float, float] = (0.0, 0.0)
    """When its request was sent and when it had come, in seconds since 1970."""
    sent_at: float = 0.0
    """When its request was sent, by the monotonic clock."""

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """What the type says of the characters, empty where it says nothing."""
        parameters = self.headers.get("content-type", "").lower().split(";")[1:]
        return next(
            (value.strip(' "') for name, _, value in (one.partition("=") for one in parameters) if name.strip() == "charset"), ""
        )


def bearer(secret: str) -> tuple[str, str]:
    return ("Authorization", f"Bearer {secret}")


def as_json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode(errors="surrogatepass")


class Line:
    """A connection that is kept, and opened anew when the server has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=LIMIT)

    def send(self, sent: Sent) -> Got:
        """Send bytes as they are: what is wrong in them is wrong on purpose. Never twice: a start that is repeated is another."""
        self._drop_if_closed()
        began, sent_at = time.time(), time.monotonic()
        try:
            answer, body = self._once(sent)
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Defect("no answer", f"{sent.method} {sent.target} ended with {error!r}") from error
        return Got(answer.status, lower(answer.getheaders()), body, (began, time.time()), sent_at)

    def close(self) -> None:
        self._connection.close()

    def _drop_if_closed(self) -> None:
        """Close what the server has closed: between two answers a connection has nothing to read."""
        kept = self._connection.sock
        if kept is not None and select.select([kept], [], [], 0)[0]:
            self._connection.close()

    def _once(self, sent: Sent) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self._connection
        connection.putrequest(sent.method, sent.target, skip_accept_encoding=True)
        for name, value in sent.headers:
            connection.putheader(name, value.encode("latin-1"))
        if sent.body or sent.method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(sent.body)))
        connection.endheaders(sent.body or None)
        answer = connection.getresponse()
        return answer, answer.read()


def segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.split("/")]


def lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
