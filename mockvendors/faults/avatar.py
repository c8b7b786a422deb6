"""Faults of the avatar that joins the room: when it comes and goes, and what it shows. Playback has a module of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from mockvendors.avatar.behaviour import Size
from mockvendors.faults.fault import AvatarFault
from mockvendors.faults.fields import Pixels, Seconds

_EDGE = r"(3[2-9]|[4-9]\d|\d{3,4})"
_STEP = rf"{_EDGE}x{_EDGE}@\d+(\.\d+)?"
Return = Annotated[Seconds | None, Meta(description="seconds after which it comes back, once, and stays; by default it does not")]


@dataclass(frozen=True)
class NeverJoins(AvatarFault):
    """The session is accepted and nobody comes."""

    name: ClassVar[str] = "never-joins"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar"})

    def _changes(self) -> Mapping[str, Any]:
        return {"join": False}


@dataclass(frozen=True)
class JoinsLate(AvatarFault):
    """It joins late."""

    name: ClassVar[str] = "joins-late"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.comes"})
    seconds: Annotated[Seconds, Meta(description="seconds before it joins")]

    def _changes(self) -> Mapping[str, Any]:
        return {"join_delay": self.seconds}


@dataclass(frozen=True)
class LeavesEarly(AvatarFault):
    """It leaves after joining, before it publishes video."""

    name: ClassVar[str] = "leaves-early"
    returns_after: Return = None

    def claims(self) -> frozenset[str]:
        """Take its going, and what it would have shown and said unless it comes back."""
        gone = frozenset[str]() if self.returns_after else frozenset({"avatar.picture", "avatar.speech"})
        return gone | {"avatar.goes"}

    def _changes(self) -> Mapping[str, Any]:
        return {"leave_before_video": True, "return_after": self.returns_after}


@dataclass(frozen=True)
class LeavesAfter(AvatarFault):
    """It leaves so long after joining."""

    name: ClassVar[str] = "leaves-after"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.goes"})
    seconds: Annotated[Seconds, Meta(description="seconds that it stays")]
    returns_after: Return = None

    def _changes(self) -> Mapping[str, Any]:
        return {"leave_after_join": self.seconds, "return_after": self.returns_after}


@dataclass(frozen=True)
class NoVideo(AvatarFault):
    """It publishes its voice alone."""

    name: ClassVar[str] = "no-video"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.picture"})

    def _changes(self) -> Mapping[str, Any]:
        return {"video": False}


@dataclass(frozen=True)
class WrongSize(AvatarFault):
    """It publishes this size, whatever was negotiated."""

    name: ClassVar[str] = "wrong-size"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.picture.size"})
    width: Annotated[Pixels, Meta(description="width of its frames in pixels")]
    height: Annotated[Pixels, Meta(description="height of its frames in pixels")]

    def _changes(self) -> Mapping[str, Any]:
        return {"size": (self.width, self.height)}


@dataclass(frozen=True)
class SizeRamp(AvatarFault):
    """Its frames change their size while it publishes one; those before the first step have the published size."""

    name: ClassVar[str] = "size-ramp"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.picture.ramp"})
    steps: Annotated[
        str,
        Meta(
            pattern=rf"^{_STEP}(\+{_STEP})*$",
            description="sizes of 32 to 9999 pixels, and from which second after the first frame: 576x384@0+1152x768@1.5",
        ),
    ]

    def _changes(self) -> Mapping[str, Any]:
        return {"size_ramp": tuple(sorted(_step(step) for step in self.steps.split("+")))}


@dataclass(frozen=True)
class Simulcast(AvatarFault):
    """It publishes several sizes at once, so that the first frames are small."""

    name: ClassVar[str] = "simulcast"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.picture.layers"})

    def _changes(self) -> Mapping[str, Any]:
        return {"simulcast": True}


@dataclass(frozen=True)
class FrozenFrames(AvatarFault):
    """It repeats its first frame."""

    name: ClassVar[str] = "frozen-frames"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.picture.still", "avatar.picture.ramp"})

    def _changes(self) -> Mapping[str, Any]:
        return {"frozen_frames": True}


@dataclass(frozen=True)
class LowFps(AvatarFault):
    """It publishes at another rate than the vendor's."""

    name: ClassVar[str] = "low-fps"
    takes: ClassVar[frozenset[str]] = frozenset({"avatar.picture.fps"})
    fps: Annotated[float, Meta(gt=0, le=60, description="frames a second")]

    def _changes(self) -> Mapping[str, Any]:
        return {"fps": self.fps}


def _step(text: str) -> tuple[float, Size]:
    width, height, start = re.split("[x@]", text)
    return float(start), (int(width), int(height))
