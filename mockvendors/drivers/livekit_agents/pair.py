"""An agent session and the avatar session that speaks for it, and what their user would do with both."""

from __future__ import annotations

import asyncio
import time
import wave
from collections.abc import Callable, Iterator
from typing import Any

from .errors import Message, plugins_word
from .held import beyond, listeners

FRAME_SECONDS = 0.02
METRICS = ("avatar_joined_time", "session_started_time", "playback_latency")


class Pair:
    """Made for one start; `started` tells whether the plugin's start returned."""

    def __init__(self, avatar: Any, room: Any, event: Callable[..., None]) -> None:
        from livekit import agents

        self.avatar = avatar
        self.agent: Any = agents.AgentSession()
        self.started = False
        self._room = room
        self._event = event
        self._speaks = False
        self._runs = False
        self.agent.on("agent_state_changed", lambda e: event("agent_state", state=e.new_state, old=e.old_state))
        self.agent.on("metrics_collected", self._on_metrics)
        self._own = listeners(self.agent)

    async def start(self) -> Message:
        """Await the plugin's own start."""
        with plugins_word():
            await self.avatar.start(self.agent, room=self._room)
            self.started = True
            self._watch_output()
            return {
                "avatar_identity": getattr(self.avatar, "avatar_identity", None),
                "vendor_session": getattr(self.avatar, "session_id", None),
            }

    async def ready(self, timeout_ms: int) -> Message:
        """Wait as the plugin offers it."""
        begin, limit = time.monotonic(), timeout_ms / 1000
        with plugins_word():
            await self.avatar.wait_for_join(timeout=limit)
        return {"waited_ms": round((time.monotonic() - begin) * 1000)}

    async def speak(self, utterance: str, file: str) -> Message:
        """Hand a sound to the agent's output as user code does; returns when every frame was taken, or the speech is over."""
        await self._begin_agent()
        handed_over = asyncio.Event()

        async def frames() -> Any:
            for frame in sound_frames(file):
                yield frame
            handed_over.set()

        begin = time.monotonic()
        with plugins_word():
            handle = self.agent.say("la", audio=frames())
        handle.add_done_callback(lambda h: self._on_speech_done(h, utterance))
        taken = asyncio.ensure_future(handed_over.wait())
        done = asyncio.ensure_future(handle.wait_for_playout())
        try:
            await asyncio.wait({taken, done}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            taken.cancel()
            done.cancel()
        return {"pushed_ms": round((time.monotonic() - begin) * 1000), "complete": handed_over.is_set()}

    def inspect(self) -> Message:
        """Tell what only the agent's own process can see."""
        with plugins_word():
            tail = self._tail()
        return {
            "audio_output": type(tail).__name__ if tail is not None else None,
            "agent_state": str(self.agent.agent_state),
            "agent_listeners": beyond(listeners(self.agent), self._own),
        }

    async def close(self) -> None:
        """Await the plugin's own close."""
        with plugins_word():
            await self.avatar.aclose()

    async def end_agent(self) -> None:
        """Close the agent session where it ever spoke; the framework lets go of the plugin's audio output."""
        with plugins_word():
            if self._runs:
                self.agent.interrupt()  # else the framework waits 5 s for the end of speech that nobody plays any more
            if self._speaks:
                await self.agent.aclose()

    async def _begin_agent(self) -> None:
        from livekit import agents

        if not self._speaks:
            self._speaks = True
            with plugins_word():  # the framework takes up the plugin's audio output
                await self.agent.start(agent=agents.Agent(instructions="none"), room=self._room)
            self._runs = True

    def _on_speech_done(self, handle: Any, utterance: str) -> None:
        error = handle.exception() if hasattr(handle, "exception") else None  # older frameworks have no word for it
        told = f"{type(error).__name__}: {error}" if error is not None else None
        self._event("speech_done", utterance=utterance, interrupted=handle.interrupted, error=told)

    def _on_metrics(self, event: Any) -> None:
        metrics = event.metrics
        if type(metrics).__name__ == "AvatarMetrics":
            self._event("metrics", **{name: v for name in METRICS if (v := getattr(metrics, name, None)) is not None})

    def _tail(self) -> Any:
        output = self.agent.output.audio
        while output is not None and output.next_in_chain is not None:
            output = output.next_in_chain
        return output

    def _watch_output(self) -> None:
        tail = self._tail()
        if tail is None:
            return
        tail.on("playback_started", lambda _: self._event("playback_started"))
        tail.on(
            "playback_finished",
            lambda e: self._event("playback_finished", position_ms=round(e.playback_position * 1000), interrupted=e.interrupted),
        )


def sound_frames(path: str) -> Iterator[Any]:
    """Yield a WAV file (s16le) as frames of 20 ms."""
    from livekit import rtc

    with wave.open(path, "rb") as sound:
        rate, channels = sound.getframerate(), sound.getnchannels()
        size = int(rate * FRAME_SECONDS)
        while data := sound.readframes(size):
            yield rtc.AudioFrame(data, rate, channels, len(data) // (2 * channels))
