"""What no HTTP client sends, and what comes back, byte for byte."""

import asyncio


async def raw(url: str, request: bytes, limit: float = 5.0) -> tuple[bytes, str]:
    """Send bytes on a socket of its own; return what comes back within `limit` seconds, and how it ended."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    received, end = b"", "closed"
    try:
        async with asyncio.timeout(limit):
            while chunk := await reader.read(65536):
                received += chunk
    except TimeoutError:
        end = "open"
    except ConnectionResetError:
        end = "reset"
    writer.close()
    return received, end
