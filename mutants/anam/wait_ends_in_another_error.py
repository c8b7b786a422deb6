"""Tells of an avatar that did not come in time as of a wrong use."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.timeout"


class AvatarSession(reference.AvatarSession):
    async def wait_for_join(self, *, timeout=30.0):  # noqa: ASYNC109  # the framework's own argument
        try:
            await super().wait_for_join(timeout=timeout)
        except TimeoutError as exc:
            raise RuntimeError("the avatar did not come") from exc
