"""The voice and LiveKit's library: which frame is whose."""

import asyncio

import pytest

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.avatar.voice import Voice


class Nobody:
    """Hears nothing: no segment is played here."""


async def test_a_frame_that_is_being_handed_over_is_waited_for(monkeypatch):
    """The library may not lose a source that it still takes a frame for."""
    voice, asked, taken = Voice(24_000, Behaviour(), Nobody()), asyncio.Event(), asyncio.Event()

    async def take(_frame):
        asked.set()
        await taken.wait()

    monkeypatch.setattr(voice.source, "capture_frame", take)
    run = asyncio.create_task(voice.run())
    await asked.wait()
    run.cancel()
    done, _ = await asyncio.wait({run}, timeout=0.05)
    assert not done
    taken.set()
    with pytest.raises(asyncio.CancelledError):
        await run
    await voice.source.aclose()
