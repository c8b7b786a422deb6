"""A reverse proxy on loopback that records: for any client, in any language, that takes the address of its vendor.

What passes through it is not changed, with these exceptions: headers of the connection itself, the Host header, and content
codings that cannot be read here are not asked for. Answers are passed on when they are whole, so a stream comes at once.

What has no whole answer is passed on as it is, counted and not recorded, since vcrpy's format has no place for it: an upstream
that cannot be reached is answered 502 with the cause, a reset is a reset, a cut body is cut at the same byte, and one that
never answers is waited for as long as the client waits.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Protocol

from aiohttp import web
from multidict import CIMultiDict

from mockvendors import limits
from mockvendors.cassettes.forward import Forwarder, NoAnswer, Passed, Reset
from mockvendors.cassettes.interaction import Answer, Interaction, Sent
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.record_server import RecordServer
from mockvendors.cassettes.scrub import Scrubber
from mockvendors.errors import EnvironmentFault, MockvendorsError
from mockvendors.replies import SERVER, reset

CASSETTE = "exchanges"
_LOOPBACK = "127.0.0.1"
_LARGEST = 64 * 1024 * 1024
"""Bytes of a request's body."""
_quiet = logging.getLogger("mockvendors.record")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False

Tell = Callable[[str], None]
"""Takes one line for a person, without secrets."""


class Takes(Protocol):
    """What a proxy needs of a Recorder, or of who keeps the interactions until it is known whether they are wanted."""

    upstream: Upstream
    scrubber: Scrubber
    missing: int

    @property
    def count(self) -> int:
        """How many interactions there are to be written."""

    def add(self, cassette: str, raw: Interaction) -> int:
        """Take an interaction, and return its number."""

    def save(self) -> Callable[[], None]:
        """Return what writes."""

    def finish(self) -> None:
        """Write for the last time."""


