"""Faults of the avatar that joins the room, one small value each."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from mockvendors.avatar.behaviour import Behaviour, Size


@dataclass(frozen=True)
class NeverJoins:
    """The session is accepted and nobody comes."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Keep it out of the room."""
        return replace(behaviour, join=False)


@dataclass(frozen=True)
class JoinsLate:
    """It joins after so many seconds."""

    seconds: float
    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Delay the join."""
        return replace(behaviour, join_delay=self.seconds)


@dataclass(frozen=True)
class LeavesEarly:
    """It leaves after joining, before it publishes video."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Let it leave."""
        return replace(behaviour, leave_before_video=True)


@dataclass(frozen=True)
class ReturnsAfter:
    """After leaving by another fault it comes back, so many seconds later."""

    seconds: float
    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Let it return."""
        return replace(behaviour, return_after=self.seconds)


@dataclass(frozen=True)
class NoVideo:
    """It publishes its voice alone."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Keep the video back."""
        return replace(behaviour, video=False)


@dataclass(frozen=True)
class WrongSize:
    """Its frames have this size, whatever was negotiated."""

    width: int
    height: int
    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Exchange the size."""
        return replace(behaviour, size=(self.width, self.height))


@dataclass(frozen=True)
class SizeRamp:
    """From so many seconds after its first frame on, frames of that size; several steps, ascending."""

    steps: tuple[tuple[float, Size], ...]
    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Set the ramp."""
        return replace(behaviour, size_ramp=self.steps)


@dataclass(frozen=True)
class Simulcast:
    """It publishes several sizes at once, so that the first frames are small."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Switch simulcast on."""
        return replace(behaviour, simulcast=True)


@dataclass(frozen=True)
class FrozenFrames:
    """It repeats its first frame."""

    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Freeze the picture."""
        return replace(behaviour, frozen_frames=True)


@dataclass(frozen=True)
class LowFps:
    """It publishes fewer frames a second."""

    fps: float
    acts_on: ClassVar[Literal["avatar"]] = "avatar"

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Set the rate."""
        return replace(behaviour, fps=self.fps)
