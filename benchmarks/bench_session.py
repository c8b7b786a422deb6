"""From the plugin's POST to the first decoded full-size frame, and from dispatch to job entry: published plugin, real room."""

import asyncio
import secrets
import statistics
import sys
import time
from pathlib import Path

from mockvendors import paths
from mockvendors.drivers.command import livekit_agents_command
from mockvendors.drivers.process import DriverProcess
from mockvendors.room.livekit import LiveKit
from mockvendors.room.probe import Probe
from mockvendors.room.server import livekit_server
from mockvendors.server import MockServer
from mockvendors.tenant import Tenant

ROUNDS = 15
SIZE = (1152, 768)
Row = tuple[str, float, str, str]


def rows() -> list[Row]:
    """Return (name, value, unit, target) of each figure: medians."""
    with livekit_server(lambda line: print(line, file=sys.stderr)) as livekit:
        frames, entries = zip(*asyncio.run(_measure(livekit)), strict=True)
    return [
        ("POST to first decoded 1152x768 frame, median", statistics.median(frames), "s", "<= 0.6"),
        ("dispatch to job entry, median", statistics.median(entries), "s", "<= 0.3"),
    ]


async def _measure(livekit: LiveKit) -> list[tuple[float, float]]:
    description = Path(paths.suites() / "anam" / "plugin.py")
    driver = await DriverProcess.spawn(livekit_agents_command("livekit.plugins.anam", description))
    try:
        async with MockServer(vendors=["anam"]) as mock:
            await mock.warm()
            found = [await _round(livekit, driver, mock.base_url("anam"), mock.new_tenant("anam")) for _ in range(ROUNDS + 1)]
            return found[1:]  # the first round loads and compiles what all others find
    finally:
        await driver.stop()


async def _round(livekit: LiveKit, driver: DriverProcess, base_url: str, tenant: Tenant) -> tuple[float, float]:
    room = session = f"bench-{secrets.token_hex(4)}"
    where = {"url": livekit.url, "api_key": livekit.api_key, "api_secret": livekit.api_secret}
    async with Probe.join(livekit, room) as probe:
        dispatched = time.monotonic()
        vendor = {"base_url": base_url, "api_key": tenant.api_key}
        await driver.request("open", 15, session=session, livekit=where, room=room, connect=True, vendor=vendor)
        entered = next(e.at for e in driver.events.of(session) if e.name == "job_entered")
        avatar = next(iter(tenant.tables["avatars"]))
        options = {"name": "bench", "avatar_id": avatar, "video_width": SIZE[0], "video_height": SIZE[1]}
        posted = time.monotonic()
        await driver.request("start", 15, session=session, options=options)
        frame = await probe.first_frame("anam-avatar-agent", SIZE)
        await driver.request("close", 10, session=session, how="graceful")
    await tenant.close()
    return frame.at - posted, entered - dispatched
