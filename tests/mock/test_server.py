"""The server's life: addresses, start, stop, what it costs."""

import asyncio
import gc
import subprocess
import sys
import time
import weakref

import pytest

from mockvendors import limits
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.faults import Delay, Stall, Trickle
from mockvendors.redact import fingerprint
from mockvendors.server import MockServer

from .bodies import body, room
from .conftest import Client, PaperAvatar, PaperAvatars


async def test_addresses(mock):
    assert mock.base_url("anam").startswith("http://127.0.0.1:")
    with pytest.raises(UsageFault, match="Served: anam"):
        mock.base_url("tavus")
    with pytest.raises(UsageFault, match="Served: anam"):
        mock.new_tenant("tavus")


async def test_other_binds():
    async with MockServer(["anam"], host="0.0.0.0", admin_token="a token") as mock:
        tenant = mock.new_tenant("anam")
        assert (await Client(mock.base_url("anam"), tenant.api_key)("GET", "/v1/avatars")).status == 200


@pytest.mark.parametrize("port", [None, 70_000])
async def test_an_address_that_cannot_be_had(mock, port):
    taken = port or int(mock.base_url("anam").rsplit(":", 1)[1])
    with pytest.raises(EnvironmentFault, match=rf"127.0.0.1:{taken} cannot be had.*choose another port"):
        await MockServer(["anam"], port=taken).start()


async def test_a_host_that_cannot_be_had():
    with pytest.raises(EnvironmentFault, match=r"192\.0\.2\.1:0 cannot be had"):
        await MockServer(["anam"], host="192.0.2.1", admin_token="a token").start()


def test_unknown_vendor():
    with pytest.raises(UsageFault, match=r"There is no vendor 'acme'.*anam"):
        MockServer(["acme"])


def test_keys(mock):
    minted = {mock.new_tenant("anam").api_key for _ in range(20)}
    assert len(minted) == 20
    chosen = mock.new_tenant("anam", api_key="chosen")
    assert chosen.api_key == "chosen"
    with pytest.raises(UsageFault, match="already"):
        mock.new_tenant("anam", api_key="chosen")
    with pytest.raises(UsageFault, match="ASCII"):
        mock.new_tenant("anam", api_key="schlüssel")


async def test_of_a_closed_tenant_nothing_is_kept(mock):
    tenant = mock.new_tenant("anam", api_key="chosen")
    call = Client(mock.base_url("anam"), "chosen")
    assert (await call.start(body())).status == 200
    await tenant.close()
    gone = weakref.ref(tenant)
    del tenant
    again = mock.new_tenant("anam", api_key="chosen")
    gc.collect()
    assert gone() is None
    assert (await call.start(body())).status == 200
    assert len(again.journal.entries) == 1


async def test_a_tenants_key_in_a_strangers_request_is_not_stored(mock):
    mock.new_tenant("anam", api_key="chosen-by-somebody")
    await Client(mock.base_url("anam"), "wrong")(
        "GET", "/v1/sessions/chosen-by-somebody", headers={"X-Note": "chosen-by-somebody"}
    )
    (entry,) = mock.journal.entries
    assert "chosen-by-somebody" not in repr(entry)
    assert entry.path == f"/v1/sessions/{fingerprint('chosen-by-somebody')}"


@pytest.mark.parametrize("fault", [Stall(), Delay(600), Trickle(1)], ids=repr)
async def test_stop_with_open_requests(fault):
    before = asyncio.all_tasks()
    mock = MockServer(["anam"], avatars=PaperAvatars())
    await mock.start()
    tenant = mock.new_tenant("anam")
    tenant.faults.add(fault)
    call = Client(mock.base_url("anam"), tenant.api_key)
    requests = [asyncio.create_task(call.start(room(), limit=30)) for _ in range(5)]
    await tenant.journal.wait_for(lambda entry: entry.number == 5, 2)
    began = time.monotonic()
    await mock.stop()
    assert time.monotonic() - began <= limits.scaled(limits.SERVER_CLOSE)
    results = await asyncio.gather(*requests, return_exceptions=True)
    assert all(isinstance(result, Exception) for result in results)
    cut = "" if isinstance(fault, Trickle) else "connection cut"
    assert {entry.note for entry in tenant.journal.entries} == {cut}
    assert asyncio.all_tasks() == before


