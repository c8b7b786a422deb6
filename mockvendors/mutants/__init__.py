"""The judge is judged: plugins that are wrong in one known way, and whether the suite says so (docs/mutants.md).

    catalogue/  generic wrong changes: each fits any correct plugin for LiveKit Agents
    runner.py   mutants through their suite, some in one run, each by its own rule
    outcome.py  what such a run says of the suite: caught, missed, caught by the wrong rule

A mutant is a connect string and the rule that must catch it; the runner knows nothing of where it came from.
"""

from mockvendors.mutants.mutant import Mutant
from mockvendors.mutants.outcome import Kind, Outcome
from mockvendors.mutants.runner import Runner, Suite

__all__ = ["Kind", "Mutant", "Outcome", "Runner", "Suite"]
