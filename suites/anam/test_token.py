from mockvendors.conformance.token import TokenCases

from .traits import ANAM


class TestToken(TokenCases):
    traits = ANAM
