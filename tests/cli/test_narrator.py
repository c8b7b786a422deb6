"""What `serve` tells while it runs: each thing once, in its order, nothing twice."""

import asyncio

from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.cli.narrator import SAID_KEPT, Narrator
from mockvendors.errors import HarnessFault, VendorFault
from mockvendors.inspector.scene import Scene
from mockvendors.journal import Journal
from mockvendors.server import MockServer
from mockvendors.sessions import SESSIONS_KEPT
from mockvendors.tenant import Tenant


class OneAvatar:
    """Stands in for LiveKit's avatars and for the avatar: the case writes its log."""

    ready = True

    def __init__(self) -> None:
        self.log = AvatarLog()
        self.over = asyncio.Event()

    async def warm(self) -> None: ...

    def make(self, _plan: AvatarPlan) -> "OneAvatar":
        return self

    async def run(self) -> str:
        await self.over.wait()
        return "removed"

    def stop(self, _reason: str) -> None:
        self.over.set()


def told(narrator: Narrator, lines: list[str]) -> list[str]:
    """Return what is new, without the time of day."""
    lines.clear()
    narrator.look()
    return [line.split(" ", 1)[1] for line in lines]


def set_up(avatar: OneAvatar) -> tuple[Narrator, Tenant, Journal, list[str]]:
    tenant, strangers, lines = MockServer(["anam"], avatars=avatar).new_tenant("anam"), Journal(), []
    scene = Scene({"anam": tenant}, {}, strangers)
    return Narrator(scene, lambda line, _style: lines.append(line)), tenant, strangers, lines


async def test_a_request_is_told_once_when_it_is_over():
    narrator, tenant, strangers, lines = set_up(OneAvatar())
    asked = {"tenant": "", "operation": None, "method": "POST", "headers": {}, "sent": b""}
    slow = tenant.journal.open(path="/slow", **asked)
    quick = strangers.open(path="/quick", **asked)
    strangers.close(quick, status=400, broken=("anam.size.type",))
    assert told(narrator, lines) == ["POST /quick 400  anam.size.type"]
    assert told(narrator, lines) == []
    tenant.journal.close(slow, status=200, session="12345678-more", faults=("Delay",))
    assert told(narrator, lines) == ["POST /slow 200  fault Delay, session 12345678"]
    lost = tenant.journal.open(path="/lost", **asked)
    tenant.journal.close(lost, note="client left")
    assert told(narrator, lines) == ["POST /lost ---  client left"]


async def test_an_avatar_is_told_from_its_joining_to_its_leaving():
    avatar = OneAvatar()
    narrator, tenant, _, lines = set_up(avatar)
    session = tenant.start_session(AvatarPlan("ws://127.0.0.1:9", "no token", 720, 480, 25.0), {})
    avatar.log.add("joined", room="r1", identity="face")
    avatar.log.add("stream_opened")
    name = f"  avatar {session.id[:8]}"
    assert told(narrator, lines) == [f"{name} joined room r1 as face: 720x480 at 25 fps"]
    avatar.log.add("playback_finished", position=1.5, interrupted=False)
    avatar.log.add("playback_finished", position=0.25, interrupted=True)
    assert told(narrator, lines) == [f"{name} was heard for 1.50 s", f"{name} was heard for 0.25 s, then was interrupted"]
    avatar.log.add("left", reason="speaker_left")
    await tenant.close()
    assert told(narrator, lines) == [f"{name} left room r1: its agent has left"]
    assert told(narrator, lines) == []


async def test_a_refused_join_is_told_without_secrets():
    avatar = OneAvatar()
    narrator, tenant, _, lines = set_up(avatar)
    tenant.start_session(AvatarPlan("ws://user:password@elsewhere", "no token", 1152, 768, 25.0), {})
    avatar.log.add("join_failed", cause="refused", url="ws://user:password@elsewhere")
    (line,) = told(narrator, lines)
    await tenant.close()
    assert "could not join its room (the token names none) at ws://" in line
    assert line.endswith("elsewhere: refused")
    assert "password" not in line


async def test_a_refusal_with_a_remedy_tells_it_once_below_its_request():
    narrator, tenant, strangers, lines = set_up(OneAvatar())
    for _ in range(2):
        entry = strangers.open(tenant="", operation=None, method="POST", path="/x", headers={}, sent=b"")
        strangers.close(entry, status=404, broken=("anam.avatar.unknown",))
    first, remedy, second = told(narrator, lines)
    assert first == second == "POST /x 404  anam.avatar.unknown"
    assert remedy.startswith("  anam.avatar.unknown: --set unknown_avatars=accept")
    assert all(avatar in remedy for avatar in tenant.tables["avatars"])


