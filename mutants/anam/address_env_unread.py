"""Reads the vendor's address from a variable of another name."""

import os

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.config.api-url"


class AvatarSession(reference.AvatarSession):
    def __init__(self, *, api_url=None, **options):
        super().__init__(api_url=api_url or os.environ.get("ANAM_URL", "http://127.0.0.1:9"), **options)
