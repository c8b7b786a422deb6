"""The native library's log: a flood that Python need not take, told in a process of its own, since it cannot be taken back."""

import os
import subprocess
import sys

JOIN = """
import asyncio
import sys
from livekit import rtc
from livekit.rtc import _ffi_client
from mockvendors.room import native_log

records = 0
told = _ffi_client.to_python_level

def count(level):
    global records
    records += 1
    return told(level)

_ffi_client.to_python_level = count
if "without-a-switch" in sys.argv:
    del _ffi_client.FfiClient
if "untouched" not in sys.argv:
    native_log.keep_out()

async def join():
    try:
        await rtc.Room().connect("ws://127.0.0.1:9", "no-token")
    except rtc.ConnectError:
        return

if "without-a-switch" not in sys.argv:
    asyncio.run(join())
print(records)
"""


def records(*words: str, **environment: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", JOIN, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return int(done.stdout)


def test_records_no_longer_reach_python():
    assert records("untouched") > 10
    assert records() < 10  # those of the library's own start, before it can be told


def test_whoever_debugs_the_library_keeps_them():
    assert records(LIVEKIT_RTC_DEBUG="1") > 10


def test_a_package_without_the_switch_is_left_as_it_is():
    assert records("without-a-switch") == 0
