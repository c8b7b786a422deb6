from mockvendors.conformance.configuration import ConfigurationCases

from .traits import ANAM


class TestConfiguration(ConfigurationCases):
    traits = ANAM
