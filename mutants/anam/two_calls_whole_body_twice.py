"""Sends the whole body again with the session token, which is bound to the first."""

import reference_two_calls
from reference_two_calls import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.call.two"


class AvatarSession(reference_two_calls.AvatarSession):
    def second_body(self, body):
        return body
