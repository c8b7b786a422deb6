"""One session of a tenant: starting, live, ended; the avatar that it owns goes with it."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from mockvendors import limits
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.avatars import Avatar, AvatarFactory

if TYPE_CHECKING:
    from mockvendors.avatar.log import AvatarLog

State = Literal["starting", "live", "ended"]


@dataclass(frozen=True)
class Remark:
    """What a person in front of `serve` should know of a session, beside what its avatar does."""

    at: float
    """Seconds since 1970."""
    text: str
    once: bool
    """Whether it is worth telling of the first such session alone."""


class Session:
    """What one accepted start brought about."""

    __slots__ = (
        "_changed",
        "_on_end",
        "_stop_reason",
        "_task",
        "_timer",
        "avatar",
        "cause",
        "ended_at",
        "facts",
        "id",
        "plan",
        "reason",
        "remarks",
        "started_at",
    )

    def __init__(self, id: str, plan: AvatarPlan | None, facts: Mapping[str, Any], on_end: Callable[["Session"], None]) -> None:  # noqa: A002 - the vendor's word
        self.id = id
        self.plan = plan
        self.facts = facts
        """What the vendor's module wants to tell about it later."""
        self.avatar: Avatar | None = None
        self.reason: str | None = None
        """Why it ended; None while it runs."""
        self.cause = ""
        """What crashed it; empty when nothing did, or when the avatar's log has it."""
        self.remarks: tuple[Remark, ...] = ()
        self.started_at = time.time()
        self.ended_at: float | None = None
        self._on_end = on_end
        self._changed: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._stop_reason: str | None = None

    @property
    def state(self) -> State:
        """`starting` until its avatar is in the room, `live`, `ended`."""
        if self.reason is not None:
            return "ended"
        return "live" if self.log is not None and self.log.of("joined") else "starting"

    @property
    def log(self) -> "AvatarLog | None":
        """The avatar's log; None before there is one."""
        return self.avatar.log if self.avatar else None

    def run(self, avatars: AvatarFactory | None, max_seconds: float | None) -> None:
        """Let it live: with an avatar, or (None) as an entry that nobody joins, which ends in any case."""
        if self.plan is None or avatars is None:
            longest = limits.scaled(limits.SESSION_UNJOINED) if max_seconds is None else max_seconds
            self._timer = asyncio.get_running_loop().call_later(longest, self._end, "expired")
            return
        self.plan = replace(self.plan, max_seconds=max_seconds)
        if avatars.ready:
            try:
                self._make(avatars, self.plan)
            except BaseException as error:
                self.cause = repr(error)
                self._end("crashed")
                raise
        self._task = asyncio.create_task(self._live(avatars, self.plan), name=f"session-{self.id}")

    def remark(self, text: str, *, once: bool = False) -> None:
        """Let people know something of it."""
        self.remarks += (Remark(time.time(), text, once),)

    def stop(self, reason: str) -> None:
        """End it; `ended` returns when its avatar is gone."""
        self._stop_reason = self._stop_reason or reason
        if self.avatar is not None:
            self.avatar.stop(reason)
        elif self._task is None:
            self._end(reason)

    async def joined(self, limit: float) -> None:
        """Return when its avatar is in the room."""
        async with asyncio.timeout(limits.scaled(limit)):
            await self._until(lambda: self.avatar is not None)
        if self.log is not None:
            await self.log.wait_for("joined", limit)

    async def ended(self, limit: float) -> str:
        """Return why it ended, once it has."""
        try:
            async with asyncio.timeout(limits.scaled(limit)):
                await self._until(lambda: self.reason is not None)
        except TimeoutError:
            seen = self.log.text() if self.log else "no avatar"
            raise TimeoutError(f"session {self.id} did not end within {limit:g} s: {seen}") from None
        return self.reason or ""

    async def close(self, reason: str, limit: float) -> None:
        """Stop it, and cancel what does not go by itself within `limit` seconds."""
        self.stop(reason)
        if self._task is not None:
            _, pending = await asyncio.wait({self._task}, timeout=limits.scaled(limit))
            for task in pending:
                task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._end(reason)

    async def _live(self, avatars: AvatarFactory, plan: AvatarPlan) -> None:
        reason = "crashed"
        try:
            if self.avatar is None:
                await avatars.warm()
                self._make(avatars, plan)
            if self.avatar is not None:
                reason = await self.avatar.run()
        except asyncio.CancelledError:
            reason = "cancelled"
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is ours, and the session must end in order
            self.cause = repr(error)
        finally:
            self._end(reason)

    def _make(self, avatars: AvatarFactory, plan: AvatarPlan) -> None:
        self.avatar = avatars.make(plan)
        self._wake()
        if self._stop_reason is not None:
            self.avatar.stop(self._stop_reason)

    def _end(self, reason: str) -> None:
        if self.reason is not None:
            return
        self.reason = reason
        self.ended_at = time.time()
        if self._timer is not None:
            self._timer.cancel()
        self._wake()
        self._on_end(self)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            if self._changed is None:
                self._changed = asyncio.Event()
            await self._changed.wait()

    def _wake(self) -> None:
        changed, self._changed = self._changed, None
        if changed is not None:
            changed.set()