async def test_a_remark_is_told_of_its_session_and_one_for_all_sessions_once():
    narrator, tenant, _, lines = set_up(OneAvatar())
    sessions = [tenant.start_session(None, {}) for _ in range(2)]
    for session in sessions:
        session.remark("nobody comes")
        session.remark(f"key {tenant.api_key} stands in", once=True)
    first, second = (f"  session {session.id[:8]}" for session in sessions)
    expected = [f"{first}: nobody comes", f"{first}: key {tenant.name} stands in", f"{second}: nobody comes"]
    assert told(narrator, lines) == expected
    assert told(narrator, lines) == []


async def test_what_it_remembers_does_not_grow_with_what_was():
    narrator, tenant, strangers, _ = set_up(OneAvatar())
    for number in range(10_000):
        session = tenant.start_session(None, {})
        session.remark(f"avatar {number} is unknown", once=True)
        session.stop("stopped")
        entry = strangers.open(tenant="", operation=None, method="GET", path="/", headers={}, sent=b"")
        strangers.close(entry, status=404)
        if number % 100 == 0:
            narrator.look()
    narrator.look()
    assert set(narrator._heard) == set(tenant.sessions)
    assert len(narrator._heard) == SESSIONS_KEPT
    assert len(narrator._said) == SAID_KEPT
    assert narrator._ended == []


async def test_a_request_that_is_answered_after_the_journal_dropped_it_is_told():
    narrator, _, strangers, lines = set_up(OneAvatar())
    asked = {"tenant": "", "operation": None, "method": "GET", "headers": {}, "sent": b""}
    slow = strangers.open(path="/slow", **asked)
    assert told(narrator, lines) == []
    del strangers.entries[0]
    strangers.close(slow, status=200)
    assert told(narrator, lines) == ["GET /slow 200"]


async def test_a_reset_takes_no_request_and_no_session_from_the_lines():
    narrator, tenant, strangers, lines = set_up(OneAvatar())
    asked = {"tenant": "", "operation": None, "method": "POST", "headers": {}, "sent": b""}
    wrong = strangers.open(path="/wrong", **asked)
    strangers.close(wrong, status=401)
    assert told(narrator, lines) == ["POST /wrong 401"]
    session = tenant.start_session(None, {})
    session.remark("nobody comes")
    before, waits = (tenant.journal.open(path=path, **asked) for path in ("/before", "/waits"))
    tenant.journal.close(before, status=200, session=session.id)
    await tenant.reset()
    strangers.clear()
    tenant.journal.close(waits, note="connection cut")
    first = strangers.open(path="/first", **asked)
    strangers.close(first, status=401)
    short = session.id[:8]
    after = tenant.journal.open(path="/after", **asked)
    tenant.journal.close(after, status=200)
    assert sorted(told(narrator, lines)) == [
        f"  session {short}: nobody comes",
        "POST /after 200",
        f"POST /before 200  session {short}",
        "POST /first 401",
        "POST /waits ---  connection cut",
    ]
    assert told(narrator, lines) == []


async def test_the_requests_and_sessions_of_every_key_are_told():
    avatar, lines = OneAvatar(), []
    mock = MockServer(["anam"], avatars=avatar)
    ours = mock.new_tenant("anam")
    scene = Scene({"anam": ours}, {}, mock.journal, customers=tuple(mock.tenants.values()))
    narrator = Narrator(scene, lambda line, _style: lines.append(line))
    other = mock.new_tenant("anam")
    session = other.start_session(None, {})
    session.remark("nobody comes")
    for tenant in (ours, other):
        asked = {"operation": None, "method": "GET", "headers": {}, "sent": b""}
        tenant.journal.close(tenant.journal.open(tenant=tenant.name, path="/x", **asked), status=200)
    assert sorted(told(narrator, lines)) == [
        f"  session {session.id[:8]}: nobody comes",
        "GET /x 200",
        f"GET /x 200  of {other.name}",
    ]
    assert [found for _, found in scene.sessions()] == [session], "the page has them too"
    await other.close()


async def test_a_fault_of_the_mock_itself_is_told_as_such():
    faults: list[HarnessFault] = []
    lines: list[str] = []
    narrator = Narrator(Scene({}, {}, Journal(), faults), lambda line, _style: lines.append(line))
    narrator.look()
    faults.append(HarnessFault("GET /x crashed the mock", "Report it"))
    narrator.look()
    narrator.look()
    assert lines == ["mockvendors itself is wrong here: GET /x crashed the mock. Report it"]


async def test_a_fault_of_somebody_elses_mock_is_told_as_theirs():
    lines: list[str] = []
    fault = VendorFault("GET /x crashed it", "Correct mock.py:3", whose="the mock of acme (acme_mock of acme-avatar 0.1.0)")
    Narrator(Scene({}, {}, Journal(), [fault]), lambda line, _style: lines.append(line)).look()
    assert lines == ["the mock of acme is wrong here: GET /x crashed it. Correct mock.py:3"]
