"""Ends in a KeyError where there is no API key."""

import os

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.config.key"


class AvatarSession(reference.AvatarSession):
    def find_key(self, api_key):
        return api_key or os.environ["ANAM_API_KEY"]
