"""Every time limit of the harness, in seconds, with its reason; no other file holds one.

`MOCKVENDORS_TIME_SCALE` multiplies all of them on slow machines.
"""

import math
import os
from functools import cache

from mockvendors.errors import UsageFault

DRIVER_HELLO = 30.0
"""Interpreter, livekit-agents (2.4 s to import on a 2-core machine) and the registration of the worker."""

DRIVER_OPEN = 15.0
"""Dispatch (0.2 s) and join of a local room (0.1 s), on a busy machine."""

DRIVER_START_MARGIN = 5.0
"""Added to (tries x time-out + pauses) of the connection options; longer is a hang of the plugin."""

DRIVER_READY = 10.0
"""The avatar joins at once unless the case delays it."""

DRIVER_SPEAK_MARGIN = 5.0
"""Added to twice the length of the audio that is handed over."""

DRIVER_WAITS = 2.0
"""A driver's word on what it waits for, where it has no answer; at once where its loop still turns."""

DRIVER_INTERRUPT = 5.0
"""The framework's own fallback after an interrupt is 2 s."""

INTERRUPT_FALLBACK = 4.0
"""The framework gives an interrupted avatar 2 s; without that, its last resort cuts speech after 5 s."""

DRIVER_PING = 2.0
"""Answered from the driver's own loop, also while a plugin hangs in a job's; longer means that the process itself hangs."""

DRIVER_CLOSE = 10.0
"""One removal call and the end of the agent session."""

DRIVER_SHUTDOWN = 3.0
"""For the answer to `shutdown`, and again for the process's end, before its group gets SIGTERM; 0.1 s measured."""

DRIVER_TERM = 2.0
"""After SIGTERM, before SIGKILL; and for a process group to be gone after that."""

DRIVER_POLL = 0.01
"""Between two looks at whether a process group is gone; a few milliseconds after SIGKILL it is."""

SMOKE_START = 15.0
"""A start that its vendor refuses, by a driver that is tried: the framework's own three retries and their pauses take 6 s."""

CASE_LONG = 5.0
"""After that a case is named to the person who watches a terminal; most take less than one second. It ends nothing."""

STALL_WATCH = 2.0
"""How long a silent vendor is watched before `start` counts as unbounded: ten times the plugin's time-out in that case."""

SPEECH_ARRIVES = 5.0
"""Speech from a plugin to an avatar that is in the room, and its end; 0.1 s measured."""

QUIET_WATCH = 0.5
"""How long a room or journal is watched to say that nothing more came."""

AVATAR_CONNECT = 10.0
"""The stand-in avatar's join of the room; 0.1 s on loopback."""

AVATAR_RPC = 5.0
"""One playback event to the agent and its answer."""

AVATAR_SPEAKER = 10.0
"""How long the avatar waits in a room for the participant it speaks for."""

AVATAR_JOIN_PATIENCE = 0.5
"""For a join that is still under way when its avatar is to end; a join takes 0.1 s on loopback."""

AVATAR_PUBLISH_PATIENCE = 5.0
"""For a track that is still being published when its avatar is to end; 0.05 s on loopback."""

AVATAR_FRAME = 1.0
"""The library's taking of a frame of sound; at once where its queue (0.2 s) has room."""

AVATAR_CLOSE = 5.0
"""Disconnecting an avatar or a probe; 0.02 s on loopback."""

PROBE_JOIN = 10.0
"""The probe's join of a local room; 0.1 s measured."""

PROBE_WAIT = 15.0
"""A participant, a track, or a settled picture on a busy machine; 0.8 s measured."""

SESSION_END = 5.0
"""From the cause (removal, stop, room end) to a session that is over, grace not included."""

SESSION_UNJOINED = 3600.0
"""A session that nobody joins (no LiveKit room, no avatars, one that never comes) and that no plan limits. Assumed: no vendor
holds a slot for ever; six times the longest limit of a plan, so that nobody who waits for one meets it."""

LIVEKIT_START = 20.0
"""LiveKit's own start until it answers; 0.3 s measured, a container on a cold disk takes longer."""

LIVEKIT_POLL = 0.02
"""Between two looks at a server or a build that is not ready; a start takes 0.3 s."""

LIVEKIT_ASK = 5.0
"""One API call of a server; 0.002 s on loopback, a remote LIVEKIT_URL takes longer."""

LIVEKIT_GIVEN = 5.0
"""For a server of LIVEKIT_URL that starts beside us, as in docker-compose.yml; 0.5 s measured there."""

TOKEN_TTL = 3600.0
"""A join token outlives every case and a long look at `serve`."""

LIVEKIT_DRAIN = 0.2
"""After the first SIGTERM, at which it waits for its participants; an empty server ends in 0.01 s."""

LIVEKIT_STOP = 5.0
"""After the second SIGTERM, before SIGKILL."""

LIVEKIT_BUILD = 1800.0
"""Building LiveKit with Go; 85 s measured on 2 cores with a fast module proxy."""

PROGRAM_VERSION = 10.0
"""A program's own version; 0.02 s measured, Go on a cold disk takes a second."""

ENVIRONMENT_MAKE = 900.0
"""An environment for a plugin: 25 s measured without uv's cache, 3 s with it; 150 MB of packages on a slow line."""

DOCKER_CALL = 30.0
"""One call of the Docker daemon: removing a container on a busy disk takes seconds."""

DOCKER_PULL = 300.0
"""Pulling LiveKit's image, 25 MB; slower than this, a build with Go is quicker."""

MOCK_ANSWER = 7.0
"""A vendor's own handler; 0.001 s measured. One that waits for a session's end may take SESSION_END, and a start that waits for
its vendor is given up by the judge after 9 s."""

MOCK_SLOW = 0.5
"""A handler of a start that still works when its client leaves: plugins are told to wait 1 s, and no start waits for anything."""

SERVER_CLOSE = 2.0
"""Open requests at the mock's end; a stalled one is cut after this."""

SERVE_LOOK = 0.1
"""Between two looks of `serve` at journals and avatars for what to tell: at once for a person, nothing for the machine."""

SERVE_WATCH = 1.0
"""Between two looks of `serve` at whether the LiveKit server that it started still runs."""

SERVE_END = 60.0
"""The end of `serve` after a signal, in order: sessions, requests and page take 10 s at most, a container 30; 0.3 s measured."""

SERVE_DEAF = 5.0
"""After that, for a `serve` whose main thread cannot even say that its end takes too long."""

SERVE_AGAIN = 0.02
"""Until a signal that came amid an import, or a lock of Python's library, tries again; such a lock is held for microseconds."""

RECORD_SAVE = 1.0
"""Between two writings of a recording that grows: at most this much of it is lost by a crash."""

RECORD_STOP = 10.0
"""The vendor's answer to the call that ends a session which a recorded case began."""

DRIFT_ANSWER = 30.0
"""One answer of our own mock to a recorded request; 0.002 s measured."""

VERIFY_CALL = 30.0
"""One call of a real vendor, a start of an avatar among them; longer is told as no answer."""

VIEWER_CLOSE = 0.5
"""The page's leaving of one room; 0.02 s on loopback, and `serve` is to end within a second."""


def scaled(seconds: float) -> float:
    """Return `seconds` times MOCKVENDORS_TIME_SCALE (default 1). Raises UsageFault where that is no number above 0."""
    return seconds * _scale(os.environ.get("MOCKVENDORS_TIME_SCALE") or "1")


@cache
def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not (math.isfinite(scale) and scale > 0):
        raise UsageFault(f"MOCKVENDORS_TIME_SCALE is {text!r}, and no number above 0", "3 makes every limit three times as long")
    return scale
