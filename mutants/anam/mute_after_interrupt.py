"""Says no more once it was interrupted."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.interrupt.next-segment"


class Output(reference.Output):
    cleared = False

    def clear_buffer(self):
        self.cleared = True
        super().clear_buffer()

    async def capture_frame(self, frame):
        if not self.cleared:
            await super().capture_frame(frame)


class AvatarSession(reference.AvatarSession):
    output = Output
