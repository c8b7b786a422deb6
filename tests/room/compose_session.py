"""Run by test_compose.py where a person's shell is: posts a session to the mock, and sees its avatar in LiveKit's room."""

# ruff: noqa: T201, S310 - its output is what it reports by; the addresses are the test's own

import asyncio
import json
import os
import sys
import urllib.request

import psutil

from mockvendors import limits
from mockvendors.room.livekit import LiveKit
from mockvendors.room.probe import Probe
from mockvendors.room.tokens import join_token

AVATAR = "anam-avatar-agent"
SIZE = (1152, 768)


def fetch(url: str, body: object = None, key: str = "") -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"} if key else {}
    asked = urllib.request.Request(url, data=json.dumps(body).encode() if body else None, headers=headers)
    with urllib.request.urlopen(asked, timeout=limits.scaled(limits.DOCKER_CALL)) as answer:
        return answer.status, answer.read()


async def session(livekit: LiveKit) -> tuple[int, int]:
    """Start a session as a plugin does, and return the size of the face that the probe sees."""
    async with Probe.join(livekit, "compose") as probe:
        body = {
            "personaConfig": {"avatarId": "6c1f0d3e-5b0a-4c58-9d1e-000000000001"},
            "sessionOptions": {"videoWidth": SIZE[0], "videoHeight": SIZE[1]},
            "environment": {"livekitUrl": livekit.url, "livekitToken": join_token(livekit, "compose", AVATAR, kind="agent")},
        }
        url, key = os.environ["ANAM_API_URL"], os.environ["ANAM_API_KEY"]
        status, _ = await asyncio.to_thread(fetch, f"{url}/v1/engine/session", body, key)
        assert status == 200
        await probe.participant(AVATAR)
        return (await probe.settled_size(AVATAR)).delivered


def main() -> None:
    livekit = LiveKit(*(os.environ[f"LIVEKIT_{name}"] for name in ("URL", "API_KEY", "API_SECRET")), "LIVEKIT_URL")
    page = os.environ["PAGE"]
    listening = {one.laddr.ip for one in psutil.net_connections("inet") if one.status in ("LISTEN", "NONE")}
    size = asyncio.run(session(livekit))
    state = json.loads(fetch(f"{page}state.json")[1])
    title = b"<html" in fetch(page)[1].lower()
    print(json.dumps({"size": size, "listening": sorted(listening), "page": title, "sessions": len(state["sessions"])}))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # LiveKit's library may call back into an interpreter that is going away, which aborts the process
