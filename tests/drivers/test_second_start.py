"""The driver of LiveKit Agents plugins: a second start beside a first, and what is logged meanwhile."""

import pytest

from mockvendors.drivers.command import livekit_agents_command
from mockvendors.drivers.process import DriverProcess

PLUGIN = """
import logging
__version__ = "1"
class OwnError(Exception): pass
class AvatarSession:
    def __init__(self, name): self.session_id = name
    async def start(self, agent_session, room):
        if self.session_id.startswith("bad"):
            raise OwnError(self.session_id)
    async def aclose(self):
        logging.getLogger("toy").info("closed", extra={"who": self.session_id})
"""
DESCRIPTION = """
def capabilities(plugin): return {"start"}
def make(plugin, options, vendor, connection): return plugin.AvatarSession(options["name"])
"""


@pytest.fixture
async def ask(tmp_path):
    """Ask a driver of the toy plugin, in one session that has no job."""
    (tmp_path / "toy.py").write_text(PLUGIN)
    (tmp_path / "description.py").write_text(DESCRIPTION)
    driver = await DriverProcess.spawn(livekit_agents_command(str(tmp_path / "toy.py"), tmp_path / "description.py"))

    async def request(cmd, **fields):
        return await driver.request(cmd, 20, session="s", **fields)

    request.driver = driver
    await request("open", job=False, vendor={}, room="r", livekit={})
    yield request
    await driver.stop()


def closed(ask):
    """Return whose close was logged; an event that comes before a reply is there when the reply is."""
    logged = [event.fields for event in ask.driver.events.of("s") if event.name == "log"]
    return [fields["text"] for fields in logged if fields["logger"] == "toy"]


async def test_close_is_the_first_ones_when_the_second_start_failed(ask):
    assert (await ask("start", options={"name": "first"})).ok["vendor_session"] == "first"
    assert (await ask("start", options={"name": "bad second"})).error.message == "bad second"
    await ask("close", how="avatar")
    assert closed(ask) == ["closed who='first'"]


async def test_close_is_the_last_ones_that_started(ask):
    await ask("start", options={"name": "first"})
    await ask("start", options={"name": "second"})
    await ask("close", how="avatar")
    assert closed(ask) == ["closed who='second'"]


async def test_close_is_the_failed_ones_where_none_started(ask):
    await ask("start", options={"name": "bad"})
    await ask("close", how="avatar")
    assert closed(ask) == ["closed who='bad'"]


async def test_error_class_of_the_plugin_itself_is_its_configuration(ask):
    error = (await ask("start", options={"name": "bad"})).error
    assert (error.kind, error.cls) == ("configuration", "OwnError")
