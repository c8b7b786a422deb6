"""One talk of `smoke`: a command without an answer is a failure, and what cannot be tried after it is no second one."""

from dataclasses import dataclass

from mockvendors import limits
from mockvendors.drivers.messages import DriverError
from mockvendors.drivers.smoke_checks import ANSWERS, OUTLIVES
from mockvendors.drivers.smoke_seen import Seen
from mockvendors.drivers.smoke_talk import Message, Talk

SESSION = "smoke"


class Over(Exception):
    """The driver is gone, or answers nothing any more; the text says since when."""


@dataclass(frozen=True)
class Trial:
    """A talk, and what is seen in it."""

    talk: Talk
    seen: Seen

    async def ask(self, check: str, cmd: str, limit: float = limits.DRIVER_PING, **fields: object) -> Message | None:
        """Ask, and hold the check to an answer: None where there was none, which is noted. Raises Over where none can come."""
        reply = await self.talk.ask(cmd, limit, **fields)
        if reply is None:
            await self.unanswered(check, cmd, limit)
        return reply

    async def unanswered(self, check: str, cmd: str, limit: float, aside: str = "", remedy: str = "") -> None:
        """Note that a command had no answer; raise Over where the next would have none either.

        `aside` and `remedy` are of one that hangs: of one that ended, the cause is another.
        """
        told = self.talk.silence(cmd, limit)
        self.seen.unanswered.append(cmd)
        if self.talk.code is not None:
            self.seen.note(check, False, told, OUTLIVES.format(self.talk.program.by_hand))
            raise Over(f"its process had ended in `{cmd}`")
        self.seen.note(check, False, told + aside, remedy or ANSWERS.format(cmd))
        if await self.talk.ask("ping", limits.DRIVER_PING) is None:
            raise Over(f"it answered nothing any more after `{cmd}`")


def error_of(reply: Message | None) -> DriverError | None:
    """Return the error that a reply holds."""
    error = (reply or {}).get("error")
    return DriverError.from_message(error) if isinstance(error, dict) else None


def fair(reply: Message) -> bool:
    """Tell whether a driver did what was asked: what the implementation raises is not its fault."""
    error = error_of(reply)
    return error is None or error.kind != "driver"


def what(reply: Message) -> str:
    """Say in words what was answered."""
    if (error := error_of(reply)) is not None:
        return f"error of kind {error.kind}: {error}"[:300]
    return f"unsupported: {reply['unsupported']}" if "unsupported" in reply else f"ok {reply.get('ok')}"[:300]
