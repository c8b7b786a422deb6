"""Whose things a call of the admin API means."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mockvendors.admin.messages import Whose
from mockvendors.contract import Contract
from mockvendors.errors import HarnessFault, UsageFault
from mockvendors.journal import Entry, Journal
from mockvendors.tenant import Tenant, Tenants


class Mock(Protocol):
    """The mock server, as the admin API needs it."""

    journal: Journal
    harness_faults: list[HarnessFault]

    @property
    def tenants(self) -> Mapping[str, Tenants]:
        """The customers of each vendor that is served."""
        ...

    @property
    def contracts(self) -> Mapping[str, Contract]:
        """The contract of each vendor that is served."""
        ...

    def new_tenant(self, vendor: str, api_key: str | None = None) -> Tenant:
        """Return a new customer."""
        ...


def tenants(mock: Mock, whose: Whose) -> list[Tenant]:
    """Return the open tenants that are meant; UsageFault for names that do not exist."""
    if whose.vendor is not None and whose.vendor not in mock.tenants:
        raise UsageFault(f"{whose.vendor} is not served here", f"Served: {', '.join(mock.tenants)}")
    found = [
        tenant
        for vendor, customers in mock.tenants.items()
        for tenant in customers
        if not tenant.closed and whose.vendor in {None, vendor} and whose.tenant in {None, tenant.name}
    ]
    if whose.tenant is not None and not found:
        raise UsageFault(f"There is no tenant {whose.tenant}", "GET /_mock/tenants names those there are")
    return found


def only(mock: Mock, whose: Whose) -> Tenant:
    """Return the one tenant that is meant; it need not be named where there is one."""
    found = tenants(mock, whose)
    if len(found) != 1:
        names = ", ".join(tenant.name for tenant in found)
        raise UsageFault(
            f"Whose? There are {len(found)} tenants{': ' + names if names else ''}",
            "Name one as `tenant`" if found else "POST /_mock/tenants makes one",
        )
    return found[0]


def entries(mock: Mock, whose: Whose) -> Iterator[tuple[str, Entry]]:
    """Yield vendor and entry of all that is meant; what no tenant owns as well, where no tenant is named."""
    for vendor, journal in journals(mock, whose):
        for entry in list(journal.entries):
            asked = vendor or asked_of(mock, entry)
            if whose.vendor in {None, asked}:
                yield asked, entry


def journals(mock: Mock, whose: Whose) -> list[tuple[str, Journal]]:
    """Return the journals that are meant, each with its vendor; that of requests without a tenant has those of all vendors."""
    found = [(tenant.contract.vendor, tenant.journal) for tenant in tenants(mock, whose)]
    if whose.tenant is None:
        found.append(("", mock.journal))
    return found


def asked_of(mock: Mock, entry: Entry) -> str:
    """Return which vendor a request went to that no tenant owns; empty where several are served and it broke no rule."""
    if len(mock.contracts) == 1:
        return next(iter(mock.contracts))
    return next((name for name, contract in mock.contracts.items() if contract.rules.keys() & set(entry.broken)), "")
