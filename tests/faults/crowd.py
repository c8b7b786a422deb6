"""A raw client that sends many different requests over several connections, and writes down what it sent and what it got."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
NOBODY = "00000000-0000-4000-8000-000000000000"
MARK = "x-sent-as"
WORKERS = 40
CONNECTIONS = 16


@dataclass
class Exchange:
    """One request, and what came of it."""

    mark: str
    who: str
    """Fingerprint of the key; empty for a key that nobody has."""
    kind: str
    operation: str | None
    method: str
    path: str
    body: Any = None
    raw: bytes = b""
    status: int | None = None
    """None: the connection ended before one came."""
    got: bytes | None = None
    """None: not all of the body came."""

    @property
    def json(self) -> Any:
        return json.loads(self.got) if self.got else None


@dataclass
class Crowd:
    """The client."""

    base: str
    keys: dict[str, str]
    """Fingerprint -> key."""
    exchanges: list[Exchange] = field(default_factory=list)
    _sessions: dict[str, list[str]] = field(default_factory=dict)

    async def send(self, count: int, seed: int) -> None:
        """Send so many requests."""
        chance = random.Random(seed)  # noqa: S311 - a run is to be repeated
        ahead = iter(range(count))
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._work(session, ahead, chance))

    async def leave(self, who: str, arrived: Callable[[str], Awaitable[Any]]) -> None:
        """Send one request that is not answered, and go as soon as it has arrived."""
        async with aiohttp.ClientSession() as session:
            made = self._made(who, "delete")
            task = asyncio.create_task(self._send(session, made))
            await arrived(made.mark)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self, session: aiohttp.ClientSession, ahead: Any, chance: random.Random) -> None:
        for _ in ahead:
            who = chance.choice([*self.keys, *self.keys, *self.keys, ""])
            await self._send(session, self._made(who, chance.choices(list(KINDS), list(KINDS.values()))[0]))

    def _made(self, who: str, kind: str) -> Exchange:
        mark = f"n{len(self.exchanges) + 1}"
        running = self._sessions.get(who)
        target = running.pop() if running and kind == "stop" else NOBODY
        made = Exchange(mark, who, kind, *_target(kind, target))
        persona = {"avatarId": NOBODY if kind == "unknown" else AVATAR}
        if kind == "broken":
            made.raw = b'{"personaConfig": ' + mark.encode()
        elif made.method == "POST" and kind != "stop":
            made.body = {"personaConfig": persona, "clientLabel": mark}
            if kind == "half":
                made.body["sessionOptions"] = {"videoWidth": 1152}
        self.exchanges.append(made)
        return made

    async def _send(self, session: aiohttp.ClientSession, made: Exchange) -> None:
        headers = {"Authorization": f"Bearer {self.keys.get(made.who, 'nobody-has-it')}", MARK: made.mark}
        if made.raw or made.body is not None:
            headers["Content-Type"] = "application/json"
        data = made.raw or (json.dumps(made.body).encode() if made.body is not None else None)
        try:
            async with session.request(made.method, self.base + made.path, data=data, headers=headers) as reply:
                made.status = reply.status
                made.got = await reply.read()
        except aiohttp.ClientError:
            return
        if made.kind == "good" and made.status == 200 and isinstance(found := _readable(made.got), dict) and "sessionId" in found:
            self._sessions.setdefault(made.who, []).append(found["sessionId"])


KINDS = {
    "good": 30,
    "half": 12,
    "unknown": 6,
    "broken": 5,
    "token": 12,
    "concurrency": 12,
    "read": 6,
    "stop": 8,
    "nowhere": 5,
    "method": 4,
}
"""Kind of request -> how often."""
_TARGETS = {
    "token": ("createSessionToken", "POST", "/v1/auth/session-token"),
    "concurrency": ("getConcurrency", "GET", "/v1/sessions/concurrency"),
    "read": ("getSession", "GET", "/v1/sessions/{}"),
    "delete": ("deleteSession", "DELETE", "/v1/sessions/{}"),
    "stop": ("stopSession", "POST", "/v1/sessions/{}/stop"),
    "nowhere": (None, "GET", "/v1/nowhere?a=b"),
    "method": (None, "GET", "/v1/engine/session"),
}
_START = ("startSession", "POST", "/v1/engine/session")


def _target(kind: str, session: str) -> tuple[str | None, str, str]:
    operation, method, path = _TARGETS.get(kind, _START)
    return operation, method, path.format(session)


def _readable(got: bytes) -> Any:
    try:
        return json.loads(got)
    except ValueError:
        return None
