"""Session POST with contract check and journal, against a bare aiohttp handler on the same loop in the same run.

Two clients drive both: one that costs next to nothing, so that the servers alone are compared, and aiohttp's own, which is
what a plugin has.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

import aiohttp
import jwt
import msgspec
import uvloop
from aiohttp import web

from mockvendors.server import MockServer

ROUNDS = 7
REQUESTS = 1500
CONNECTIONS = 8
AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
PATH = "/v1/engine/session"

Drive = Callable[[str, dict[str, str], bytes], Awaitable[None]]


def rows() -> list[tuple[str, float, str, str]]:
    """Return (name, value, unit, target) of each figure."""
    return uvloop.run(_measure())


async def _measure() -> list[tuple[str, float, str, str]]:
    async with MockServer(["anam"]) as mock:
        tenant = mock.new_tenant("anam")
        tenant.set("avatars", "none")
        app = web.Application()
        app.router.add_post(PATH, _bare)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bases = [f"http://127.0.0.1:{runner.addresses[0][1]}", mock.base_url("anam")]
        found = []
        for name, drive in (("lean client", _lean), ("aiohttp client", _aiohttp)):
            bare, mocked = await _rates(bases, tenant.api_key, drive)
            found += [(f"bare aiohttp handler, {name}", bare, "requests/s", "")]
            found += [(f"session POST, {name}", mocked, "requests/s", "")]
            found += [(f"session POST / bare handler, {name}", mocked / bare, "", ">= 0.70")]
        await runner.cleanup()
    return found


async def _rates(bases: list[str], key: str, drive: Drive) -> list[float]:
    """Return the medians of alternating rounds, so that a busy machine slows both alike."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body, rates = _body(), [[] for _ in bases]
    for _ in range(ROUNDS + 1):
        for base, found in zip(bases, rates, strict=True):
            start = time.perf_counter()
            await drive(base, headers, body)
            found.append(REQUESTS / (time.perf_counter() - start))
    return [statistics.median(found[1:]) for found in rates]


async def _bare(request: web.Request) -> web.Response:
    body = await request.json()
    return web.json_response({"sessionId": body["personaConfig"]["avatarId"], "engineHost": request.host})


def _body() -> bytes:
    """Return the body that a plugin sends."""
    grants = {"roomJoin": True, "room": "room-1", "canPublish": True, "canSubscribe": True, "canPublishData": True}
    claims = {"sub": "anam-avatar-agent", "kind": "agent", "video": grants, "exp": 2_000_000_000}
    token = jwt.encode({**claims, "attributes": {"lk.publish_on_behalf": "agent-1"}}, "k" * 32)
    return msgspec.json.encode(
        {
            "personaConfig": {"type": "ephemeral", "name": "Ada", "avatarId": AVATAR, "llmId": "CUSTOMER_CLIENT_V1"},
            "environment": {"livekitUrl": "ws://127.0.0.1:7880", "livekitToken": token},
            "sessionOptions": {"videoWidth": 1152, "videoHeight": 768},
        }
    )


async def _aiohttp(base: str, headers: dict[str, str], body: bytes) -> None:
    async def post(session: aiohttp.ClientSession) -> None:
        for _ in range(REQUESTS // CONNECTIONS):
            async with session.post(base + PATH, data=body, headers=headers) as reply:
                reply.raise_for_status()
                await reply.json()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(post(session) for _ in range(CONNECTIONS)))


async def _lean(base: str, headers: dict[str, str], body: bytes) -> None:
    """Send the same bytes again and again, and look at no more of the answer than its length."""
    lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    port = int(base.rsplit(":", 1)[1])
    await asyncio.gather(*(_repeat(port, request, REQUESTS // CONNECTIONS) for _ in range(CONNECTIONS)))


async def _repeat(port: int, request: bytes, count: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    for name, value, unit, target in rows():
        print(f"{name:45} {value:12.2f} {unit:12} {target}")
