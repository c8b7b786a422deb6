"""A correct plugin that prints: what it says must not break the driver's protocol."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "mutants" / "anam"))

import reference
from reference import *  # noqa: F403  # it offers what the reference offers

print("imported")  # noqa: T201  # noise is what this is for


class AvatarSession(reference.AvatarSession):
    async def start(self, agent_session, room):
        print('{"id": 1, "ok": {}}', flush=True)  # noqa: T201  # as above
        await super().start(agent_session, room)
