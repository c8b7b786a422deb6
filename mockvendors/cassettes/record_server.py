"""An HTTP server that tells of what it could not read as a request, instead of answering it in silence."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from mockvendors.cassettes.forward import LONGEST_LINE
from mockvendors.replies import SERVER

UNREADABLE = "what came is no HTTP request that can be read"
CRASHED = "mockvendors itself failed"

Refuse = Callable[[str], str]
"""Takes the cause for which a request is not passed on; returns the text of the answer."""


class RecordServer(web.Server):
    """Gives requests to a handler, and all that is none to `refuse`, without a word of it."""

    def __init__(
        self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], refuse: Refuse, logger: object
    ) -> None:
        super().__init__(
            handler,
            handler_cancellation=True,
            access_log=None,
            logger=logger,
            auto_decompress=False,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
        )
        self.refuse = refuse

    def __call__(self) -> web.RequestHandler:
        """Return what serves one more connection."""
        return _Connection(self, loop=asyncio.get_running_loop(), **self._kwargs)


class _Connection(web.RequestHandler):
    """One connection."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it quotes the request
    ) -> web.StreamResponse:
        """Answer what cannot be read, and end the connection."""
        server = self._manager
        cause = UNREADABLE if status < HTTPStatus.INTERNAL_SERVER_ERROR else f"{CRASHED}: {type(exc).__name__}"
        answer = super().handle_error(request, status, None, None)
        if isinstance(server, RecordServer) and isinstance(answer, web.Response):
            answer.text = server.refuse(cause)
            answer.headers["Server"] = SERVER
        return answer
