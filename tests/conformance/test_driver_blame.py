"""What comes out of a plugin's hands after its start is its failure, whichever command met it: neither ours nor `not claimed`."""

import re

import pytest

from .running import case, implementation, run, verdict

PLUGIN = """
    import reference
    from reference import *

    CAPABILITIES = reference.CAPABILITIES

    class Output(reference.Output):
        spoke = False

        async def capture_frame(self, frame):
            self.spoke = True
            await super().capture_frame(frame)

        def on_detached(self):
            if self.spoke:
                raise {error}("cannot be let go")
            super().on_detached()

    class AvatarSession(reference.AvatarSession):
        output = Output
"""
SPEAKS = """
async def test_speech(self, drive, room, sound):
    await drive.started()
    await drive.speak(sound(0.1))
    await drive.event("speech_done")
"""


@pytest.mark.parametrize("error", ["ValueError", "NotImplementedError"])
def test_end_of_a_job_that_raises_in_a_case_about_something_else(tmp_path, error):
    plugin = implementation(tmp_path, PLUGIN.format(error=error))
    code, output = run(*case(tmp_path, SPEAKS, "core.speech.complete"), plugin)
    assert code == 1, output
    assert "core.session.no-error: " in output
    assert "seen:      the end of the job\n" in output
    assert f"actual:    '{error}: cannot be let go'" in output
    assert re.fullmatch("1 fail", verdict(output)[1]), output
