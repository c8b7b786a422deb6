"""Faults of a vendor on the command line: `--fault status:status=503,calls=1-2`."""

from collections.abc import Iterable

from mockvendors.errors import UsageFault
from mockvendors.faults import from_text
from mockvendors.tenant import Tenant


def ask(tenants: Iterable[Tenant], texts: Iterable[str]) -> None:
    """Set faults at every vendor that has the operation they name; at every vendor where they name none.

    A UsageFault says which text is wrong, and why it cannot act.
    """
    tenants = list(tenants)
    for text in texts:
        try:
            _, address = from_text(text)
            having = [tenant for tenant in tenants if address.operation in {None, *tenant.contract.operations}]
            for tenant in having or tenants:  # where none has it, the first says what there is
                tenant.faults.add_text(text)
        except UsageFault as fault:
            raise UsageFault(f"--fault {text!r}: {fault.cause}", fault.remedy) from None
