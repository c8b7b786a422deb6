"""Replay: no request leaves this process. Each is told to the harness, which answers it from a recording.

vcrpy stands before the transport of the HTTP clients that it knows (aiohttp, httpx, requests, urllib3 ...); the plugin stays
as it is. Whatever takes another way out is refused by an audit hook, which sees the TCP and UDP sockets of Python's own, and
not what native code or another process opens.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import ipaddress
import itertools
import json
import logging
import queue
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from .channel import Channel
from .driver import Driver
from .errors import Message
from .logs import SESSION

PATIENCE = 10.0
"""Seconds for the harness's answer; it takes milliseconds, and the job's loop stands still meanwhile."""


class NotRecorded(Exception):
    """A request that no recording answers."""


class ReplayDriver(Driver):
    """The driver of a process that replays; it claims so in its greeting where it can."""

    def __init__(self, channel: Channel, module: str, description: str) -> None:
        super().__init__(channel, module, description)
        self._replay = Replay(channel, lambda: tuple(self.sessions))
        self._claimed = ["replay"] if self._replay.install() else []

    async def hello(self) -> Message:
        greeting = await super().hello()
        return {**greeting, "capabilities": [*greeting["capabilities"], *self._claimed]}

    async def do(self, request: Message) -> Message:
        return self._replay.answer(request) if request.get("cmd") == "answer" else await super().do(request)


class Replay:
    """Asks the harness for the answer to each request of the process, in place of a network."""

    def __init__(self, channel: Channel, sessions: Callable[[], Any]) -> None:
        """`sessions` gives the ids of the open sessions."""
        self._channel = channel
        self._sessions = sessions
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[Message]] = {}
        self._patches = contextlib.ExitStack()

    def install(self) -> bool:
        """Stand before every HTTP client, and refuse every other way out; False where vcrpy is missing or unknown."""
        seal(self._refused)
        try:
            self._patches.enter_context(cassette(self.ask))
        except (ImportError, AttributeError, TypeError) as exc:
            sys.stderr.write(f"no replay: {type(exc).__name__}: {exc}\n")
            return False
        return True

    def ask(self, request: Any) -> Message:
        """Return the recorded answer to a request of vcrpy's, as vcrpy has it."""
        number = next(self._numbers)
        session = self._session()
        if session is None:
            raise NotRecorded("a request that belongs to no session is in no recording")
        answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._waiting[number] = answers
        try:
            self._channel.event(session, "request", exchange=number, **told(request))
            if threading.current_thread() is threading.main_thread():  # here the answer would be read
                raise NotRecorded("a request outside of a job is in no recording")
            answer = answers.get(timeout=PATIENCE)
        except queue.Empty:
            raise NotRecorded(f"the harness had no answer within {PATIENCE:g} s") from None
        finally:
            del self._waiting[number]
        if "refused" in answer:
            raise NotRecorded(answer["refused"])
        return played(answer)

    def answer(self, message: Message) -> Message:
        """Hand an answer of the harness to who waits for it."""
        waiting = self._waiting.get(message.get("exchange", 0))
        if waiting is not None:
            waiting.put(message)
        return {}

    def _refused(self, where: str) -> None:
        session = self._session()
        if session is not None:
            self._channel.event(session, "refused", where=where)

    def _session(self) -> str | None:
        """Return whose request it is; a thread of the plugin's own may not know its job, which is then the only one."""
        known = SESSION.get()
        if known is not None:
            return known
        opened = list(self._sessions())
        return opened[-1] if opened else None


@contextlib.contextmanager
def cassette(ask: Callable[[Any], Message]) -> Iterator[None]:
    """Let vcrpy take every answer from `ask`."""
    from vcr.cassette import Cassette  # type: ignore[import-untyped]  # vcrpy has no types
    from vcr.persisters.filesystem import CassetteNotFoundError  # type: ignore[import-untyped]  # vcrpy has no types
    from vcr.record_mode import RecordMode  # type: ignore[import-untyped]  # vcrpy has no types
    from vcr.stubs.aiohttp_stubs import MockClientResponse  # type: ignore[import-untyped]  # vcrpy has no types

    class Nothing:
        @staticmethod
        def load_cassette(*_: Any, **__: Any) -> None:
            raise CassetteNotFoundError

        @staticmethod
        def save_cassette(*_: Any, **__: Any) -> None:
            return

    class Asking(Cassette):  # type: ignore[misc]  # as above
        def can_play_response_for(self, _: Any) -> bool:
            return True

        def play_response(self, request: Any) -> Message:
            return ask(request)

        def find_requests_with_most_matches(self, request: Any) -> list[Any]:  # asked for where a redirect leads
            return [(request, [], [])]

    if "json" in vars(MockClientResponse):  # vcrpy's takes whatever media type comes; aiohttp's own, which it hides, does not
        del MockClientResponse.json
    logging.getLogger("vcr").setLevel(logging.CRITICAL + 1)  # it is no word of the plugin's
    with Asking.use(path="replay", persister=Nothing, record_mode=RecordMode.NONE):
        yield


def told(request: Any) -> Message:
    """Return a request of vcrpy's as the protocol tells it; aiohttp has not set the body's type when vcrpy sees it."""
    headers = [[str(name), text(one)] for name, value in request.headers.items() for one in listed(value)]
    content, kind = as_sent(request.body)
    if kind and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(["Content-Type", kind])
    return {"method": request.method, "url": request.uri, "headers": headers, "body": base64.b64encode(content).decode()}


def as_sent(body: Any) -> tuple[bytes, str]:
    """Return the bytes of a body, and the type that aiohttp gives it."""
    if body is None:
        return b"", ""
    if isinstance(body, (dict, list, int, float)):
        return json.dumps(body).encode(), "application/json"
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    if isinstance(body, (bytes, bytearray)):
        return bytes(body), "application/octet-stream"
    if hasattr(body, "read"):
        return as_sent(body.read())
    return type(body).__name__.encode(), "application/octet-stream"  # a form or a stream: no recording has one


def listed(value: Any) -> list[Any]:
    """Return the values of a header, of which libraries have one or a list."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def text(value: Any) -> str:
    """Return a text, of which libraries have the bytes too."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def played(answer: Message) -> Message:
    """Return an answer of the harness as vcrpy has it."""
    headers: dict[str, list[str]] = {}
    for name, value in answer["headers"]:
        headers.setdefault(name, []).append(value)
    status = {"code": answer["status"], "message": answer["reason"]}
    return {"status": status, "headers": headers, "body": {"string": base64.b64decode(answer["body"])}}


def seal(tell: Callable[[str], None]) -> None:
    """Refuse every connection, datagram and name lookup of this process from now on; an audit hook cannot be taken back."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        where = leads(event, arguments) if event.startswith("socket.") else None
        if where is not None:
            tell(where)
            raise ConnectionRefusedError(errno.ECONNREFUSED, f"replay opens no connection: {where}")

    sys.addaudithook(hook)


def leads(event: str, arguments: tuple[Any, ...]) -> str | None:
    """Return where an audited call would lead, out of this machine or to another process on it; None where it does not."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        opened, address = arguments[0], arguments[1]
        return str(address) if opened.family in (socket.AF_INET, socket.AF_INET6) and address else None
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr") and arguments[0]:
        host = text(arguments[0])
        return None if host == "localhost" or numeric(host) else host
    return None


def numeric(host: str) -> bool:
    """Tell whether nobody needs to be asked for the address of a host."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
