"""Cannot be closed after an interrupt without an error."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.session.no-error"


class AvatarSession(reference.AvatarSession):
    made = None

    def make_output(self, room):
        self.made = super().make_output(room)
        return self.made

    async def aclose(self):
        await super().aclose()
        if self.made is not None and self.made._clear_buffer_atask is not None:
            raise RuntimeError("the avatar was interrupted")
