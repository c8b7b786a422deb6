"""A driver that is being ended when the run is interrupted is ended all the same."""

import asyncio
import sys

import pytest

from mockvendors.conformance.drivers import Drivers
from mockvendors.drivers.process import DriverProcess

DEAF = """
import json, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
hello = json.loads(sys.stdin.readline())
ok = {"protocol": 1, "implementation": {"name": "deaf", "version": "1"}, "framework": {"name": "none", "version": "1"},
      "language": {"name": "Python", "version": "3"}, "capabilities": []}
print(json.dumps({"id": hello["id"], "ok": ok}), flush=True)
signal.pause()
"""


@pytest.mark.asyncio(loop_scope="function")
async def test_a_driver_whose_end_is_interrupted_is_ended_with_the_rest(monkeypatch):
    driver = await DriverProcess.spawn([sys.executable, "-c", DEAF])
    drivers, who = Drivers(say=lambda _: None), object()
    drivers._running[who] = driver
    ending = asyncio.create_task(drivers.end(who))
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert driver.alive
    monkeypatch.setenv("MOCKVENDORS_TIME_SCALE", "0.1")
    await drivers.stop()
    assert not driver.alive
