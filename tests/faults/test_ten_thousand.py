"""Ten thousand mixed requests with faults: the journal and the admin API's `verify` agree with what a raw client sent and got."""

import random
import re
from collections import Counter

import aiohttp
import pytest

from mockvendors import limits
from mockvendors.journal import ENTRIES_KEPT, Journal
from mockvendors.server import MockServer

from .crowd import MARK, Crowd

COUNT = 10_000
LEAVING = 5
FAULTS = [
    "status:status=503,operation=startSession,calls=10-40",
    "reset-before:operation=startSession,calls=50-60",
    "lost-answer:operation=startSession,calls=70-90",
    "missing-field:field=sessionId,operation=startSession,calls=100-150",
    "delay:seconds=0.01,jitter=0.02,operation=startSession,calls=200-230",
    "invalid-json:operation=createSessionToken,calls=5-30",
    "cut-body:operation=createSessionToken,calls=40-50",
    "no-content:operation=createSessionToken,calls=60-70",
    "wrong-content-type:operation=getConcurrency,calls=1-20",
    "empty-body:operation=getConcurrency,calls=30-40",
    "trickle:bytes_per_second=2000,operation=getConcurrency,calls=50-55",
    "json-null:operation=stopSession,calls=1-5",
    f"stall:operation=deleteSession,calls=1-{LEAVING}",
]
ALWAYS_ACT = ("status", "reset-before", "lost-answer", "delay", "cut-body", "no-content", "stall")
"""Whatever the vendor's own answer is; the others may find nothing to change."""


class Scene:
    """The mock, its customers, what the client knows, and the admin API."""

    def __init__(self, mock, crowd):
        self.mock, self.crowd = mock, crowd
        self.tenants = list(mock.tenants["anam"])
        journals = [mock.journal, *(tenant.journal for tenant in self.tenants)]
        self.dropped = sum(journal.dropped for journal in journals)
        self.entries = [entry for journal in journals for entry in journal.entries]
        self.by_mark = {entry.headers[MARK]: entry for entry in self.entries}

    async def times(self, **request):
        """Return how often the admin API says that such a request came."""
        body = {"request": request, "times": 0}
        async with aiohttp.ClientSession() as session, session.post(f"{self.crowd.base}/_mock/verify", json=body) as reply:
            assert reply.status == 200, await reply.text()
            return (await reply.json())["found"]


@pytest.fixture(scope="module")
async def scene():
    """Everything is sent once; each test looks at it from another side."""
    async with MockServer(["anam"]) as mock:
        tenants = [mock.new_tenant("anam") for _ in range(3)]
        for tenant in tenants:
            tenant.set("avatars", "none")
        for text in FAULTS:
            tenants[0].faults.add_text(text)
        tenants[1].faults.add_text("delay:seconds=0.001,jitter=0.002,calls=1-200")
        crowd = Crowd(mock.base_url("anam"), {tenant.name: tenant.api_key for tenant in tenants})
        journal = tenants[0].journal
        for _ in range(LEAVING):
            await crowd.leave(
                tenants[0].name, lambda mark: journal.wait_for(lambda e: e.headers[MARK] == mark, limits.PROBE_WAIT)
            )
            await journal.wait_for(
                lambda e: e.call == journal.calls("deleteSession")[-1].call and e.note != "open", limits.PROBE_WAIT
            )
        await crowd.send(COUNT - LEAVING, seed=7)
        yield Scene(mock, crowd)
        assert [str(fault) for fault in mock.harness_faults] == []


async def test_none_is_lost_and_none_is_there_twice(scene):
    assert len(scene.crowd.exchanges) == COUNT
    assert scene.dropped == 0, "more than a journal keeps went to one key: spread them"
    assert len(scene.entries) == COUNT
    assert set(scene.by_mark) == {exchange.mark for exchange in scene.crowd.exchanges}
    assert not [entry for entry in scene.entries if entry.note == "open"]


async def test_each_entry_has_what_was_sent(scene):
    for exchange in scene.crowd.exchanges:
        entry = scene.by_mark[exchange.mark]
        assert (entry.tenant, entry.operation) == (exchange.who, exchange.operation)
        assert (entry.method, entry.path) == (exchange.method, exchange.path)
        assert entry.body == (exchange.raw.decode() if exchange.raw else exchange.body)


