"""Waits for the end of the speech in a close, which never comes once the avatar is gone."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.during-speech"


class AvatarSession(reference.AvatarSession):
    async def aclose(self):
        output, agent_session = getattr(self, "made", None), self._agent_session
        await super().aclose()
        speaks = output is not None and output._pending_playback_count and output._clear_buffer_atask is None
        if speaks and agent_session is not None:
            raise RuntimeError("closed while the avatar speaks")

    def make_output(self, room):
        self.made = super().make_output(room)
        return self.made
