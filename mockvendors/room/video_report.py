"""What the frames of one participant tell: settled size, rate, losses, order, latency."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from mockvendors.avatar.stamp import Stamp

Size = tuple[int, int]
"""Width and height in pixels."""

STEADY_FRAMES = 10
STEADY_SECONDS = 0.4
"""A picture is steady when its last 10 stamped frames, or those of its last 0.4 s, share one size."""

DOUBTFUL_SECONDS = 2.5
"""So long a steady size must last when it is not the one that was generated and published: a simulcast layer, a ramp
and a slow start all look steady for a second or two."""


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """One decoded frame."""

    at: float
    """Monotonic time of its arrival."""
    size: Size
    """As delivered."""
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class Settled:
    """The size at which a picture came to rest."""

    delivered: Size
    generated: Size
    publication: Size | None
    """As announced to the room; None if it was not."""
    frames: int
    """Stamped frames seen until then."""
    ramped: bool
    """Stamped frames of another size came before."""


@dataclass(frozen=True, slots=True)
class VideoReport:
    """The whole of one participant's video so far; unstamped frames count for nothing."""

    frames: int
    fps: float | None
    """Frames a second over all; None with fewer than two."""
    lost: int
    """Generated between the first and the last frame seen, and never seen."""
    reordered: int
    """Arrived after a frame that was generated later."""
    repeated: int
    """Same frame number as one before: a frozen picture."""
    jitter_ms: float | None
    """Median distance of arrivals from an even delay, in milliseconds."""
    latency_ms: float | None
    """Median time from drawing to arrival; needs the avatar's epoch, on the same clock."""
    generated: tuple[Size, ...]
    """Each size that was generated, in order of appearance."""
    delivered: tuple[Size, ...]
    publication: Size | None
    unstamped: int


def settle(frames: Sequence[SeenFrame], publication: Size | None) -> Settled | None:
    """Judge whether the picture has come to rest, on stamped frames only."""
    stamped = [(frame, frame.stamp) for frame in frames if frame.stamp is not None]
    if not stamped:
        return None
    last, mark = stamped[-1]
    generated = (mark.width, mark.height)
    run = 0
    for frame, seen in reversed(stamped):
        if frame.size != last.size or (seen.width, seen.height) != generated:
            break
        run += 1
    lasted = last.at - stamped[-run][0].at
    doubtful = last.size != generated or (publication is not None and publication != generated)
    steady = run >= STEADY_FRAMES or (run > 1 and lasted >= STEADY_SECONDS)
    if not steady or (doubtful and lasted < DOUBTFUL_SECONDS):
        return None
    return Settled(last.size, generated, publication, len(stamped), ramped=run < len(stamped))


def video_report(
    frames: Sequence[SeenFrame], publication: Size | None, epoch: float | None = None, unstamped: int = 0
) -> VideoReport:
    """Sum up frames; `epoch` is the monotonic time of the avatar's media_ms 0, where it ran on this machine's clock."""
    stamped = [(frame, frame.stamp) for frame in frames if frame.stamp is not None]
    numbers = [mark.frame for _, mark in stamped]
    delays = [frame.at * 1000 - mark.media_ms for frame, mark in stamped]
    span = stamped[-1][0].at - stamped[0][0].at if len(stamped) > 1 else 0.0
    return VideoReport(
        frames=len(stamped),
        fps=(len(stamped) - 1) / span if span > 0 else None,
        lost=max(numbers) - min(numbers) + 1 - len(set(numbers)) if numbers else 0,
        reordered=_reordered(numbers),
        repeated=len(numbers) - len(set(numbers)),
        jitter_ms=median(abs(delay - median(delays)) for delay in delays) if delays else None,
        latency_ms=median(delays) - epoch * 1000 if delays and epoch is not None else None,
        generated=tuple(dict.fromkeys((mark.width, mark.height) for _, mark in stamped)),
        delivered=tuple(dict.fromkeys(frame.size for frame, _ in stamped)),
        publication=publication,
        unstamped=unstamped + len(frames) - len(stamped),
    )


def _reordered(numbers: Sequence[int]) -> int:
    highest, late = -1, 0
    for number in numbers:
        late += number < highest
        highest = max(highest, number)
    return late
