"""Raises when the agent lets go of its audio output."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.session.no-error"


class Output(reference.Output):
    def on_detached(self):
        raise ValueError("the output cannot be detached")


class AvatarSession(reference.AvatarSession):
    output = Output