class RecordProxy:
    """Listens on loopback, passes on, records, and keeps the recording on the disk at most a second behind."""

    def __init__(self, recorder: Takes, tell: Tell, forwarder: Forwarder | None = None) -> None:
        """Record with a forwarder of somebody's own where requests are not to go straight to the upstream."""
        self._refused: MockvendorsError | None = None
        self._unsaved: MockvendorsError | None = None
        self._recorder = recorder
        self._tell = tell
        self._more = asyncio.Event()
        self._stopping = asyncio.Event()
        self._ending = False
        self._forwarder = forwarder or Forwarder(recorder.upstream)
        self._runner: web.ServerRunner | None = None
        self._saver: asyncio.Task[None] | None = None

    async def start(self, port: int = 0) -> str:
        """Listen, and return the address; an EnvironmentFault names the one that cannot be had."""
        server = RecordServer(self._answer, self._unreadable, _quiet)
        self._runner = web.ServerRunner(server, shutdown_timeout=limits.scaled(limits.SERVER_CLOSE) / 4)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, _LOOPBACK, port).start()
        except (OSError, OverflowError) as error:
            await self.stop()
            cause = getattr(error, "strerror", None) or str(error)
            remedy = "End what listens there, or choose another port (0 takes a free one)"
            raise EnvironmentFault(f"{_LOOPBACK}:{port} cannot be had: {cause}", remedy) from error
        self._saver = asyncio.create_task(self._save_now_and_then(), name="record-save")
        return f"http://{_LOOPBACK}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """End open requests and write the rest; raises what could not be recorded, once all else is written."""
        self._ending = True
        if self._runner is not None:
            await self._runner.cleanup()
        await self._forwarder.close()
        self._stopping.set()
        self._more.set()
        if self._saver is not None:
            await self._saver
        if self._recorder.count and self._unsaved is None:
            self._recorder.finish()
        failure = self._unsaved or self._refused
        if failure is not None:
            raise failure

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Pass one request on, and its answer back."""
        target = request.raw_path if request.raw_path.startswith("/") else request.rel_url.raw_path_qs
        if "Upgrade" in request.headers or not target.startswith("/"):
            return self._failed(request, target, HTTPStatus.NOT_IMPLEMENTED, "only plain HTTP requests are recorded")
        try:
            body = await _body(request)
            passed = await self._forwarder.send(request, target, body)
        except _TooLarge:
            return self._failed(request, target, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {_LARGEST} bytes")
        except NoAnswer as error:
            return self._failed(request, target, HTTPStatus.BAD_GATEWAY, f"the upstream was not reached: {error}")
        except Reset:
            self._lost(request, target, "the upstream ended the connection without an answer")
            reset(request)
            return web.Response()
        except (asyncio.CancelledError, OSError, web.RequestPayloadError):
            self._lost(request, target, "the recorder ended" if self._ending else "the client left before the answer")
            raise
        if passed.is_whole:
            self._record(request, target, body, passed)
        else:
            self._lost(request, target, "the upstream cut its answer")
        return await _pass_back(request, passed)

    def _record(self, request: web.BaseRequest, target: str, body: bytes, passed: Passed) -> None:
        sent = Sent(request.method, self._recorder.upstream.url + target, tuple(request.headers.items()), body)
        answer = Answer(passed.status, passed.reason, passed.headers, passed.body)
        told = self._told(request, target, str(passed.status))
        try:
            number = self._recorder.add(CASSETTE, Interaction(sent, answer))
        except MockvendorsError as error:
            self._recorder.missing += 1
            self._refused = self._refused or error
            self._tell(f"{told}  not recorded: {error}")
            return
        self._tell(f"{told}  recorded as {number}")
        self._more.set()

    def _failed(self, request: web.BaseRequest, target: str, status: HTTPStatus, cause: str) -> web.Response:
        self._lost(request, target, cause)
        return web.Response(status=status, text=_not_the_vendors(cause), headers={"Server": SERVER})

    def _unreadable(self, cause: str) -> str:
        """Count what was no request, and return what is answered."""
        self._recorder.missing += 1
        self._tell(f"--- ---  not recorded: {cause}")
        return _not_the_vendors(cause)

    def _lost(self, request: web.BaseRequest, target: str, cause: str) -> None:
        self._recorder.missing += 1
        self._tell(f"{self._told(request, target, '---')}  not recorded: {cause}")

    def _told(self, request: web.BaseRequest, target: str, status: str) -> str:
        method, url = self._recorder.scrubber.line(request.method, self._recorder.upstream.url + target)
        return f"{method} {url} {status}"

    async def _save_now_and_then(self) -> None:
        """Write the recording whenever it has grown, but not all the time."""
        while not self._stopping.is_set() or self._more.is_set():
            await self._more.wait()
            self._more.clear()
            if self._recorder.count:
                await self._save()
            with suppress(TimeoutError):
                async with asyncio.timeout(limits.RECORD_SAVE):
                    await self._stopping.wait()

    async def _save(self) -> None:
        try:
            await asyncio.to_thread(self._recorder.save())
        except MockvendorsError as error:
            if self._unsaved is None:
                self._tell(f"not written: {error}")
            self._unsaved = error
        else:
            self._unsaved = None


class _TooLarge(Exception):
    pass


def _not_the_vendors(cause: str) -> str:
    return f"mockvendors record: {cause}. This answer is not the vendor's, and was not recorded.\n"


async def _body(request: web.BaseRequest) -> bytes:
    """Return a request's body as it came, compressed or not."""
    received = bytearray()
    async for chunk in request.content.iter_any():
        received += chunk
        if len(received) > _LARGEST:
            raise _TooLarge
    return bytes(received)


class _Faithful(web.StreamResponse):
    """An answer without the headers that aiohttp adds of its own where the upstream sent none."""

    async def _prepare_headers(self) -> None:
        added = [name for name in ("Content-Type", "Date", "Server") if name not in self.headers]
        await super()._prepare_headers()
        for name in added:
            self.headers.popall(name, None)


async def _pass_back(request: web.BaseRequest, passed: Passed) -> web.StreamResponse:
    response = _Faithful(status=passed.status, reason=passed.reason, headers=CIMultiDict(passed.headers))
    has_body = request.method != "HEAD" and passed.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
    if has_body and (passed.is_whole or passed.length is not None):
        response.content_length = len(passed.body) if passed.is_whole else passed.length
    elif has_body:
        response.enable_chunked_encoding()
    elif passed.length is not None:
        response.content_length = passed.length
    await response.prepare(request)
    if has_body and passed.body:
        await response.write(passed.body)
    if not passed.is_whole and request.transport is not None:
        request.transport.close()
    return response
