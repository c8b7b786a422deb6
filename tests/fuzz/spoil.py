"""How a mock is made wrong: something around the handler of an operation."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from msgspec.structs import replace as changed

from mockvendors.replies import Reply
from mockvendors.server import MockServer
from mockvendors.vendor import Call, Handler

from .harness import VENDOR, Spoil

Wrap = Callable[[Handler, Call], Awaitable[Reply]]


def wrapped(operation: str, wrap: Wrap) -> Spoil:
    """Return what puts a handler around that of an operation."""

    def spoil(server: MockServer) -> None:
        endpoint = server._endpoints[VENDOR]
        route = endpoint._routes[operation]

        async def handler(call: Call) -> Reply:
            return await wrap(route.handler, call)

        endpoint._routes = {**endpoint._routes, operation: replace(route, handler=handler)}

    return spoil


def without(reply: Reply, *names: str) -> Reply:
    body: Any = reply.body
    return changed(reply, body={name: value for name, value in body.items() if name not in names})
