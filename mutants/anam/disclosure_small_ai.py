"""Spells the disclosure showAiAvatarDisclosure; the vendor drops it, and no watermark is shown."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.options.disclosure"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {name.replace("AI", "Ai"): value for name, value in super().options().items()}
