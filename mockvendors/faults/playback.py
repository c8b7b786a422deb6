"""Faults of the avatar's speech: what it reports about playback, and how it takes an interrupt."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from mockvendors.avatar.behaviour import Behaviour


@dataclass(frozen=True)
class NoPlaybackStarted:
    """It never reports that playback started."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Keep the report back."""
        return replace(behaviour, playback_started=False)


@dataclass(frozen=True)
class NoPlaybackFinished:
    """It never reports that playback finished."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Keep the report back."""
        return replace(behaviour, playback_finished=False)


@dataclass(frozen=True)
class EarlyFinish:
    """It reports `finished` when this share of a segment was played."""

    factor: float
    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Set the share."""
        return replace(behaviour, finish_factor=self.factor)


@dataclass(frozen=True)
class DoubledFinish:
    """It reports `finished` twice."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Double the report."""
        return replace(behaviour, finish_count=2)


@dataclass(frozen=True)
class IgnoresInterrupt:
    """It goes on speaking when it is told to clear its buffer."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Make it deaf to interrupts."""
        return replace(behaviour, obeys_interrupt=False)


@dataclass(frozen=True)
class LeavesInSpeech:
    """It leaves when it has played so many seconds of a segment."""

    seconds: float
    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Let it leave."""
        return replace(behaviour, leave_in_speech=self.seconds)
