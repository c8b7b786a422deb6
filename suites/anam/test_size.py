from mockvendors.conformance.base import needs, rule
from mockvendors.conformance.size import SizeCases, first_refused

from .traits import ANAM


class TestSize(SizeCases):
    traits = ANAM

    @rule("anam.size.refused-at-token")
    @needs("avatar-model", "video-size", "call.two")
    async def test_refusal_at_the_token_call(self, drive, vendor, check):
        vendor.set("validate_at", "session_token")
        outcome = await drive.start(**first_refused(ANAM))
        check("anam.size.refused-at-token", outcome.error and outcome.error.status, 400, f"status of the error: {outcome}")
        calls = len(vendor.journal.calls("startSession"))
        check("anam.size.refused-at-token", calls, 0, "engine calls after a refused token call")
