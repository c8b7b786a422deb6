"""The page's own small server, on loopback whatever the mock listens on: it is for whoever sits here."""

import asyncio
import importlib
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, cast

from aiohttp import web
from aiohttp.typedefs import Handler

from mockvendors.errors import EnvironmentFault
from mockvendors.inspector.facts import facts
from mockvendors.inspector.scene import Scene, place
from mockvendors.inspector.watches import Watches
from mockvendors.redact import redact_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mockvendors.inspector.rooms import OpenRooms
    from mockvendors.inspector.watch import Watch

_PAGE = Path(__file__).with_name("page.html")
_HOSTS = {"127.0.0.1", "localhost", "::1"}
_CLOSE = 0.1
"""Seconds for open streams at the end; they never end by themselves."""
_FRESH = {"Cache-Control": "no-store"}


class Viewer:
    """Serves the page, its data, and the face and voice of each session."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._watches = Watches()
        self._rooms: OpenRooms | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1, on a free port unless one is wanted, and return the page's address."""
        app = web.Application(middlewares=[_only_from_here])
        app.router.add_get("/", self._page)
        app.router.add_get("/state.json", self._state)
        app.router.add_post("/rooms", self._open)
        app.router.add_delete("/rooms/{name}", self._shut)
        app.router.add_get("/sessions/{id}/video.mjpeg", self._video)
        app.router.add_get("/sessions/{id}/voice.wav", self._voice)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=_CLOSE)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", port).start()
        except (OSError, OverflowError) as error:
            cause = getattr(error, "strerror", None) or str(error)
            remedy = "End what listens there, or choose another port (0 takes a free one)"
            raise EnvironmentFault(f"127.0.0.1:{port} cannot be had for the page: {cause}", remedy) from error
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        """End all streams, leave all rooms."""
        if self._runner is not None:
            await asyncio.gather(self._runner.cleanup(), self._leave())
            await self._leave()  # what a request has begun meanwhile

    async def _leave(self) -> None:
        await asyncio.gather(self._watches.close(), *([self._rooms.close()] if self._rooms else []))

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(text=_PAGE.read_text("utf-8"), content_type="text/html", headers=_FRESH)

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(facts(self._scene, self._rooms.names if self._rooms else []), headers=_FRESH)

    async def _open(self, _request: web.Request) -> web.StreamResponse:
        livekit = self._scene.livekit
        if livekit is None:
            return _sorry(HTTPStatus.CONFLICT, self._scene.without)
        if self._rooms is None:
            module = await asyncio.to_thread(importlib.import_module, "mockvendors.inspector.rooms")
            self._rooms = self._rooms or cast("OpenRooms", module.OpenRooms())
        try:
            return web.json_response({"room": await self._rooms.open(livekit)}, status=HTTPStatus.CREATED)
        except EnvironmentFault as fault:
            return _sorry(HTTPStatus.BAD_GATEWAY, str(fault))

    async def _shut(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if self._rooms is None or not await self._rooms.shut(name):
            return _sorry(HTTPStatus.NOT_FOUND, f"The viewer has opened no room {name}")
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _video(self, request: web.Request) -> web.StreamResponse:
        from mockvendors.inspector import media  # noqa: PLC0415 - Pillow and LiveKit's library, not before they are needed

        kind = f"multipart/x-mixed-replace; boundary={media.BOUNDARY}"
        response = web.StreamResponse(headers={**_FRESH, "Content-Type": kind})
        try:
            async with self._watching(request) as watch:
                await response.prepare(request)
                await response.write(f"--{media.BOUNDARY}\r\n".encode())
                picture = None
                while picture := await watch.next_picture(picture):
                    await response.write(media.part(picture))
        except ConnectionResetError:
            pass  # the browser has had enough
        except EnvironmentFault as fault:
            return _sorry(HTTPStatus.BAD_GATEWAY, str(fault))
        return response

    async def _voice(self, request: web.Request) -> web.StreamResponse:
        from mockvendors.inspector import media  # noqa: PLC0415 - as above

        response = web.StreamResponse(headers={**_FRESH, "Content-Type": "audio/wav"})
        try:
            async with self._watching(request) as watch:
                await response.prepare(request)
                await response.write(media.wav_header())
                with watch.listening() as ear:
                    while sound := await ear.take():
                        await response.write(sound)
        except ConnectionResetError:
            pass  # the browser has had enough
        except EnvironmentFault as fault:
            return _sorry(HTTPStatus.BAD_GATEWAY, str(fault))
        return response

    @asynccontextmanager
    async def _watching(self, request: web.Request) -> "AsyncIterator[Watch]":
        """Look at the session that the request names; refuse where there is nothing to be seen from here."""
        session = self._scene.session(request.match_info["id"])
        livekit = self._scene.livekit
        if session is None or session.plan is None or session.state == "ended":
            raise web.HTTPNotFound(text="No such session is live")
        if livekit is None or not self._scene.can_look(session.plan):
            raise web.HTTPConflict(text=f"The avatar is in a room of another server: {redact_text(session.plan.url)}")
        module = await asyncio.to_thread(importlib.import_module, "mockvendors.inspector.watch")
        plan, (room, identity) = session.plan, place(session.plan)

        def make() -> "Watch":
            return cast("Watch", module.Watch(livekit, plan.url, room, identity))

        async with self._watches.of(session.id, make) as watch:
            yield watch


def _sorry(status: HTTPStatus, text: str) -> web.Response:
    return web.Response(status=status, text=text)


@web.middleware
async def _only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another web site makes a browser ask of us: by a name that points here, or from a page of its own."""
    name = request.host.rsplit(":", 1)[0].strip("[]")
    origin = request.headers.get("Origin")
    if name not in _HOSTS or origin not in (None, f"http://{request.host}"):
        raise web.HTTPForbidden(text="This page is for the machine that it runs on")
    return await handler(request)
