"""Lets a malformed answer out as a ValueError."""

import json

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.transport.malformed"


class AvatarSession(reference.AvatarSession):
    def read(self, text):
        return dict(json.loads(text))
