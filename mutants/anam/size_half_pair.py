"""Lets half a pair of video_width and video_height go out."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.size.half-pair-local"


class AvatarSession(reference.AvatarSession):
    def check_size(self):
        pass
