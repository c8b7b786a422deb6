from mockvendors.conformance.transport import TransportCases

from .traits import ANAM


class TestTransport(TransportCases):
    traits = ANAM
