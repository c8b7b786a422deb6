"""Session POST with contract check and journal, against a bare aiohttp handler on the same loop in the same run.

The bare handler is what aiohttp's own documentation shows: an application with one route, JSON read and JSON of the same size
answered; it checks, keeps and hides nothing. Both get the same requests, each with a join token of its own, from the same
client in the same process. Two clients drive both: a lean one, which costs next to nothing, so that the servers are compared;
and aiohttp's own, which is what a plugin has. Short rounds alternate, so that whatever else the machine does slows both
alike; medians are taken of the rounds' rates and of their ratios.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import aiohttp
import jwt
import msgspec
import uvloop
from aiohttp import web

from mockvendors.server import MockServer
from mockvendors.tenant import Tenant

ROUNDS = 60
REQUESTS = 200
"""Of one server in one round."""
CONNECTIONS = 8
BODIES = 64
AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
PATH = "/v1/engine/session"

Row = tuple[str, float, str, str]
"""Name, value, unit, target."""
Drive = Callable[["Target"], Awaitable[None]]


@dataclass
class Target:
    """A server and what is sent to it."""

    base: str
    headers: dict[str, str]
    bodies: Iterator[bytes]
    rates: list[float] = field(default_factory=list)
    """Requests a second of each round."""


def rows() -> list[Row]:
    """Return the figures of both clients."""
    return uvloop.run(_measure())


async def _measure() -> list[Row]:
    async with MockServer(["anam"]) as mock:
        tenant = mock.new_tenant("anam")
        tenant.set("avatars", "none")
        app = web.Application()
        app.router.add_post(PATH, _bare)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bases = f"http://127.0.0.1:{runner.addresses[0][1]}", mock.base_url("anam")
        found = []
        for name, drive in (("lean client", _lean), ("aiohttp client", _aiohttp)):
            found += await _compare(name, drive, bases, tenant)
        await runner.cleanup()
        return found


async def _compare(name: str, drive: Drive, bases: tuple[str, str], tenant: Tenant) -> list[Row]:
    headers = {"Authorization": f"Bearer {tenant.api_key}", "Content-Type": "application/json"}
    bare, mocked = (Target(base, headers, itertools.cycle(_bodies())) for base in bases)
    for number in range(ROUNDS + 1):
        for target in (bare, mocked) if number % 2 else (mocked, bare):
            began = time.perf_counter()
            await drive(target)
            target.rates.append(REQUESTS / (time.perf_counter() - began))
        for session in list(tenant.sessions.values()):
            session.stop("stopped")
    pairs = list(zip(mocked.rates[1:], bare.rates[1:], strict=True))  # the first round fills caches
    return [
        (f"bare aiohttp handler, {name}", statistics.median(rate for _, rate in pairs), "requests/s", ""),
        (f"session POST, {name}", statistics.median(rate for rate, _ in pairs), "requests/s", ""),
        (f"session POST / bare handler, {name}", statistics.median(ours / theirs for ours, theirs in pairs), "", ">= 0.70"),
    ]


async def _bare(request: web.Request) -> web.Response:
    body = await request.json()
    return web.json_response(
        {
            "sessionId": body["personaConfig"]["avatarId"],
            "engineHost": request.host,
            "engineProtocol": "http",
            "signallingEndpoint": "/ws",
            "region": "mock",
            "clientConfig": {"heartbeatIntervalSeconds": 5, "maxWsReconnectionAttempts": 5, "iceServers": []},
        }
    )


def _bodies() -> list[bytes]:
    """Return bodies as a plugin sends them, each for a room of its own."""
    grants = {"roomJoin": True, "canPublish": True, "canSubscribe": True, "canPublishData": True}
    found = []
    for number in range(BODIES):
        video = {**grants, "room": f"room-{number}"}
        claims = {"sub": "anam-avatar-agent", "kind": "agent", "video": video, "exp": 2**31 + number}
        token = jwt.encode({**claims, "attributes": {"lk.publish_on_behalf": f"agent-{number}"}}, "k" * 32)
        body = {
            "personaConfig": {"type": "ephemeral", "name": "Ada", "avatarId": AVATAR, "llmId": "CUSTOMER_CLIENT_V1"},
            "environment": {"livekitUrl": "ws://127.0.0.1:7880", "livekitToken": token},
            "sessionOptions": {"videoWidth": 1152, "videoHeight": 768},
        }
        found.append(msgspec.json.encode(body))
    return found


async def _aiohttp(target: Target) -> None:
    async def post(session: aiohttp.ClientSession) -> None:
        for _ in range(REQUESTS // CONNECTIONS):
            async with session.post(target.base + PATH, data=next(target.bodies), headers=target.headers) as reply:
                reply.raise_for_status()
                await reply.json()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(post(session) for _ in range(CONNECTIONS)))


async def _lean(target: Target) -> None:
    """Send bytes that were made before, and look at no more of the answer than its length."""
    await asyncio.gather(*(_repeat(target) for _ in range(CONNECTIONS)))


async def _repeat(target: Target) -> None:
    lines = [f"POST {PATH} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in target.headers.items())]
    head = "\r\n".join(lines).encode() + b"\r\nContent-Length: %d\r\n\r\n%b"
    reader, writer = await asyncio.open_connection("127.0.0.1", int(target.base.rsplit(":", 1)[1]))
    for _ in range(REQUESTS // CONNECTIONS):
        body = next(target.bodies)
        writer.write(head % (len(body), body))
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
        await reader.readexactly(int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
    writer.close()
    await writer.wait_closed()


if __name__ == "__main__":
    for name, value, unit, target in rows():
        print(f"{name:45} {value:12.2f} {unit:12} {target}")