async def test_stop_ends_the_avatars():
    async with MockServer(["anam"], avatars=PaperAvatars()) as mock:
        tenant = mock.new_tenant("anam")
        await Client(mock.base_url("anam"), tenant.api_key).start(room())
        (session,) = tenant.sessions.values()
    assert (session.state, session.reason) == ("ended", "tenant_closed")


async def test_stop_twice():
    mock = MockServer(["anam"])
    await mock.start()
    await mock.stop()
    await mock.stop()


class SlowAvatars(PaperAvatars):
    """Needs warming; the avatar of a session that was stopped meanwhile never joins for long."""

    def __init__(self):
        self.ready, self.go = False, asyncio.Event()

    async def warm(self):
        await self.go.wait()
        self.ready = True


async def test_a_start_does_not_wait_for_the_first_avatar():
    avatars = SlowAvatars()
    async with MockServer(["anam"], avatars=avatars) as mock:
        tenant = mock.new_tenant("anam")
        call = Client(mock.base_url("anam"), tenant.api_key)
        for _ in range(2):
            assert (await call.start(room())).status == 200
        first, second = tenant.sessions.values()
        assert first.avatar is None
        second.stop("stopped")
        avatars.go.set()
        await first.joined(limits.SESSION_END)
        assert await second.ended(limits.SESSION_END) == "stopped"
        assert first.state == "live"


async def test_an_avatar_that_cannot_be_made_ends_its_session_as_ours():
    class Broken(PaperAvatars):
        def make(self, _plan):
            raise RuntimeError("no camera")

    async with MockServer(["anam"], avatars=Broken()) as mock:
        tenant = mock.new_tenant("anam")
        answer = await Client(mock.base_url("anam"), tenant.api_key).start(room())
        assert answer.status == 500
        assert "no camera" in str(mock.harness_faults[0])
        assert tenant.active == 0


async def test_an_avatar_that_crashes_is_ours():
    class Crashing(PaperAvatar):
        async def run(self):
            raise RuntimeError("out of paint")

    class Factory(PaperAvatars):
        def make(self, plan):
            return Crashing(plan)

    async with MockServer(["anam"], avatars=Factory()) as mock:
        tenant = mock.new_tenant("anam")
        answer = await Client(mock.base_url("anam"), tenant.api_key).start(room())
        assert answer.status == 200
        session = tenant.sessions[answer.body["sessionId"]]
        assert await session.ended(limits.SESSION_END) == "crashed"
        (fault,) = mock.harness_faults
        assert "out of paint" in str(fault)
        assert tenant.active == 0


SNIPPET = """
import asyncio, sys, urllib.request
from mockvendors.server import MockServer
async def main():
    async with MockServer(["anam"]) as mock:
        tenant = mock.new_tenant("anam")
        request = urllib.request.Request(mock.base_url("anam") + "/v1/avatars")
        request.add_header("Authorization", "Bearer " + tenant.api_key)
        await asyncio.to_thread(lambda: urllib.request.urlopen(request).read())
        print("livekit" in sys.modules, *[line.split()[1] for line in open("/proc/self/status") if "VmHWM" in line])
asyncio.run(main())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_the_first_answer_loads_no_livekit_and_little_memory():
    done = subprocess.run([sys.executable, "-c", SNIPPET], capture_output=True, text=True, check=True, timeout=30)
    loaded, kilobytes = done.stdout.split()
    assert loaded == "False"
    assert int(kilobytes) < 120 * 1024


async def test_two_servers_side_by_side(mock):
    async with MockServer(["anam"]) as other:
        theirs = other.new_tenant("anam")
        assert (await Client(mock.base_url("anam"), theirs.api_key).start(body())).status == 401
