"""What the room heard of one tone that the agent spoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mockvendors import limits
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.room import Room
from mockvendors.conformance.sounds import Sound
from mockvendors.room.voice_report import Utterance, VoiceReport

SLACK = 0.12
"""Seconds by which a heard tone may differ from the spoken one: the codec's frames and the receiver's jitter buffer."""
MEASUREMENTS = 5
"""A busy machine tears or stretches speech now and then, and mends none: what is not so each time is the machine's.

At six times the work that the machine can do one tone in five was not as spoken; at three times, one in thirty.
"""
BEGUN = 0.05
"""Seconds of voice that tell that one more tone is heard."""


@dataclass(frozen=True)
class Heard:
    """One tone, in seconds and Hz."""

    seconds: float
    """Silences that are longer than the probe's own border between two utterances left out."""
    pitch_hz: float | None
    holes: tuple[float, ...]
    """Length of each silence between its first sound and its last."""

    def badness(self, seconds: float) -> tuple[float, float]:
        """Return how far it is from a whole tone of that length: seconds of holes, then seconds too many or too few."""
        return sum(self.holes), abs(self.seconds - seconds)


@dataclass(frozen=True)
class Talk:
    """An agent, and the room that hears what its avatar says."""

    drive: Drive
    room: Room
    log: Any  # an AvatarLog
    identity: str
    """The avatar's."""

    async def heard(self, sound: Sound) -> Heard:
        """Speak, and return what was heard of that; where it is not as spoken speak again, and return the best of some times."""
        report = await self._after(sound, 1, 0.0)
        heard = [one(report.segments)]
        while heard[-1].badness(sound.seconds) > (0.0, SLACK) and len(heard) < MEASUREMENTS:
            before = len(report.segments)
            try:
                report = await self._after(sound, len(heard) + 1, report.voiced_seconds + BEGUN)
            except TimeoutError:  # no more is heard: what was heard before is judged
                break
            heard.append(one(report.segments[before:]))
        return min(heard, key=lambda found: found.badness(sound.seconds))

    async def _after(self, sound: Sound, number: int, voiced: float) -> VoiceReport:
        """Speak for the `number`-th time, and return all that was heard, once that is more than `voiced` seconds of voice."""
        await self.drive.speak(sound)
        await self.log.wait_for("playback_finished", limits.PROBE_WAIT, number)
        return await self.room.probe.heard(self.identity, voiced)


def one(parts: Sequence[Utterance]) -> Heard:
    """Return what was heard of a tone; where it was torn it came as several utterances."""
    between = [later.onset_at - earlier.end_at for earlier, later in pairwise(parts)]
    holes = [*between, *(gap for part in parts for gap in part.gaps)]
    longest = max(parts, key=lambda part: part.seconds)
    return Heard(sum(part.seconds for part in parts), longest.pitch_hz, tuple(round(hole, 2) for hole in holes))
