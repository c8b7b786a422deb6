"""Everything about an avatar that a fault can change; the defaults make a right avatar."""

from dataclasses import dataclass

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How an avatar behaves; times are seconds."""

    join: bool = True
    """False: it never joins; its session lasts until it is stopped or over, an hour where nothing limits it."""
    join_delay: float = 0.0
    leave_before_video: bool = False
    """It leaves after joining and publishing its voice, before it publishes video.

    A room announces who publishes nothing only every 3 s; without the voice, hardly anyone would see it come.
    """
    leave_after_join: float | None = None
    """It leaves this long after joining."""
    return_after: float | None = None
    """After leaving by itself it joins again, once, after this long, and then stays."""

    video: bool = True
    size: Size | None = None
    """Frames of this size instead of the negotiated one."""
    size_ramp: tuple[tuple[float, Size], ...] = ()
    """From so many seconds after the first frame on, frames of this size; ascending."""
    simulcast: bool = False
    frozen_frames: bool = False
    """It repeats its first frame, stamp and all."""
    fps: float | None = None
    """Frames a second instead of the negotiated ones."""

    playback_started: bool = True
    playback_finished: bool = True
    finish_factor: float = 1.0
    """It reports `finished` when this share of what it has of a segment was played."""
    finish_count: int = 1
    """How many times it reports one `finished`."""
    obeys_interrupt: bool = True
    leave_in_speech: float | None = None
    """It leaves when it has played so much of a segment."""
    leave_on_speaker_gone: bool = True
    """Assumed of vendors: it leaves a grace after the participant it speaks for."""
