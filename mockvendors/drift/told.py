"""Which state a recorded refusal tells: by status and text, by the text alone, or by what its status is documented for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from mockvendors.cassettes.interaction import Answer, Interaction, NotJson
from mockvendors.contract import Contract, Operation
from mockvendors.drift.calls import Calls
from mockvendors.drift.places import reply_mark
from mockvendors.drift.states import States
from mockvendors.evidence import says_nothing


@dataclass(frozen=True)
class Told:
    """What one recorded answer tells."""

    rule: str = ""
    """The rule whose state it is; empty for none."""
    why_not: str = ""
    """Why nobody can say what it is for, so that the answers are not compared; empty where one can."""


@dataclass(frozen=True)
class Teller:
    """Reads the recorded refusals of one contract's vendor."""

    contract: Contract
    states: States

    @property
    def auth(self) -> str:
        """The rule of a credential that is none."""
        return self.contract.generic["auth"]

    def told(self, operation: Operation | None, interaction: Interaction, calls: Calls) -> Told:
        """Return what a recorded answer tells beside the others.

        It tells of the account only where the same call was accepted: what differs may be what was refused. In the same way
        an id that the call took elsewhere is known.
        """
        rule = self.rule(operation, interaction.answer)
        if operation is None or calls.accepts(interaction.sent):
            return Told(rule)
        fields = [name for name, stranger in self.states.strangers.items() if stranger.unknown == rule]
        if any(calls.knows(operation.id, name, interaction.sent) for name in fields):
            return Told()
        if rule not in self.states.account:
            return Told(rule)
        if operation.id not in calls.operations:
            return Told(rule, f"it may tell {rule} or be for what was asked: no {operation.id} was accepted")
        if says_nothing(interaction.answer.status, {}):
            return Told(rule, f"it may tell {rule} or be for what was asked: the same call was not accepted")
        return Told()

    def rule(self, operation: Operation | None, answer: Answer) -> str:
        """Return the rule whose state an answer tells; empty for an answer that tells none."""
        if answer.status < HTTPStatus.BAD_REQUEST:
            return ""
        documented = self._documented(operation, answer.status)
        texts, known = _texts(answer), [*self.states.refusals, self.auth]
        said = [name for name in known if self.contract.rules[name].error in texts]
        both = [name for name in said if self.contract.rules[name].status == answer.status]
        if both:
            return documented if documented in both else both[0]
        alone = [name for name in said if self._is_unique(name)]
        if alone:
            return alone[0]
        return documented if documented in known else ""

    def _documented(self, operation: Operation | None, status: int) -> str:
        """Return the rule on which a status rests; at an operation for which it is not documented, that of all others."""
        for operations in ([operation] if operation else [], self.contract.operations.values()):
            rules = {reply_mark(self.contract, known, status).get("rule", "") for known in operations} - {""}
            if rules:
                return rules.pop() if len(rules) == 1 else ""
        return ""

    def _is_unique(self, name: str) -> bool:
        text = self.contract.rules[name].error
        return [rule.id for rule in self.contract.rules.values() if rule.error == text] == [name]


def _texts(answer: Answer) -> set[str]:
    """Return the texts of an error's body, which has no deep ones."""
    try:
        body = answer.json()
    except NotJson:
        return set()
    found: set[str] = set()
    level: Iterable[Any] = [body]
    for _ in range(2):
        inner = [item for node in level if isinstance(node, Mapping) for item in node.values()]
        found |= {item for item in inner if isinstance(item, str)}
        level = inner
    return found
