"""Does nothing when it is interrupted: the avatar talks on."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.interrupt.clear-buffer"


class Output(reference.Output):
    def clear_buffer(self):
        pass


class AvatarSession(reference.AvatarSession):
    output = Output
