from mockvendors.conformance.join import JoinCases

from .traits import ANAM


class TestJoin(JoinCases):
    traits = ANAM
