"""How a command can end without a reply that could be judged."""


class DriverDied(Exception):
    """The driver's process ended while something was asked of it."""


class DriverTimeout(Exception):
    """The implementation did not come back from a command within its limit."""


class Unsupported(Exception):
    """The implementation claims a capability and answers `unsupported`, or lacks an option."""
