"""What `serve` tells while it runs: each thing once, in its order, nothing twice."""

import asyncio

from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.cli.narrator import Narrator
from mockvendors.errors import HarnessFault
from mockvendors.inspector.scene import Scene
from mockvendors.journal import Journal
from mockvendors.server import MockServer
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
    strangers.close(quick, status=401, broken=("anam.auth.bearer",))
    assert told(narrator, lines) == ["POST /quick 401  anam.auth.bearer"]
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
    assert told(narrator, lines) == [f"{name} left room : its agent has left"]
    assert told(narrator, lines) == []


async def test_a_refused_join_is_told_without_secrets():
    avatar = OneAvatar()
    narrator, tenant, _, lines = set_up(avatar)
    tenant.start_session(AvatarPlan("ws://user:password@elsewhere", "no token", 1152, 768, 25.0), {})
    avatar.log.add("join_failed", cause="refused", url="ws://user:password@elsewhere")
    (line,) = told(narrator, lines)
    await tenant.close()
    assert line.endswith("elsewhere: refused")
    assert "password" not in line


async def test_a_fault_of_the_mock_itself_is_told_as_such():
    faults: list[HarnessFault] = []
    lines: list[str] = []
    narrator = Narrator(Scene({}, {}, Journal(), faults), lambda line, _style: lines.append(line))
    narrator.look()
    faults.append(HarnessFault("GET /x crashed the mock", "Report it"))
    narrator.look()
    narrator.look()
    assert lines == ["mockvendors itself is wrong here: GET /x crashed the mock. Report it"]
