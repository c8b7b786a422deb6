"""An agent whose face is Anam's and who says the same five notes for ever: no LLM, no TTS, no account.

mockvendors serve anam            # export what it prints
python examples/agent.py dev      # then open an empty room on its page
"""

# ruff: noqa: INP001 - a program to run and to copy, no package

import math
import os
import struct
from collections.abc import AsyncIterator

from livekit import rtc
from livekit.agents import Agent, AgentSession, JobContext, WorkerOptions, cli
from livekit.plugins import anam

RATE, FRAME = 24_000, 480
AVATAR = os.environ.get("ANAM_AVATAR_ID", "6c1f0d3e-5b0a-4c58-9d1e-000000000001")  # yours: the mock stands in for any
NOTES = (262, 330, 392, 330, 262, 0, 0)  # Hz, a fifth of a second each; 0 is a pause


async def notes() -> AsyncIterator[rtc.AudioFrame]:
    """Yield the notes as speech: 20 ms a frame, each note fading out."""
    for note in NOTES:
        for start in range(0, RATE // 5, FRAME):
            times = [n / RATE for n in range(start, start + FRAME)]
            samples = [int(9000 * math.exp(-6 * t) * math.sin(2 * math.pi * note * t)) for t in times]
            yield rtc.AudioFrame(struct.pack(f"<{FRAME}h", *samples), RATE, 1, FRAME)


async def entrypoint(ctx: JobContext) -> None:
    """Join the room that LiveKit sends us to, get a face, speak through it."""
    await ctx.connect()
    session: AgentSession = AgentSession()
    avatar = anam.AvatarSession(persona_config=anam.PersonaConfig(name="Notes", avatarId=AVATAR))
    await avatar.start(session, room=ctx.room)
    await session.start(agent=Agent(instructions="Say the notes."), room=ctx.room)
    while ctx.room.isconnected():
        await session.say("la la la", audio=notes())


def no_load() -> float:
    """Count as idle: LiveKit sends no job to a worker that says its machine is busy, as one for development often is."""
    return 0.0


if __name__ == "__main__":
    cli.run_app(WorkerOptions(entrypoint_fnc=entrypoint, load_fnc=no_load))
