"""A way to LiveKit that opens late: a join through it is under way for as long as a test wants."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from mockvendors.room.livekit import LiveKit


@dataclass
class LateDoor:
    """Shut until `opened` is set."""

    url: str = ""
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    knocks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """One for each connection that came."""


@asynccontextmanager
async def late_door(livekit: LiveKit) -> AsyncIterator[LateDoor]:
    """Yield a shut door to this server; what passes through it ends with the block."""
    door = LateDoor()
    pipes: set[asyncio.Task[None]] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65536):
                writer.write(chunk)
        finally:
            writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        door.knocks.release()
        await door.opened.wait()
        host, port = livekit.url.removeprefix("ws://").split(":")
        there, here = await asyncio.open_connection(host, int(port))
        pipes.update({asyncio.create_task(pass_on(reader, here)), asyncio.create_task(pass_on(there, writer))})

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    door.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield door
    finally:
        server.close()
        for pipe in pipes:
            pipe.cancel()
        await asyncio.gather(*pipes, return_exceptions=True)
