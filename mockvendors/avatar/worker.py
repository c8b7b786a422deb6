"""The stand-in participant that a mock vendor puts into the room."""

import time
from dataclasses import replace

from mockvendors import limits
from mockvendors.avatar.ending import Ending
from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.avatar.stay import Stay


class Avatar:
    """One avatar of one session: `run()` is its whole life, `stop()` ends it, `log` tells what happened."""

    def __init__(self, plan: AvatarPlan) -> None:
        self.plan = plan
        self.log = AvatarLog(secret=plan.token)
        self._ending = Ending()
        self._stopped: str | None = None

    def stop(self, reason: str = "stopped") -> None:
        """End the avatar for this reason; `run()` returns it once everything is closed."""
        self._stopped = self._stopped or reason
        self._ending.set(reason)

    async def run(self) -> str:
        """Live, and return why it ended; raises nothing but CancelledError.

        removed, duplicate, room_ended, expired, stopped (or the reason given to `stop`), speaker_left, join_failed,
        publish_failed (the token allows no tracks), never_joined, left (a fault made it leave), crashed (ours; the
        traceback is in the log).
        """
        try:
            reason = await self._live()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is our bug, and the session must end in order
            self.log.crash("avatar", error)
            reason = "crashed"
        self.log.add("ended", reason=reason)
        return reason

    async def _live(self) -> str:
        behaviour = self.plan.behaviour
        if not behaviour.join:
            longest = self.plan.max_seconds
            await self._ending.wait(limits.scaled(limits.SESSION_UNJOINED) if longest is None else longest)
            return "never_joined"
        if behaviour.join_delay and await self._ending.wait(behaviour.join_delay):
            return self._ending.reason or "stopped"
        reason = await self._stay(self.plan)
        if reason != "left" or behaviour.return_after is None:
            return reason
        return await self._return(behaviour.return_after)

    async def _return(self, after: float) -> str:
        """Come back after so many seconds, and stay for what is left of the session."""
        self._ending = Ending()
        if self._stopped is not None:  # while it was leaving
            return self._stopped
        left = self._time_left()
        if await self._ending.wait(after if left is None else min(after, left)):
            return self._ending.reason or "stopped"
        if left is not None and left <= after:
            return "expired"
        calm = replace(self.plan.behaviour, leave_before_video=False, leave_after_join=None, leave_in_speech=None)
        return await self._stay(replace(self.plan, behaviour=calm, max_seconds=self._time_left()))

    def _time_left(self) -> float | None:
        """Return the seconds until the session's longest time is over, counted from the first join."""
        joined = self.log.of("joined")
        if self.plan.max_seconds is None or not joined:
            return self.plan.max_seconds
        return max(0.0, self.log.began + joined[0].at + self.plan.max_seconds - time.monotonic())

    async def _stay(self, plan: AvatarPlan) -> str:
        return await Stay(plan, self.log, self._ending).run()
