"""The camera: stamped frames on an absolute clock."""

import asyncio
import time
from collections.abc import Callable

from livekit import rtc

from mockvendors.avatar.behaviour import Size
from mockvendors.avatar.face import Face
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.avatar.stamp import Stamp
from mockvendors.avatar.tracks import video_source
from mockvendors.avatar.voice import Lips


class Camera:
    """Draws and captures frames until its task is cancelled."""

    def __init__(self, plan: AvatarPlan, lips: Callable[[], Lips], epoch: float) -> None:
        """`lips` tells what is being said now; `epoch` is the monotonic time of media_ms 0."""
        self._plan = plan
        self._lips = lips
        self._epoch = epoch
        self._fps = plan.behaviour.fps or plan.fps
        self._number = 0
        width, height = plan.size
        self.source = video_source(width, height)
        self._face = self._draw(plan.size)

    async def run(self) -> None:
        """Capture frames at the plan's rate; late ones are skipped, and only generated ones are counted."""
        began = due = time.monotonic()
        while True:
            self._resize(time.monotonic() - began)
            self._capture()
            now = time.monotonic()
            due += 1 / self._fps
            if due < now:
                due += int((now - due) * self._fps) / self._fps
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def _capture(self) -> None:
        if self._number == 0 or not self._plan.behaviour.frozen_frames:
            lips = self._lips()
            self._face.update(
                Stamp(
                    tag=self._plan.tag,
                    frame=self._number,
                    media_ms=int((time.monotonic() - self._epoch) * 1000),
                    width=self._face.width,
                    height=self._face.height,
                    mouth=lips.opened,
                    segment=lips.segment,
                )
            )
        self._number += 1
        self.source.capture_frame(self._frame)

    def _resize(self, elapsed: float) -> None:
        """Draw at the ramp's size for this time, where the plan has a ramp."""
        wanted = self._plan.size
        for start, size in self._plan.behaviour.size_ramp:
            if elapsed >= start:
                wanted = size
        if wanted != (self._face.width, self._face.height):
            self._face = self._draw(wanted)

    def _draw(self, size: Size) -> Face:
        caption = (self._plan.vendor, self._plan.label, f"{size[0]}x{size[1]} · {self._fps:g} fps")
        face = Face(size, tuple(line for line in caption if line))
        self._frame = rtc.VideoFrame(*size, rtc.VideoBufferType.I420, face.data)
        face.adopt(self._frame.data)
        return face
