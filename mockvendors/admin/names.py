"""Names that a call looks for: one that cannot be in any journal is a slip of the pen, and is told as such."""

from collections.abc import Mapping

from mockvendors.admin.messages import Filter
from mockvendors.contract import Contract
from mockvendors.faults import FAULTS
from mockvendors.faults.fields import unknown


def check(contracts: Mapping[str, Contract], wanted: Filter) -> None:
    """Raise UsageFault, with the nearest that there is, for an operation, rule or fault that does not exist.

    An answer would look right: nothing came, which is what `times: 0` asks for. Of sessions nobody knows which there were.
    """
    meant = [contract for name, contract in contracts.items() if wanted.vendor in {None, name}]
    operations = [name for contract in meant for name in contract.operations]
    rules = [name for contract in meant for name in contract.rules]
    for what, name, known in (
        ("operation", wanted.operation, operations),
        ("rule", wanted.broken, rules),
        ("fault", wanted.fault, FAULTS),
    ):
        if name is not None and name not in known:
            raise unknown(what, name, known)
