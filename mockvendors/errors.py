"""What can go wrong outside a verdict, by whose fault it is.

A plugin's failure is never one of these: it is a verdict (see `mockvendors.conformance.verdict`). These three end a run, each
with an exit code of its own, and each says what to do about it.
"""


class MockvendorsError(Exception):
    """An error with its cause and the remedy; `str()` of it is what a person reads."""

    exit_code = 3

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause, remedy)
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.cause}. {self.remedy}" if self.remedy else self.cause


class HarnessFault(MockvendorsError):
    """mockvendors itself, its mock or its avatar is wrong, or a driver (`DriverFault`)."""

    exit_code = 7


class DriverFault(HarnessFault):
    """The driver of an implementation breaks the protocol or fails by its own mistake: it is named, and no plugin is blamed."""


class VendorFault(HarnessFault):
    """The mock or the suite of somebody else's vendor is wrong: it is named, and neither a plugin nor mockvendors is blamed."""

    def __init__(self, cause: str, remedy: str = "", *, whose: str) -> None:
        super().__init__(cause, remedy)
        self.whose = whose
        """What is at fault, with its package: `the mock of acme (acme_mock of acme-avatar 0.1.0)`."""


class EnvironmentFault(MockvendorsError):
    """The machine lacks something or refuses it: no LiveKit server, no Docker, a port in use."""

    exit_code = 7


class UsageFault(MockvendorsError):
    """The caller asked for something that cannot be: unknown vendor, broken file, wrong option."""

    exit_code = 4
