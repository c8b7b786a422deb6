"""A mutant: an implementation that is wrong in one known way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """What is wrong with an implementation, and the rule that must catch it."""

    name: str
    wrong: str
    """One sentence."""
    rule: str
    """Empty for a correct implementation, which no rule may fail."""
    connect: str
    """Its connect string, as `--implementation` takes it."""
