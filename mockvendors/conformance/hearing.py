"""What the room heard of one tone that the agent spoke."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mockvendors import limits
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.room import Room
from mockvendors.conformance.sounds import Sound
from mockvendors.room.voice_report import Utterance

MEASUREMENTS = 3
"""A busy machine tears a hole into speech now and then, and never mends one: a hole that is not there each time is its own."""


@dataclass(frozen=True)
class Heard:
    """One tone, in seconds and Hz."""

    seconds: float
    """Silences that are longer than the probe's own border between two utterances left out."""
    pitch_hz: float | None
    holes: tuple[float, ...]
    """Length of each silence between its first sound and its last."""


async def spoken(drive: Drive, room: Room, log: Any, identity: str, sound: Sound) -> Heard:  # log: an AvatarLog
    """Speak, and return what was heard of that; with a hole in it once more, and of some times the best."""
    heard: list[Heard] = []
    before, voiced = 0, 0.0
    while not heard or (heard[-1].holes and len(heard) < MEASUREMENTS):
        await drive.speak(sound)
        await log.wait_for("playback_finished", limits.PROBE_WAIT, len(heard) + 1)
        report = await room.probe.heard(identity, voiced + sound.seconds / 2 if heard else 0.0)
        heard.append(one(report.segments[before:]))
        before, voiced = len(report.segments), report.heard_seconds - sum(report.gaps)
    return min(heard, key=lambda found: sum(found.holes))


def one(parts: Sequence[Utterance]) -> Heard:
    """Return what was heard of a tone; where it was torn it came as several utterances."""
    between = [later.onset_at - earlier.end_at for earlier, later in pairwise(parts)]
    holes = [*between, *(gap for part in parts for gap in part.gaps)]
    longest = max(parts, key=lambda part: part.seconds)
    return Heard(sum(part.seconds for part in parts), longest.pitch_hz, tuple(round(hole, 2) for hole in holes))
