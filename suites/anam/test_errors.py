from mockvendors.conformance.errors import ErrorCases

from .traits import ANAM


class TestErrors(ErrorCases):
    traits = ANAM
