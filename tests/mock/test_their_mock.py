"""A mock of somebody else's that is wrong is named, with its line; of ours it is said that it is ours."""

import asyncio
import json
import socket
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from mockvendors import limits
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault, VendorFault
from mockvendors.owner import mock_of
from mockvendors.replies import Refused
from mockvendors.server import MockServer, load_vendor
from mockvendors.vendors.anam.vendor import Anam

from .bodies import body
from .conftest import Client, PaperAvatars

WHOSE = f"the mock of anam ({__name__})"


class Theirs(Anam):
    """Anam's, made by this module."""

    def __init__(self, start=None, **ways):
        super().__init__(Contract.load("anam"))
        self.start, self.ways = start, ways

    def routes(self):
        known = super().routes()
        return {**known, "startSession": replace(known["startSession"], handler=self.start)} if self.start else known

    def authenticate(self, headers, tenants):
        return self.ways.get("authenticate", super().authenticate)(headers, tenants)

    def error(self, *told):
        return self.ways.get("error", super().error)(*told)


async def started(vendor, within=None):
    """Start once, and return what the client got and what the server noted."""
    async with MockServer([vendor], avatars=PaperAvatars()) as mock:
        call = Client(mock.base_url("anam"), mock.new_tenant("anam").api_key)
        try:
            answer = await asyncio.wait_for(call.start(body()), within)
        except TimeoutError:
            answer = None
    return answer, mock.harness_faults


async def broken_rule(call):
    raise KeyError(call.operation.id)


async def unknown_rule(_call):
    Contract.load("anam").rule("anam.size.pear")


async def nothing(_call):
    return None


async def hangs(_call):
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (broken_rule, "crashed {}: KeyError('startSession'). Correct {}:"),
        (unknown_rule, "crashed {}: The contract of anam has no rule anam.size.pear. Add it to x-rules. Correct {}:"),
        (nothing, "crashed {}: TypeError('the handler of startSession returns a NoneType, and no Reply'). Correct Theirs in {}"),
    ],
)
async def test_handler_that_is_wrong_is_named(start, told):
    answer, faults = await started(Theirs(start))
    assert answer.status == 500
    (fault,) = faults
    assert isinstance(fault, VendorFault)
    assert fault.whose == WHOSE
    assert str(fault).startswith("POST /v1/engine/session " + told.format(WHOSE, __file__))


async def test_handler_that_hangs_is_named(monkeypatch):
    monkeypatch.setattr(limits, "MOCK_ANSWER", 0.05)
    answer, (fault,) = await started(Theirs(hangs))
    assert answer.status == 500
    assert f"crashed {WHOSE}: the handler of startSession gives no answer within 0.05 s" in str(fault)


async def test_handler_that_blocks_the_event_loop_is_named(monkeypatch):
    async def blocks(_call):
        time.sleep(0.06)  # noqa: ASYNC251 - that is what is wrong with it

    monkeypatch.setattr(limits, "MOCK_ANSWER", 0.05)
    answer, (fault,) = await started(Theirs(blocks))
    assert answer.status == 500
    assert f"crashed {WHOSE}: the handler of startSession blocked the event loop for 0." in str(fault)


@pytest.mark.parametrize("waits", [True, False], ids=["as-it-waits", "as-it-ends"])
async def test_handler_beside_one_that_blocks_the_event_loop_is_not_accused(monkeypatch, waits):
    begun = asyncio.Event()

    async def beside(call):
        begun.set()
        await (asyncio.sleep(0.01) if waits else asyncio.sleep(0))
        return await starts(call)

    async def another():
        await begun.wait()
        time.sleep(0.3)  # noqa: ASYNC251 - that is what is wrong with it

    monkeypatch.setattr(limits, "MOCK_ANSWER", 0.2)
    (answer, faults), _ = await asyncio.gather(started(Theirs(beside)), another())
    assert (answer.status, faults) == (200, [])


