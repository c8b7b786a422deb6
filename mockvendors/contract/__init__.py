"""Contracts: what a vendor accepts and answers, as data, each rule with its evidence."""

from mockvendors.contract.contract import Contract, core_rules
from mockvendors.contract.operation import Operation
from mockvendors.contract.rules import LEVELS, Level, Rule, Violation
from mockvendors.contract.settings import Setting

__all__ = ["LEVELS", "Contract", "Level", "Operation", "Rule", "Setting", "Violation", "core_rules"]
