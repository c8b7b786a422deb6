"""Session POST with contract check and journal, against a bare aiohttp handler on the same loop in the same run."""

import asyncio
import time

import jwt
import msgspec
import uvloop
from aiohttp import web

from mockvendors.server import MockServer

ROUNDS = 7
REQUESTS = 1500
CONNECTIONS = 8
AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"


def rows() -> list[tuple[str, float, str, str]]:
    """Return (name, value, unit, target) of each figure."""
    bare, mock = uvloop.run(_measure())
    return [
        ("bare aiohttp handler", bare, "requests/s", ""),
        ("session POST, contract and journal", mock, "requests/s", ""),
        ("ratio", mock / bare, "", ">= 0.70"),
    ]


async def _measure() -> tuple[float, float]:
    """Return the medians of alternating rounds, so that a busy machine slows both alike."""
    async with MockServer(["anam"]) as mock:
        tenant = mock.new_tenant("anam")
        tenant.set("avatars", "none")
        app = web.Application()
        app.router.add_post("/v1/engine/session", _bare)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bare_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/engine/session"
        mock_url = f"{mock.base_url('anam')}/v1/engine/session"
        rates: dict[str, list[float]] = {bare_url: [], mock_url: []}
        for _ in range(ROUNDS):
            for url, found in rates.items():
                found.append(await _rate(url, tenant.api_key))
        await runner.cleanup()
    return tuple(sorted(found[1:])[len(found[1:]) // 2] for found in rates.values())  # type: ignore[return-value]  # two urls, two rates


async def _bare(request: web.Request) -> web.Response:
    body = await request.json()
    return web.json_response({"sessionId": body["personaConfig"]["avatarId"], "engineHost": request.host})


async def _rate(url: str, key: str) -> float:
    body = msgspec.json.encode(
        {
            "personaConfig": {"type": "ephemeral", "name": "Ada", "avatarId": AVATAR, "llmId": "CUSTOMER_CLIENT_V1"},
            "environment": {"livekitUrl": "ws://127.0.0.1:7880", "livekitToken": _join_token()},
            "sessionOptions": {"videoWidth": 1152, "videoHeight": 768},
        }
    )
    request = (
        f"POST {url[url.index('/v1') :]} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    start = time.perf_counter()
    await asyncio.gather(*(_client(url, request, REQUESTS // CONNECTIONS) for _ in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - start)


def _join_token() -> str:
    """Return a token like the one that a plugin sends."""
    grants = {"roomJoin": True, "room": "room-1", "canPublish": True, "canSubscribe": True, "canPublishData": True}
    claims = {"sub": "anam-avatar-agent", "kind": "agent", "video": grants, "exp": 2_000_000_000}
    return jwt.encode({**claims, "attributes": {"lk.publish_on_behalf": "agent-1"}}, "k" * 32)


async def _client(url: str, request: bytes, count: int) -> None:
    """Send a request again and again on one connection; far cheaper than a whole client, so that the server is measured."""
    port = int(url.split(":")[2].split("/", maxsplit=1)[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(count):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    for name, value, unit, target in rows():
        print(f"{name:40} {value:12.2f} {unit:12} {target}")