async def refuses(call):
    raise Refused(call.tenant.contract.rule("anam.auth.bearer"), "no")


async def starts(call):
    return await Anam(Contract.load("anam")).routes()["startSession"].handler(call)


@pytest.mark.parametrize("then", [starts, refuses, broken_rule])
async def test_client_that_leaves_a_blocked_event_loop_is_seen(monkeypatch, then):
    at_work, left = threading.Event(), threading.Event()

    async def blocks(call):
        at_work.set()
        assert left.wait(limits.scaled(5))
        return await then(call)

    def ask_and_leave(url, key):
        sent = json.dumps(body()).encode()
        head = f"POST /v1/engine/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port)) as client:
            client.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)
            assert at_work.wait(limits.scaled(5))
        left.set()

    monkeypatch.setattr(limits, "MOCK_SLOW", 0.0)
    async with MockServer([Theirs(blocks)], avatars=PaperAvatars()) as mock:
        await asyncio.to_thread(ask_and_leave, mock.base_url("anam"), mock.new_tenant("anam").api_key)
    (fault,) = mock.harness_faults
    assert f"(startSession) had no answer of {WHOSE} after 0." in str(fault)


async def test_start_whose_client_leaves_in_vain_is_named(monkeypatch):
    monkeypatch.setattr(limits, "MOCK_SLOW", 0.05)
    answer, (fault,) = await started(Theirs(hangs), within=0.2)
    assert answer is None
    assert f"(startSession) had no answer of {WHOSE} after 0." in str(fault)


async def test_client_that_leaves_at_once_blames_nobody():
    _, faults = await started(Theirs(hangs), within=0.05)
    assert faults == []


async def test_credentials_that_it_cannot_read_are_its_fault():
    answer, (fault,) = await started(Theirs(authenticate=lambda *_: 1 / 0))
    assert answer.status == 500
    assert f"authenticate() of POST /v1/engine/session crashed {WHOSE}: ZeroDivisionError" in str(fault)


async def test_error_that_it_cannot_word_is_its_fault():
    vendor = Theirs(broken_rule, error=lambda *_: 1 / 0)
    answer, (fault,) = await started(vendor)
    assert answer.status == 500
    assert "KeyError('startSession')" in str(fault)


async def test_reply_that_its_contract_does_not_know_is_its_fault():
    async def odd(call):
        return replace_status(await Anam(Contract.load("anam")).routes()["startSession"].handler(call))

    def replace_status(reply):
        from msgspec.structs import replace as changed  # noqa: PLC0415

        return changed(reply, status=299)

    _, (fault,) = await started(Theirs(odd))
    assert str(fault).startswith(f"299 of startSession by {WHOSE} breaks its own contract, anam.reply: ")


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (lambda known: {n: r for n, r in known.items() if n != "stopSession"}, "has no route for stopSession (POST /v1/"),
        (lambda known: {**known, "stopSesion": None}, "has a route for stopSesion, which its contract does not know"),
    ],
)
def test_routes_are_those_of_the_contract(known, told):
    vendor = Theirs()
    routes = known(vendor.routes())
    vendor.routes = lambda: routes
    with pytest.raises(UsageFault, match="The mock of anam") as caught:
        MockServer([vendor])
    assert told in str(caught.value)
    assert f"Correct routes() of Theirs in {__file__}" in str(caught.value)


def test_mock_that_cannot_be_made_is_told_in_one_line(monkeypatch):
    def create(_contract):
        raise OSError("no catalogue")

    monkeypatch.setattr("mockvendors.server.registration", lambda _: SimpleNamespace(create=create))
    with pytest.raises(UsageFault, match=r"The mock of anam cannot be made by .*create: OSError\('no catalogue'\)"):
        load_vendor("anam")


def test_ours_has_no_package():
    assert mock_of(load_vendor("anam"), "anam") == "the mock of anam"
