"""Faults of the avatar's speech: what it reports about playback, how it takes an interrupt, and leaving while it speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from mockvendors.faults.avatar import Return
from mockvendors.faults.fault import AvatarFault
from mockvendors.faults.fields import Seconds


@dataclass(frozen=True)
class NoPlaybackStarted(AvatarFault):
    """It never reports that playback started."""

    name: ClassVar[str] = "no-playback-started"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.speech.started"})

    def _changes(self) -> Mapping[str, Any]:
        return {"playback_started": False}


@dataclass(frozen=True)
class NoPlaybackFinished(AvatarFault):
    """It never reports that playback finished."""

    name: ClassVar[str] = "no-playback-finished"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.speech.finished"})

    def _changes(self) -> Mapping[str, Any]:
        return {"playback_finished": False}


@dataclass(frozen=True)
class EarlyFinish(AvatarFault):
    """It reports `finished`, with the whole length, when only a share of a segment was played."""

    name: ClassVar[str] = "early-finish"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.speech.finished.when"})
    factor: Annotated[float, Meta(ge=0, lt=1, description="share of the segment, 0 to less than 1")]

    def _changes(self) -> Mapping[str, Any]:
        return {"finish_factor": self.factor}


@dataclass(frozen=True)
class DoubledFinish(AvatarFault):
    """It reports `finished` twice."""

    name: ClassVar[str] = "doubled-finish"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.speech.finished.count"})

    def _changes(self) -> Mapping[str, Any]:
        return {"finish_count": 2}


@dataclass(frozen=True)
class IgnoresInterrupt(AvatarFault):
    """It answers an interrupt and goes on speaking."""

    name: ClassVar[str] = "ignores-interrupt"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.speech.interrupt"})

    def _changes(self) -> Mapping[str, Any]:
        return {"obeys_interrupt": False}


@dataclass(frozen=True)
class LeavesInSpeech(AvatarFault):
    """It leaves in the middle of a segment."""

    name: ClassVar[str] = "leaves-in-speech"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.goes"})
    seconds: Annotated[Seconds, Meta(description="seconds of a segment that it plays before it leaves")]
    returns_after: Return = None

    def _changes(self) -> Mapping[str, Any]:
        return {"leave_in_speech": self.seconds, "return_after": self.returns_after}
