"""Makes up LiveKit's address and secret where none is set."""

import os

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.config.livekit"


class AvatarSession(reference.AvatarSession):
    def livekit(self):
        names = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")
        return tuple(os.environ.get(name, "ws://localhost:7880, which nobody asked for") for name in names)
