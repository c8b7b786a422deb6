from mockvendors.conformance.interrupt import InterruptCases

from .traits import ANAM


class TestInterrupt(InterruptCases):
    traits = ANAM
