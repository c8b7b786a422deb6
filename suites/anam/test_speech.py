from mockvendors.conformance.speech import SpeechCases

from .traits import ANAM


class TestSpeech(SpeechCases):
    traits = ANAM
