"""What several folders of tests share: LiveKit, a plan to join a room of it, and a look at what a test leaves running."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from mockvendors.avatar.late import is_late
from mockvendors.errors import EnvironmentFault

if TYPE_CHECKING:
    from mockvendors.avatar.plan import AvatarPlan
    from mockvendors.room.livekit import LiveKit


def running() -> set["asyncio.Task[object]"]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def no_task_left() -> AsyncIterator[None]:
    """Fail a test that leaves a task of its own behind; what a fixture of wider scope runs was there before."""
    before = running()
    yield
    await asyncio.sleep(0)  # tasks that were cancelled last get their turn
    left = {task for task in running() - before if not is_late(task) and not task.done()}
    assert not left, f"left running: {sorted(str(task) for task in left)}"


@pytest.fixture(scope="session")
def livekit() -> "Iterator[LiveKit]":
    """A LiveKit server as a run would find or start it; where there is none, the test is skipped with the reason."""
    from mockvendors.room.server import livekit_server  # noqa: PLC0415 - only where a test needs it

    try:
        with livekit_server(lambda line: sys.stderr.write(f"{line}\n")) as server:
            yield server
    except EnvironmentFault as fault:
        pytest.skip(f"no LiveKit server: {fault}")


@pytest.fixture(scope="session")
def new_plan() -> "Callable[..., AvatarPlan]":
    """Return what makes the plan of an avatar: a token for this room as a plugin mints it; more fields by name."""
    from mockvendors.avatar.plan import AvatarPlan  # noqa: PLC0415 - as above
    from mockvendors.room.tokens import join_token  # noqa: PLC0415 - as above

    def make(
        livekit: "LiveKit", room: str, identity: str = "anam-avatar-agent", on_behalf_of: str | None = None, **fields: object
    ) -> AvatarPlan:
        attributes = {"lk.publish_on_behalf": on_behalf_of} if on_behalf_of else None
        token = join_token(livekit, room, identity, kind="agent", name=identity, attributes=attributes)
        return AvatarPlan(**{"url": livekit.url, "token": token, "width": 1152, "height": 768, "fps": 25.0} | fields)

    return make
