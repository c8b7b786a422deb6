"""Run by test_docker.py in the daemon's network: a LiveKit from Docker, two participants, a message between them."""

# ruff: noqa: T201 - its output is what it reports by

import asyncio
import json
import os
import sys

from livekit import rtc

from mockvendors import limits
from mockvendors.room.livekit import LiveKit
from mockvendors.room.server import livekit_server
from mockvendors.room.tokens import join_token


async def message_between_two(livekit: LiveKit) -> str:
    sender, receiver = rtc.Room(), rtc.Room()
    got: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    receiver.on("data_received", lambda packet: got.set_result(packet.data.decode()))
    try:
        await receiver.connect(livekit.url, join_token(livekit, "docker", "receiver"))
        await sender.connect(livekit.url, join_token(livekit, "docker", "sender"))
        await sender.local_participant.publish_data("through the container", reliable=True)
        return await asyncio.wait_for(got, limits.scaled(limits.PROBE_WAIT))
    finally:
        await sender.disconnect()
        await receiver.disconnect()


def main() -> None:
    said: list[str] = []
    with livekit_server(said.append) as livekit:
        print(json.dumps({"url": livekit.url, "source": livekit.source, "version": livekit.version}), flush=True)
        if "--hang" in sys.argv:
            sys.stdin.readline()
            livekit.check()
        message = asyncio.run(message_between_two(livekit))
        livekit.check()
    print(json.dumps({"message": message, "said": said}), flush=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # LiveKit's library may call back into an interpreter that is going away, which aborts the process
