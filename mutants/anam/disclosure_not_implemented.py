"""Claims the disclosure and refuses it."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.disclosure.type"


class AvatarSession(reference.AvatarSession):
    def __init__(self, *, session_options=None, **arguments):
        if session_options is not None and session_options.show_ai_avatar_disclosure is not None:
            raise NotImplementedError("the disclosure comes with the next version")
        super().__init__(session_options=session_options, **arguments)
