"""Ordinary requests to an Anam: what its clients send on good days and bad ones."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import jwt

KNOWN = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
OLDER = "6c1f0d3e-5b0a-4c58-9d1e-00000000000b"
NOBODY = "3f0c1a52-77aa-4d0e-9a3b-5a2f4e6d7c8b"
LIVEKIT = {
    "livekitUrl": "wss://rooms.example",
    "livekitToken": jwt.encode({"sub": "avatar", "video": {"room": "r1", "roomJoin": True}, "exp": 4102444800}, "k" * 32),
}


def body(avatar: str = KNOWN, options: Mapping[str, Any] | None = None, **persona: Any) -> dict[str, Any]:
    """The body of a start as plugins send it."""
    sent = {"type": "ephemeral", "name": "Ava of the desk", "avatarId": avatar, "llmId": "CUSTOMER_CLIENT_V1", **persona}
    return {"personaConfig": sent, "environment": LIVEKIT, **({"sessionOptions": options} if options else {})}


async def talk(http: aiohttp.ClientSession, url: str, key: str) -> None:
    """Say it all."""

    async def ask(method: str, path: str, *, json: Any = None, key: str | None = key) -> Any:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        async with http.request(method, f"{url}/v1/{path}", json=json, headers=headers) as reply:
            return await reply.json(content_type=None) if await reply.read() else None

    async def start(*args: Any, **more: Any) -> Any:
        return await ask("POST", "engine/session", json=body(*args, **more))

    await ask("GET", "sessions/concurrency")
    await ask("GET", "avatars")
    await ask("GET", f"avatars/{KNOWN}")
    session = (await start(options={"videoWidth": 1152, "videoHeight": 768}, directorNotes={"presetStyle": "warm"}))["sessionId"]
    await ask("GET", f"sessions/{session}")
    await ask("DELETE", f"sessions/{session}")
    await ask("POST", f"sessions/{session}/stop")
    await ask("DELETE", f"sessions/{session}")
    token = (await ask("POST", "auth/session-token", json=body()))["sessionToken"]
    await ask("POST", "engine/session", json={}, key=token)
    await start(options={"videoWidth": 1152})
    await start(OLDER, {"videoWidth": 720, "videoHeight": 480})
    await start(name=None)
    await ask("POST", "engine/session", json={"personaConfig": {"avatarId": KNOWN}})
    await start(directorNotes={"customStylePrompt": "calm and kind, " * 40})
    await start(directorNotes={"presetStyle": "laughter"})
    await start(options={"videoWidth": 720, "videoHeight": 1280})
    await start(NOBODY)
    await ask("GET", "sessions/concurrency", key="sk-of-nobody-0123456789")
    await ask("GET", "sessions/concurrency", key=None)
    await ask("POST", "metrics/client", json={"event": "x"}, key=None)
    await ask("GET", "sessions")
