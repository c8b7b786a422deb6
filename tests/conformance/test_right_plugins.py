"""What is not as the published plugin does it is not wrong for that: no rule fails more than its text says."""

import pytest

from .running import implementation, run

LONG_LIFE = """
    from datetime import timedelta

    import reference
    from reference import *

    class AvatarSession(reference.AvatarSession):
        def token(self, job, key, secret):
            return super().token(job, key, secret).with_ttl(timedelta({life}))
"""

TIDY = """
    import asyncio
    import reference
    from reference import *

    class AvatarSession(reference.AvatarSession):
        async def start(self, agent_session, room):
            self.watched = agent_session
            await self.begin(agent_session, room)
            try:
                await super().start(agent_session, room)
            except Exception:
                self.cleaning = asyncio.create_task(self.clean())
                raise

        async def begin(self, agent_session, room):
            if self._room is None:
                await super().begin(agent_session, room)

        async def clean(self):
            {cleaning}
"""


@pytest.mark.parametrize("life", ["hours=48", "seconds=30"])
def test_token_of_an_unusual_life_is_a_warning(tmp_path, life):
    code, output = run("suites/anam/test_token.py", implementation(tmp_path, LONG_LIFE.format(life=life)))
    assert code == 0, output
    assert "11 pass · 1 warn\n" in output
    assert "warn: test_token.py::TestToken::test_length_of_life: core.token.expiry-bounds: " in output


@pytest.mark.parametrize(
    ("cleaning", "code"),
    [("await self.aclose()", 0), ("await asyncio.sleep(0.1); await self.aclose()", 0), ("await asyncio.Event().wait()", 1)],
    ids=["at-once", "in-a-moment", "never"],
)
def test_failed_start_may_clean_up_after_itself(tmp_path, cleaning, code):
    which = ("suites/anam/test_errors.py", "-k", "test_failed_start_leaves_no")
    returned, output = run(*which, implementation(tmp_path, TIDY.format(cleaning=cleaning)))
    assert returned == code, output
