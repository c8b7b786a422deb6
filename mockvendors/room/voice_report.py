"""What the sound of one participant tells: when it spoke, how long, at which pitch, with which holes."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from mockvendors.room.video_report import SeenFrame

RATE = 48_000
"""Samples a second at which the probe listens."""

_WINDOW = RATE // 100
LOUD = 200.0
"""RMS of 16-bit samples over 10 ms that counts as voice; the codec's own noise stays under 20."""
SPLIT = 0.3
"""Seconds of silence that part two utterances; a shorter one is a hole."""
_HOLE = 0.06
"""Seconds of silence inside an utterance from which it counts as a gap."""
_NEAR = 1.0
"""Seconds between an opening mouth and the onset of the voice that belongs to it, at most."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of heard voice; times are monotonic seconds."""

    onset_at: float
    end_at: float
    pitch_hz: float | None
    gaps: tuple[float, ...]
    """Seconds of each silent hole."""

    @property
    def seconds(self) -> float:
        """How long it lasted, holes included."""
        return self.end_at - self.onset_at


@dataclass(frozen=True, slots=True)
class VoiceReport:
    """The whole of one participant's voice so far."""

    heard_seconds: float
    """Sum of all utterances."""
    voiced_seconds: float
    """The same without any silence in them: what `Probe.heard` counts."""
    onset_at: float | None
    """Monotonic time of the first voice; None if none was heard."""
    end_at: float | None
    pitch_hz: float | None
    """Strongest frequency of the loud parts."""
    gaps: tuple[float, ...]
    segments: tuple[Utterance, ...]
    listened_seconds: float
    """How much sound arrived at all, silence included."""


def voice_report(samples: NDArray[np.int16], began: float) -> VoiceReport:
    """Sum up mono samples at `RATE`; `began` is the monotonic time at which the first was heard."""
    windows = samples[: len(samples) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    loud = np.flatnonzero(np.sqrt(np.mean(np.square(windows, dtype=np.float64), axis=1)) > LOUD)
    segments = tuple(_utterance(samples, run, began) for run in _runs(loud))
    pitch = _pitch(samples, loud)
    return VoiceReport(
        heard_seconds=sum(segment.seconds for segment in segments),
        voiced_seconds=len(loud) * _WINDOW / RATE,
        onset_at=segments[0].onset_at if segments else None,
        end_at=segments[-1].end_at if segments else None,
        pitch_hz=pitch,
        gaps=tuple(gap for segment in segments for gap in segment.gaps),
        segments=segments,
        listened_seconds=len(samples) / RATE,
    )


def lip_sync_ms(segments: Sequence[Utterance], frames: Sequence[SeenFrame]) -> float | None:
    """Return the median of (mouth opens - voice begins) over utterances, in ms; positive: the mouth is late."""
    openings: dict[int, float] = {}
    for frame in frames:
        if frame.stamp is not None and frame.stamp.mouth:
            openings.setdefault(frame.stamp.segment, frame.at)
    apart = []
    for segment in segments:
        nearest = min((at - segment.onset_at for at in openings.values()), key=abs, default=None)
        if nearest is not None and abs(nearest) <= _NEAR:
            apart.append(nearest * 1000)
    return median(apart) if apart else None


def _runs(loud: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Part the numbers of loud windows where a long silence lies between."""
    if not len(loud):
        return []
    return list(np.split(loud, np.flatnonzero(np.diff(loud) * _WINDOW / RATE > SPLIT) + 1))


def _utterance(samples: NDArray[np.int16], run: NDArray[np.intp], began: float) -> Utterance:
    holes = (np.diff(run) - 1) * _WINDOW / RATE
    return Utterance(
        onset_at=began + float(run[0]) * _WINDOW / RATE,
        end_at=began + float(run[-1] + 1) * _WINDOW / RATE,
        pitch_hz=_pitch(samples, run),
        gaps=tuple(float(hole) for hole in holes if hole > _HOLE),
    )


def _pitch(samples: NDArray[np.int16], windows: NDArray[np.intp]) -> float | None:
    """Return the strongest frequency in Hz between the first and the last loud window."""
    if len(windows) < 3:  # noqa: PLR2004  # 30 ms hold too few periods to tell
        return None
    part = samples[int(windows[0]) * _WINDOW : int(windows[-1] + 1) * _WINDOW][-RATE * 4 :].astype(np.float64)
    power = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    power[: max(1, int(40 * len(part) / RATE))] = 0  # hum and steps are not a pitch
    peak = int(power.argmax())
    if not 0 < peak < len(power) - 1:
        return None
    left, middle, right = np.log(power[peak - 1 : peak + 2] + 1e-9)
    offset = 0.5 * (left - right) / (left - 2 * middle + right)
    return float((peak + offset) * RATE / len(part))
