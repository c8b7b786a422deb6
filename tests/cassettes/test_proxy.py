"""The recording proxy changes nothing of what passes, in either way, and tells the truth about what did not come."""

import asyncio
import gzip
import json
import socket

import aiohttp
import pytest
from aiohttp import web

from mockvendors.cassettes.interaction import Answer
from mockvendors.cassettes.origin import Upstream, is_vendors
from mockvendors.cassettes.recorder import MOST
from mockvendors.errors import EnvironmentFault, UsageFault
from tests.cassettes.conftest import AVATAR, SESSION, until
from tests.wire import raw


async def test_a_request_arrives_as_it_was_sent(stranger, record):
    stranger.answer = lambda _request: web.Response()
    recorded = await record(stranger.url)
    body = gzip.compress(b'{"a": 1}')
    head = (
        f"POST //v1/engine/session?b=%2F&a=1&a=2 HTTP/1.1\r\nHost: vendor\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n"
        f"Authorization: Bearer k\r\nX-Twice: 1\r\nX-Twice: 2\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    await raw(recorded.url, head.encode() + body)
    ((method, path, headers, received),) = stranger.seen
    assert (method, path, received) == ("POST", "//v1/engine/session?b=%2F&a=1&a=2", body)
    passed = [(name, value) for name, value in headers.items() if name not in ("Host", "Connection", "Content-Length")]
    assert passed == [("Authorization", "Bearer k"), ("X-Twice", "1"), ("X-Twice", "2"), ("Content-Encoding", "gzip")]
    assert headers["Host"] == stranger.url.removeprefix("http://")


@pytest.mark.parametrize(
    ("asked", "passed"),
    [("gzip, deflate, zstd", "gzip, deflate"), ("zstd", "identity"), ("gzip;q=0.5, *", "gzip;q=0.5"), (None, None)],
)
async def test_only_codings_that_can_be_read_are_asked_for(stranger, record, http, asked, passed):
    stranger.answer = lambda _request: web.Response()
    recorded = await record(stranger.url)
    headers, skip = ({"Accept-Encoding": asked}, ()) if asked else ({}, ("Accept-Encoding",))
    async with http.get(recorded.url + "/v1/avatars", headers=headers, skip_auto_headers=skip):
        pass
    assert stranger.seen[0][2].get("Accept-Encoding") == passed


async def test_an_answer_comes_back_as_it_was_sent(record):
    answer = (
        b"HTTP/1.1 418 Short And Stout\r\nX-Twice: 1\r\nx-twice: 2\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"
        b"Content-Encoding: gzip\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
    )
    async with upstream(answer) as url:
        recorded = await record(url)
        received, end = await raw(recorded.url, b"GET /v1/avatars HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert (lines[0], body, end) == ("HTTP/1.1 418 Short And Stout", b"abc", "closed")
    assert lines[1:5] == ["X-Twice: 1", "x-twice: 2", "Set-Cookie: a=b", "Set-Cookie: c=d"]
    assert {line.partition(":")[0] for line in lines[5:]} == {"Content-Encoding", "Content-Length", "Connection"}


@pytest.mark.parametrize(
    ("method", "answer", "length"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "99"),
        ("DELETE", b"HTTP/1.1 204 No Content\r\n\r\n", None),
        ("GET", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "3"),
        ("GET", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc", "3"),
    ],
)
async def test_lengths_are_those_of_what_is_passed_on(record, http, method, answer, length):
    async with upstream(answer) as url:
        recorded = await record(url)
        async with http.request(method, recorded.url + "/v1/sessions/x") as reply:
            assert reply.headers.get("Content-Length") == length
            assert await reply.read() == (b"abc" if length == "3" else b"")
    assert recorded.recorder.count == 1


class upstream:  # noqa: N801 - used like a function
    """A server that reads one request and sends these bytes, whatever they are; None resets the connection."""

    def __init__(self, answer):
        self.answer = answer

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_):
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        if self.answer is None:
            linger = writer.get_extra_info("socket")
            linger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        else:
            writer.write(self.answer)
            await writer.drain()
        writer.close()


GET = b"GET /v1/avatars HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "seen", "end", "told"),
    [
        (None, b"", "reset", "ended the connection without an answer"),
        (b"", b"", "reset", "ended the connection without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", b"abc", "closed", "cut its answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"3\r\nabc\r\n", "closed", "cut its answer"),
    ],
    ids=["reset", "closed", "cut", "cut in chunks"],
)
async def test_what_has_no_whole_answer_is_passed_on_and_not_recorded(record, answer, seen, end, told):
    async with upstream(answer) as url:
        recorded = await record(url)
        received, ended = await raw(recorded.url, GET)
    assert (received.partition(b"\r\n\r\n")[2], ended) == (seen, end)
    assert told in recorded.lines[0]
    assert (recorded.recorder.count, recorded.recorder.missing) == (0, 1)
    await recorded.stop()
    assert not recorded.recorder.folder.exists()


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n"])
async def test_what_is_no_http_is_told(record, answer):
    async with upstream(answer) as url:
        recorded = await record(url)
        received, _ = await raw(recorded.url, GET)
    assert received.startswith(b"HTTP/1.1 502 Bad Gateway")
    assert b"not the vendor's" in received


async def test_an_upstream_that_is_not_there_is_told_and_not_recorded(record, http):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    recorded = await record(f"http://127.0.0.1:{port}")
    async with http.get(recorded.url + "/v1/avatars?key=sk-0123456789") as reply:
        assert (reply.status, reply.content_type) == (502, "text/plain")
        assert "was not reached: Connection refused" in await reply.text()
    told = "the upstream was not reached: Connection refused"
    assert recorded.lines == [f"GET /v1/avatars?key=<token:1> ---  not recorded: {told}"]


async def test_a_client_that_gives_up_gives_up_at_the_upstream_too(stranger, record, http):
    gone = asyncio.Event()

    async def stall(_request):
        try:
            await asyncio.sleep(60)
        finally:
            gone.set()

    stranger.answer = stall
    recorded = await record(stranger.url)
    with pytest.raises(TimeoutError):
        await http.get(recorded.url + "/v1/avatars", timeout=aiohttp.ClientTimeout(total=0.2))
    await until(lambda: recorded.lines)
    await until(gone.is_set)
    assert "the client left before the answer" in recorded.lines[0]


async def test_an_open_call_at_the_end_is_told_as_what_it_is(stranger, record, http):
    began = asyncio.Event()

    async def stall(_request):
        began.set()
        await asyncio.sleep(60)

    stranger.answer = stall
    recorded = await record(stranger.url)
    call = asyncio.ensure_future(http.get(recorded.url + "/v1/avatars"))
    await began.wait()
    await recorded.stop()
    with pytest.raises(aiohttp.ClientError):
        await call
    assert recorded.lines == ["GET /v1/avatars ---  not recorded: the recorder ended"]
    assert recorded.recorder.missing == 1


@pytest.mark.parametrize(
    "sent",
    [
        b"FOO24 /v1/avatars HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CANARY\r\n\r\n",
        b"GET /v1/avatars HTTP/1.1\r\nNo Header CANARY\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03CANARY\r\n\r\n",
    ],
    ids=["method", "no line", "header", "too long", "TLS"],
)
async def test_what_is_no_request_is_counted_and_told(stranger, record, sent):
    recorded = await record(stranger.url)
    received, end = await raw(recorded.url, sent)
    assert (received[:12], end) == (b"HTTP/1.0 400", "closed")
    assert b"what came is no HTTP request that can be read. This answer is not the vendor's" in received
    assert recorded.lines == ["--- ---  not recorded: what came is no HTTP request that can be read"]
    assert recorded.recorder.missing == 1
    assert b"CANARY" not in received + recorded.everything()
    assert stranger.seen == []


async def test_no_redirect_is_followed_and_no_cookie_kept(stranger, record, http):
    stranger.answer = lambda _request: web.Response(status=302, headers={"Location": "/v1/sessions", "Set-Cookie": "a=b"})
    recorded = await record(stranger.url)
    for _ in range(2):
        async with http.get(recorded.url + "/v1/avatars", allow_redirects=False, headers={"Cookie": ""}) as reply:
            assert (reply.status, reply.headers["Location"]) == (302, "/v1/sessions")
    assert [headers.get("Cookie", "") for *_, headers, _ in stranger.seen] == ["", ""]


async def test_a_prefix_of_the_upstream_is_no_part_of_a_recorded_path(stranger, record, http):
    stranger.answer = lambda _request: web.json_response({"data": []})
    recorded = await record(stranger.url + "/anam/")
    async with http.get(recorded.url + "/v1/avatars"):
        pass
    await recorded.stop()
    assert stranger.seen[0][1] == "/anam/v1/avatars"
    assert recorded.interactions[0].sent.url == "https://vendor.invalid/v1/avatars"


async def test_a_web_socket_is_told_to_be_none_of_its_business(record, stranger):
    recorded = await record(stranger.url)
    received, _ = await raw(recorded.url, GET.replace(b"close", b"close, Upgrade\r\nUpgrade: websocket"))
    assert received.startswith(b"HTTP/1.1 501")
    assert stranger.seen == []


async def test_what_was_answered_is_on_the_disk_before_the_end(mock, tenant, record, http):
    """So a crash loses at most the last second."""
    recorded = await record(mock.base_url("anam"))
    headers = {"Authorization": f"Bearer {tenant.api_key}"}
    async with http.get(recorded.url + "/v1/avatars", headers=headers):
        pass
    await until((recorded.recorder.folder / "header.json").exists)
    assert len(recorded.interactions) == 1
    async with http.get(recorded.url + "/v1/sessions", headers=headers):
        pass
    await recorded.stop()
    assert len(recorded.interactions) == 2
    assert sorted(file.name for file in recorded.recorder.folder.iterdir()) == ["exchanges.yaml", "header.json"]


async def test_a_disk_that_refuses_is_told_and_does_not_disturb_the_client(mock, tenant, record, http, tmp_path):
    recorded = await record(mock.base_url("anam"))
    (tmp_path / "anam").write_text("a file where a folder should be")
    async with http.get(recorded.url + "/v1/avatars", headers={"Authorization": f"Bearer {tenant.api_key}"}) as reply:
        assert reply.status == 200
    with pytest.raises(EnvironmentFault, match="cannot be written"):
        await recorded.stop()
    assert any("not written" in line for line in recorded.lines)


async def test_a_recording_has_an_end(stranger, record, http):
    stranger.answer = lambda _request: web.Response()
    recorded = await record(stranger.url)
    recorded.recorder._cassettes["exchanges"] = [None] * MOST
    async with http.get(recorded.url + "/v1/avatars") as reply:
        assert reply.status == 200
    assert f"has {MOST} interactions" in recorded.lines[0]
    recorded.recorder._cassettes.clear()
    with pytest.raises(UsageFault):
        await recorded.stop()


async def test_a_session_through_the_proxy_is_one_without_it(mock, tenant, record, http):
    recorded = await record(mock.base_url("anam"))
    headers = {"Authorization": f"Bearer {tenant.api_key}"}
    async with http.post(recorded.url + SESSION, json={"personaConfig": {"avatarId": AVATAR}}, headers=headers) as reply:
        session = (await reply.json())["sessionId"]
    async with http.post(f"{recorded.url}/v1/sessions/{session}/stop", headers=headers) as reply:
        assert (await reply.json())["exitStatus"] == "CLOSED_BY_ENGINE"
    await recorded.stop()
    started, stopped = recorded.interactions
    shown = json.loads(started.answer.body)["sessionId"]
    assert stopped.sent.path == f"/v1/sessions/{shown}/stop"
    assert shown != session
    header = recorded.read().header
    assert (header.against, header.upstream, header.vendor, header.missing) == ("mock", "http://127.0.0.1", "anam", 0)


@pytest.mark.parametrize(
    "url",
    [
        "http://u:p@x",
        "http://token@x",
        "http://x?key=1",
        "http://x#f",
        "ftp://x",
        "x",
        "http://",
        "http://[x",
        "http://x:99999",
        "",
    ],
)
def test_an_upstream_that_holds_a_secret_or_is_none_is_refused(url):
    with pytest.raises(UsageFault) as refused:
        Upstream.parse(url)
    assert "u:p" not in str(refused.value)
    assert "token" not in str(refused.value)


@pytest.mark.parametrize(
    ("upstream", "server", "vendors"),
    [
        ("https://api.anam.ai", None, True),
        ("https://api.anam.ai", "cloudflare", True),
        ("https://api.anam.ai", "mockvendors/0.1.0", False),
        ("http://api.anam.ai", None, False),
        ("https://api.anam.ai.example", None, False),
        ("https://gateway.example", None, False),
        ("http://127.0.0.1", None, False),
    ],
)
def test_only_the_vendors_own_address_without_our_mark_is_the_vendor(contract, upstream, server, vendors):
    answer = Answer(200, headers=(("server", server),) if server else ())
    assert is_vendors(Upstream.parse(upstream).shown, [answer], contract) is vendors


async def test_every_answer_of_the_mock_is_marked(mock, http):
    for path in ("/v1/avatars", "/v1/nowhere", "//v1/avatars"):
        async with http.get(mock.base_url("anam") + path) as reply:
            assert reply.headers["Server"].startswith("mockvendors/")
