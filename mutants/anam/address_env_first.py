"""Prefers the environment's address to the one that it is given."""

import os

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.config.api-url"


class AvatarSession(reference.AvatarSession):
    def __init__(self, *, api_url=None, **options):
        super().__init__(api_url=os.environ.get("ANAM_API_URL") or api_url, **options)
