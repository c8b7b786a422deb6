"""Every fault there is, by its name. A new one is a class, a line here, and a row in the table tests of its effect."""

from collections.abc import Mapping
from types import MappingProxyType

from mockvendors.faults import avatar, body, http, playback
from mockvendors.faults.fault import Fault

_ALL: tuple[type[Fault], ...] = (
    http.Delay,
    http.Status,
    http.Stall,
    http.ResetBefore,
    avatar.NeverJoins,
    avatar.JoinsLate,
    avatar.LeavesEarly,
    avatar.LeavesAfter,
    avatar.NoVideo,
    avatar.WrongSize,
    avatar.SizeRamp,
    avatar.Simulcast,
    avatar.FrozenFrames,
    avatar.LowFps,
    playback.NoPlaybackStarted,
    playback.NoPlaybackFinished,
    playback.EarlyFinish,
    playback.DoubledFinish,
    playback.IgnoresInterrupt,
    playback.LeavesInSpeech,
    http.LostAnswer,
    http.NoContent,
    body.MissingField,
    body.InvalidJson,
    body.EmptyBody,
    body.JsonNull,
    body.JsonArray,
    body.JsonEmptyObject,
    http.WrongContentType,
    http.Trickle,
    http.CutBody,
)

FAULTS: Mapping[str, type[Fault]] = MappingProxyType({kind.name: kind for kind in _ALL})
"""In the order in which they act on a call."""
