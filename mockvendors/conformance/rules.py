"""Find a rule by its id, whether the vendor's contract holds it or the framework's."""

from mockvendors.contract.contract import Contract, core_rules
from mockvendors.contract.rules import Rule
from mockvendors.errors import HarnessFault


class RuleBook:
    """All rules that the cases of one vendor may name."""

    def __init__(self, contract: Contract) -> None:
        self._rules = {**core_rules(), **contract.rules}

    def __call__(self, rule: str) -> Rule:
        """Return the rule; a case that names an unknown one is a fault of ours."""
        if rule not in self._rules:
            raise HarnessFault(f"a case names the rule {rule!r}, which no contract holds")
        return self._rules[rule]
