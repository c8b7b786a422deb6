"""Never becomes the agent's audio output."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.stream"


class AvatarSession(reference.AvatarSession):
    def install(self, agent_session, room):
        pass
