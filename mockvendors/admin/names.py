"""Names that a call looks for: one that cannot be in any journal is a slip of the pen, and is told as such."""

from collections.abc import Mapping

from mockvendors.admin.messages import Filter
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.faults import FAULTS
from mockvendors.faults.fields import unknown


def check(contracts: Mapping[str, Contract], wanted: Filter) -> None:
    """Raise UsageFault, with the nearest that there is, for what no request can have (operation, rule, fault, method, path).

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
    if wanted.method is not None and wanted.method != wanted.method.upper():
        raise UsageFault(f"There is no method {wanted.method!r}", f"Did you mean {wanted.method.upper()}?")
    if wanted.path is not None and not wanted.path.startswith("/") and "://" not in wanted.path:
        raise UsageFault(f"There is no path {wanted.path!r}", f"Did you mean /{wanted.path}?")
