"""Logs the whole request, with the join token in it."""

import logging

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.no-secret"


class AvatarSession(reference.AvatarSession):
    async def ask(self, body):
        logging.getLogger("mutant").debug("asking Anam", extra={"body": body})
        return await super().ask(body)
