"""Verdicts: what a case says, what a listed expectation makes of it, and the exit code of a run."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

import pytest

from mockvendors.drivers.ends import DriverDied, DriverTimeout, Unsupported
from mockvendors.errors import EnvironmentFault


class Verdict(Enum):
    """The outcome of one case; see docs/architecture.md for what each means."""

    PASS = "pass"  # noqa: S105  # a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    TIMEOUT = "timeout"
    CRASH = "crash"
    ERROR = "error"
    NOT_CLAIMED = "not claimed"
    NOT_VERIFIED = "not verified"
    EXPECTED = "expected"
    STALE = "stale"


EXCUSABLE = frozenset({Verdict.FAIL, Verdict.TIMEOUT, Verdict.CRASH, Verdict.WARN})
"""What an expectations file may list. A fault of the harness is never excused."""

BAD = frozenset({Verdict.FAIL, Verdict.TIMEOUT, Verdict.CRASH, Verdict.STALE})
"""What makes a run fail."""

NOT_CONFORMANT = BAD | {Verdict.EXPECTED}
"""What an implementation did, or a list says of it, that makes it not conformant."""

UNJUDGED = frozenset({Verdict.ERROR, Verdict.NOT_VERIFIED})
"""What says nothing of the implementation, though it claims what the case needs: a fault of others, a lack of the machine."""


class RuleBroken(AssertionError):
    """The plugin broke a rule of level documented, measured, client or recorded."""


class TimedOut(Exception):
    """A limit passed in the plugin's hands."""


class Crashed(Exception):
    """The implementation's process died."""


class NotClaimed(Exception):
    """The implementation does not claim what the case needs; `missing` names the capabilities."""

    def __init__(self, cause: str, missing: Iterable[str] = ()) -> None:
        super().__init__(cause)
        self.missing = tuple(missing)


class NoRoom(NotClaimed):
    """It cannot be taken into a room: nobody knows what an avatar of it would do there, and no plugin leaves that out."""


LIVEKIT = "LiveKit server"
"""What an environment lacks most often."""


class NotVerified(Exception):
    """The environment lacks what the case needs; `lacks` names it in a few words where it can be provided."""

    def __init__(self, cause: str, lacks: str = "") -> None:
        super().__init__(cause)
        self.lacks = lacks


MEANS: tuple[tuple[type[BaseException], Verdict], ...] = (
    (AssertionError, Verdict.FAIL),
    (pytest.fail.Exception, Verdict.FAIL),
    (TimedOut, Verdict.TIMEOUT),
    (DriverTimeout, Verdict.TIMEOUT),
    (TimeoutError, Verdict.TIMEOUT),  # a probe or an avatar's log waited in vain for what the plugin owes
    (Crashed, Verdict.CRASH),
    (DriverDied, Verdict.CRASH),
    (NotClaimed, Verdict.NOT_CLAIMED),
    (Unsupported, Verdict.NOT_CLAIMED),
    (NotVerified, Verdict.NOT_VERIFIED),
    (EnvironmentFault, Verdict.NOT_VERIFIED),
    (pytest.skip.Exception, Verdict.NOT_VERIFIED),
)
"""What an exception out of a case means. Any other is a fault of ours."""

NO_VERDICT = (KeyboardInterrupt, pytest.exit.Exception)
"""What ends the whole run, and says nothing of the case in which it came."""


def of_exception(exc: BaseException | None, *, warned: bool = False) -> Verdict:
    """Return the verdict that an exception out of a case means, if it is not of NO_VERDICT; None: the case came to its end."""
    if exc is None:
        return Verdict.WARN if warned else Verdict.PASS
    return next((verdict for kind, verdict in MEANS if isinstance(exc, kind)), Verdict.ERROR)


WORSE = (Verdict.NOT_CLAIMED, Verdict.NOT_VERIFIED, Verdict.FAIL, Verdict.TIMEOUT, Verdict.CRASH, Verdict.ERROR)
"""Which of several exceptions of one teardown is told, from the least to the most."""


def worst(exc: BaseException | None) -> BaseException | None:
    """Return the exception that says most, out of a group; any other as it is."""
    if not isinstance(exc, BaseExceptionGroup):
        return exc
    return max((worst(inner) for inner in exc.exceptions), key=_badness)


def _badness(exc: BaseException | None) -> int:
    return len(WORSE) if isinstance(exc, NO_VERDICT) else WORSE.index(of_exception(exc))


@dataclass(frozen=True)
class ExitCodes:
    """Exit codes of pytest and the CLI; 0 to 5 are pytest's own."""

    as_expected: int = 0
    failed: int = 1
    interrupted: int = 2
    internal: int = 3
    usage: int = 4
    nothing_ran: int = 5
    incomplete: int = 6
    harness: int = 7


EXIT = ExitCodes()


def exit_code(verdicts: Iterable[Verdict], *, allow_incomplete: bool = False) -> int:
    """Return the exit code of a run with these verdicts.

    A fault of ours outranks a failure of the plugin: where the judge is broken its failures prove nothing.
    """
    seen = set(verdicts)
    if not seen - {Verdict.NOT_CLAIMED}:
        return EXIT.nothing_ran
    if Verdict.ERROR in seen:
        return EXIT.harness
    if seen & BAD:
        return EXIT.failed
    if Verdict.NOT_VERIFIED in seen and not allow_incomplete:
        return EXIT.incomplete
    return EXIT.as_expected


def conformant(verdicts: Iterable[Verdict]) -> bool | None:
    """Tell whether nothing failed and nothing was excused; None where nothing did, and something was not judged.

    Of an implementation nothing is said but by what it did.
    """
    seen = set(verdicts)
    if seen & NOT_CONFORMANT:
        return False
    return None if seen & UNJUDGED else True
