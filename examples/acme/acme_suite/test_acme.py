"""Every case that mockvendors has for any vendor, and those of Acme's own option."""

from mockvendors.conformance.base import Cases
from mockvendors.conformance.close import CloseCases
from mockvendors.conformance.concurrency import ConcurrencyCases
from mockvendors.conformance.configuration import ConfigurationCases
from mockvendors.conformance.errors import ErrorCases
from mockvendors.conformance.interrupt import InterruptCases
from mockvendors.conformance.join import JoinCases
from mockvendors.conformance.options import refuses, sends
from mockvendors.conformance.request import RequestCases
from mockvendors.conformance.size import SizeCases
from mockvendors.conformance.speech import SpeechCases
from mockvendors.conformance.token import TokenCases
from mockvendors.conformance.transport import TransportCases
from mockvendors.conformance.vendor import VendorCases

from .traits import ACME


class TestConfiguration(ConfigurationCases):
    traits = ACME


class TestRequest(RequestCases):
    traits = ACME


class TestErrors(ErrorCases):
    traits = ACME


class TestTransport(TransportCases):
    traits = ACME


class TestToken(TokenCases):
    traits = ACME


class TestJoin(JoinCases):
    traits = ACME


class TestSize(SizeCases):
    traits = ACME


class TestSpeech(SpeechCases):
    traits = ACME


class TestInterrupt(InterruptCases):
    traits = ACME


class TestClose(CloseCases):
    traits = ACME


class TestConcurrency(ConcurrencyCases):
    traits = ACME


class TestVendor(VendorCases):
    traits = ACME


class TestMood(Cases):
    """How the face looks."""

    traits = ACME

    test_mood_is_sent = sends("mood", "calm", "lively", by="acme.body.mood")
    test_bad_mood_is_refused = refuses("mood", {"unknown": ("acme.body.mood", "furious")})
