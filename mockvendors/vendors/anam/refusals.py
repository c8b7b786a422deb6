"""Refusals of this vendor by the rule that is broken."""

from mockvendors.contract import Contract
from mockvendors.replies import Refused


class WordForWord(Refused):
    """A refusal whose message was measured: the vendor says this and no more, so no rule is named in it."""

    def __str__(self) -> str:
        return self.detail


def refused(contract: Contract, rule: str, detail: str) -> Refused:
    """Return the refusal of what breaks a rule; the answer's message names it."""
    return Refused(contract.rule(rule), detail)


def unknown(contract: Contract, kind: str, name: str) -> Refused:
    """Return the refusal of an avatar or persona that does not exist, in the vendor's own words."""
    return WordForWord(contract.rule("anam.avatar.unknown"), f"{kind} with id {name} does not exist.")
