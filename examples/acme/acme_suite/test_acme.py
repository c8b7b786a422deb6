"""Every case that mockvendors has for any vendor, and three of Acme's own."""

from mockvendors import limits
from mockvendors.conformance.base import Cases, rule
from mockvendors.conformance.close import CloseCases
from mockvendors.conformance.configuration import ConfigurationCases
from mockvendors.conformance.errors import ErrorCases
from mockvendors.conformance.interrupt import InterruptCases
from mockvendors.conformance.join import JoinCases
from mockvendors.conformance.speech import SpeechCases
from mockvendors.conformance.token import TokenCases
from mockvendors.conformance.transport import TransportCases

from .traits import ACME


class TestConfiguration(ConfigurationCases):
    traits = ACME


class TestErrors(ErrorCases):
    traits = ACME


class TestTransport(TransportCases):
    traits = ACME


class TestToken(TokenCases):
    traits = ACME


class TestJoin(JoinCases):
    traits = ACME


class TestInterrupt(InterruptCases):
    traits = ACME


class TestClose(CloseCases):
    traits = ACME


class TestSpeech(SpeechCases):
    traits = ACME

    @rule("acme.speech.rate")
    async def test_rate_is_the_vendors(self, drive, vendor, check, sound):
        log = await self.log(drive, vendor)
        await drive.speak(sound(0.1, rate=48_000))
        opened = await log.wait_for("stream_opened", limits.SPEECH_ARRIVES)
        check("acme.speech.rate", opened.data["attributes"].get("sample_rate"), "16000", "samples a second of the speech sent")


class TestCall(Cases):
    traits = ACME

    @rule("acme.body.fields")
    async def test_face_and_room_are_sent(self, drive, vendor, check):
        outcome = await drive.started("acme.body.fields")
        (call,) = vendor.journal.calls("startCall")
        check("acme.body.fields", sorted(call.body), ["face", "room"], "fields of the body")
        check("acme.auth.key", "x-api-key" in call.headers, True, "whether the key is in its header")
        check("core.start.succeeds", outcome.ok["vendor_session"], next(iter(vendor.sessions)), "the call that the user sees")

    @rule("acme.face.unknown")
    async def test_unknown_face(self, drive, vendor, check):
        outcome = await drive.start(face="nobody")
        check(
            "acme.face.unknown",
            outcome.error and outcome.error.status,
            404,
            f"status of the error for an unknown face: {outcome}",
        )
        check("core.errors.no-retry", len(vendor.journal.calls("startCall")), 1, "calls of an unknown face")
