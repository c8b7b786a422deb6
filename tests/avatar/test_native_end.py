"""The native library calls nobody in Python any more once the process ends; in a process of its own, which it makes deaf."""

import subprocess
import sys

SCRIPT = """
import asyncio
from livekit import rtc
from mockvendors.avatar import native_end

async def main():
    room = rtc.Room()
    if {deaf}:
        native_end._hang_up()
    try:
        async with asyncio.timeout(10 if not {deaf} else 2):
            await room.connect("ws://127.0.0.1:1", "no token", rtc.RoomOptions(connect_timeout=0.2))
    except TimeoutError:
        print("nothing heard")
    except rtc.ConnectError:
        print("heard")

asyncio.run(main())
"""


def run(*, deaf: bool) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(deaf=deaf)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_library_is_heard_as_ever():
    assert run(deaf=False) == "heard"


def test_once_hung_up_nothing_is_heard():
    assert run(deaf=True) == "nothing heard"
