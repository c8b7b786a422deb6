"""Writes the scheme of the Authorization header in lower case."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.auth.bearer"


class AvatarSession(reference.AvatarSession):
    def headers(self):
        return {"Authorization": f"bearer {self.bearer}"}
