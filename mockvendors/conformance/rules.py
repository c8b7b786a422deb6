"""Find a rule by its id, whether the vendor's contract holds it or the framework's."""

from pathlib import Path

from mockvendors.conformance.whose_suite import fault, writer
from mockvendors.contract.contract import Contract, core_rules
from mockvendors.contract.rules import Rule
from mockvendors.nearest import remedy


class RuleBook:
    """All rules that the cases of one vendor may name."""

    def __init__(self, contract: Contract, folder: Path) -> None:
        """`folder`: where the suite lies whose cases ask."""
        self._folder = folder
        self._vendor = contract.vendor
        self._rules = {**core_rules(), **contract.rules}

    def __call__(self, rule: str) -> Rule:
        """Return the rule; a case that names an unknown one is a fault of who wrote it."""
        if rule not in self._rules:
            told = f"a case names the rule {rule!r}, which no contract holds"
            meant = remedy(
                rule, self._rules, f"`mockvendors contract {self._vendor}` and `mockvendors contract core` list all rules"
            )
            raise fault(self._vendor, writer(self._folder), told, meant)
        return self._rules[rule]