async def test_each_entry_has_what_was_got(scene):
    for exchange in scene.crowd.exchanges:
        entry = scene.by_mark[exchange.mark]
        assert entry.status == exchange.status, (entry, exchange)
        if entry.status is None:
            assert set(entry.faults) & {"reset-before", "lost-answer", "stall"}, entry
        elif exchange.got is None:
            assert "cut-body" in entry.faults, entry
        elif exchange.operation == "createSessionToken" and exchange.status == 200:
            assert exchange.got.decode() not in repr(entry), "it is a secret"
        elif set(entry.faults) & {"json-null", "empty-body"}:  # not made of a value: the journal has its text
            assert (entry.reply or "").encode() == exchange.got, entry
        else:
            assert entry.reply == exchange.json, entry


async def test_the_calls_of_each_operation_are_numbered_without_a_gap(scene):
    for tenant in scene.tenants:
        for operation in tenant.contract.operations:
            calls = tenant.journal.calls(operation)
            assert [entry.call for entry in calls] == list(range(1, len(calls) + 1))


async def test_faults_acted_on_the_calls_they_were_asked_for_and_no_others(scene):
    for tenant in scene.tenants:
        for planned in tenant.faults:
            acted = {(e.operation, e.call) for e in tenant.journal.entries if planned.fault.name in e.faults}
            first, last = map(int, re.search(r"calls=(\d+)-(\d+)", str(planned)).groups())
            operation = planned.address.operation
            meant = {
                (e.operation, e.call)
                for e in tenant.journal.entries
                if e.operation and operation in {None, e.operation} and first <= e.call <= last
            }
            assert acted == meant if planned.fault.name in ALWAYS_ACT else acted <= meant, planned
            assert acted, f"{planned} never acted"
        assert tenant.faults.unmet() == []


async def test_sessions_are_those_that_were_told(scene):
    for tenant in scene.tenants:
        started = {e.session for e in tenant.journal.calls("startSession") if e.session}
        stopped = {e.session for e in tenant.journal.calls("stopSession") if e.session}
        assert len(started) == sum(bool(e.session) for e in tenant.journal.calls("startSession"))
        assert stopped < started
        assert tenant.active == len(started - stopped)


async def test_verify_counts_what_the_client_counted(scene):
    sent = Counter((e.who, e.operation, e.status) for e in scene.crowd.exchanges if e.who and e.operation and e.status)
    assert len(sent) > 15
    for (who, operation, status), count in sent.items():
        assert await scene.times(tenant=who, operation=operation, status=status) == count
    assert await scene.times() == COUNT
    kinds = Counter(exchange.kind for exchange in scene.crowd.exchanges)
    assert await scene.times(path="/v1/nowhere?a=b") == kinds["nowhere"]
    assert await scene.times(status=405) == sum(e.status == 405 for e in scene.crowd.exchanges) > 0
    halves = [e for e in scene.crowd.exchanges if e.kind == "half"]
    lost = sum("lost-answer" in scene.by_mark[e.mark].faults for e in halves)  # refused, and the client does not know
    assert await scene.times(broken="anam.size.both-or-neither") == sum(e.status == 400 for e in halves) + lost > 0
    assert await scene.times(operation="startSession", body={"sessionOptions": {"videoWidth": 1152}}) == kinds["half"]


async def test_verify_counts_faults(scene):
    counted = Counter(name for entry in scene.entries for name in entry.faults)
    for name, count in counted.items():
        assert await scene.times(fault=name) == count
    resets = sum(exchange.status is None for exchange in scene.crowd.exchanges)
    assert counted["reset-before"] + counted["lost-answer"] + counted["stall"] == resets == 11 + 21 + LEAVING


async def test_verify_finds_one_request_by_its_body_and_by_its_header(scene):
    with_body = [exchange for exchange in scene.crowd.exchanges if exchange.body]
    for exchange in random.Random(1).sample(with_body, 20):  # noqa: S311 - a run is to be repeated
        assert await scene.times(body={"clientLabel": exchange.mark}) == 1
        assert await scene.times(headers={MARK: exchange.mark}, body=exchange.body, tenant=exchange.who or None) == 1
    assert await scene.times(body={"clientLabel": "never sent"}) == 0


def test_beyond_its_bound_a_journal_says_how_many_it_has_dropped():
    journal = Journal()
    for number in range(ENTRIES_KEPT + 1):
        entry = journal.open(tenant="", operation="one", method="GET", path="/", headers={}, sent=b"")
        journal.close(entry, status=200)
        assert journal.dropped + len(journal.entries) == number + 1
    assert journal.dropped > 0
    assert [entry.number for entry in journal.entries] == list(range(journal.dropped + 1, ENTRIES_KEPT + 2))
    assert journal.entries[-1].call == ENTRIES_KEPT + 1
