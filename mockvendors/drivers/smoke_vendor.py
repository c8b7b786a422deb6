"""A vendor that accepts a request and says nothing until it is told to: what a driver does meanwhile is what is looked at."""

import asyncio
import contextlib
from typing import Self

REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
"""A refusal is not asked for again, so the start comes to its end."""


class SilentVendor:
    """Listens on a free port of loopback: `async with SilentVendor() as vendor`."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        """Somebody has sent something."""
        self._speaks = asyncio.Event()
        self._server: asyncio.Server | None = None

    @property
    def base_url(self) -> str:
        """Return its address."""
        assert self._server is not None  # noqa: S101  # it was entered
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def refuse(self) -> None:
        """Refuse what was asked, and what will be."""
        self._speaks.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.refuse()
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            if await reader.read(1 << 16):
                self.asked.set()
                await self._speaks.wait()
                writer.write(REFUSAL)
                await writer.drain()
        writer.close()
