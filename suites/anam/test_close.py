from mockvendors.conformance.close import CloseCases

from .traits import ANAM


class TestClose(CloseCases):
    traits = ANAM
