"""Faults of a vendor on the command line: `--fault status:status=503,calls=1-2`."""

from collections.abc import Iterable

from mockvendors.errors import UsageFault
from mockvendors.tenant import Tenant


def ask(tenants: Iterable[Tenant], texts: Iterable[str]) -> None:
    """Set faults at every vendor at which they can act: one that has the operation, or the field, that they name.

    A UsageFault says which text is wrong, and why it can act at none.
    """
    tenants = list(tenants)
    for text in texts:
        refused = [fault for tenant in tenants if (fault := _refused(tenant, text)) is not None]
        if len(refused) == len(tenants):  # it can act at none
            raise UsageFault(f"--fault {text!r}: {refused[0].cause}", refused[0].remedy)


def _refused(tenant: Tenant, text: str) -> UsageFault | None:
    """Set a fault at one vendor; return why it cannot act there."""
    try:
        tenant.faults.add_text(text)
    except UsageFault as fault:
        return fault
    return None
