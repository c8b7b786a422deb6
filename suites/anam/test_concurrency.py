from mockvendors.conformance.concurrency import ConcurrencyCases

from .traits import ANAM


class TestConcurrency(ConcurrencyCases):
    traits = ANAM
