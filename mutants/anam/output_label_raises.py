"""Has an audio output that has no name: the agent, which logs it, cannot begin."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.session.no-error"


class Output(reference.Output):
    @property
    def label(self):
        raise NotImplementedError("the output has no name yet")


class AvatarSession(reference.AvatarSession):
    output = Output
