from mockvendors import limits
from mockvendors.conformance.base import rule
from mockvendors.conformance.speech import SpeechCases

from .traits import ANAM


class TestSpeech(SpeechCases):
    traits = ANAM

    @rule("anam.speech.rate")
    async def test_rate_is_the_vendors(self, drive, vendor, check, sound):
        log = await self.log(drive, vendor)
        await drive.speak(sound(0.1, rate=48_000))
        opened = await log.wait_for("stream_opened", limits.SPEECH_ARRIVES)
        check("anam.speech.rate", opened.data["attributes"].get("sample_rate"), "24000", "samples a second of the speech sent")
