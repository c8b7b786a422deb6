"""The calls that change something: tenants, sessions, faults, settings, reset."""

import asyncio
from inspect import getdoc

from mockvendors import limits
from mockvendors.admin import scope
from mockvendors.admin.messages import (
    End,
    FaultKind,
    FaultTold,
    FaultWish,
    Minted,
    NewTenant,
    Removed,
    Reset,
    SessionTold,
    SettingsWish,
    SettingTold,
    TenantTold,
    Whose,
)
from mockvendors.admin.scope import Mock
from mockvendors.errors import UsageFault
from mockvendors.faults import FAULTS, Planned
from mockvendors.faults.fields import explained
from mockvendors.session import Session
from mockvendors.tenant import Tenant


def tenants(mock: Mock, whose: Whose) -> list[TenantTold]:
    """Return the customers there are."""
    return [
        TenantTold(
            tenant=tenant.name,
            vendor=tenant.contract.vendor,
            requests=tenant.journal.dropped + len(tenant.journal.entries),
            running=tenant.active,
            faults=[str(planned) for planned in tenant.faults],
        )
        for tenant in scope.tenants(mock, whose)
    ]


def new_tenant(mock: Mock, wish: NewTenant, base_url: str) -> Minted:
    """Make a customer."""
    vendor = wish.vendor or (next(iter(mock.tenants)) if len(mock.tenants) == 1 else None)
    if vendor is None:
        raise UsageFault("Whose customer?", f"Name one as `vendor`: {', '.join(mock.tenants)}")
    tenant = mock.new_tenant(vendor, wish.api_key)
    try:
        for name, value in wish.settings.items():
            tenant.set(name, value)
    except UsageFault:
        tenant.closing.set()
        raise
    tenant.settle()
    return Minted(tenant=tenant.name, vendor=vendor, api_key=tenant.api_key, base_url=base_url)


async def close_tenants(mock: Mock, whose: Whose) -> Removed:
    """End a customer: its sessions, and its key."""
    tenant = scope.only(mock, whose)
    await tenant.close()
    return Removed(removed=1)


def sessions(mock: Mock, whose: Whose) -> list[SessionTold]:
    """Return the sessions there are and were."""
    return [_session(tenant, session) for tenant in scope.tenants(mock, whose) for session in tenant.sessions.values()]


async def end_session(mock: Mock, end: End, session_id: str) -> SessionTold:
    """End a session, as the vendor would."""
    for tenant in scope.tenants(mock, Whose()):
        session = tenant.sessions.get(session_id)
        if session is not None:
            session.stop(end.reason)
            await session.ended(limits.SESSION_END)
            return _session(tenant, session)
    raise LookupError(f"There is no session {session_id}")


def faults(mock: Mock, whose: Whose) -> list[FaultTold]:
    """Return the faults that are set."""
    return [_fault(tenant, planned) for tenant in scope.tenants(mock, whose) for planned in tenant.faults]


def add_fault(mock: Mock, wish: FaultWish) -> FaultTold:
    """Set a fault."""
    tenant = scope.only(mock, wish)
    planned = tenant.faults.add_text(wish.fault) if isinstance(wish.fault, str) else tenant.faults.add_data(wish.fault)
    return _fault(tenant, planned)


def clear_faults(mock: Mock, whose: Whose) -> Removed:
    """Let nothing go wrong any more."""
    removed = 0
    for tenant in scope.tenants(mock, whose):
        removed += len(list(tenant.faults))
        tenant.faults.clear()
    return Removed(removed=removed)


def fault_kinds() -> list[FaultKind]:
    """Return every fault there is."""
    return [FaultKind(fault=name, text=getdoc(kind) or "", fields=explained(kind)) for name, kind in FAULTS.items()]


def settings(mock: Mock, whose: Whose) -> list[SettingTold]:
    """Return how the settings stand."""
    return [told for tenant in scope.tenants(mock, whose) for told in _settings(tenant)]


def turn(mock: Mock, wish: SettingsWish) -> list[SettingTold]:
    """Turn settings: all that were named, or none."""
    tenant = scope.only(mock, wish)
    before = dict(tenant.settings)
    try:
        for name, value in wish.settings.items():
            tenant.set(name, value)
    except UsageFault:
        for name, value in before.items():
            tenant.set(name, value)
        raise
    return _settings(tenant)


async def reset(mock: Mock, whose: Whose) -> Reset:
    """Let tenants begin anew: no sessions, an empty journal, settings and faults as they had them when they were made."""
    meant = scope.tenants(mock, whose)
    if whose.tenant is None and whose.vendor is None:
        mock.journal.clear()
    await asyncio.gather(*(tenant.reset() for tenant in meant))
    return Reset(tenants=[tenant.name for tenant in meant])


def _session(tenant: Tenant, session: Session) -> SessionTold:
    log, plan = session.log, session.plan
    joined = log.of("joined") if log else []
    return SessionTold(
        id=session.id,
        tenant=tenant.name,
        vendor=tenant.contract.vendor,
        state=session.state,
        reason=session.reason,
        started_at=session.started_at,
        ended_at=session.ended_at,
        room=str(joined[0].data.get("room")) if joined else None,
        identity=str(joined[0].data.get("identity")) if joined else None,
        size=f"{plan.width}x{plan.height}" if plan else None,
        log=[tenant.redact.text(line) for line in log.text().splitlines()] if log else [],
    )


def _fault(tenant: Tenant, planned: Planned) -> FaultTold:
    return FaultTold(tenant=tenant.name, fault=str(planned), data=planned.data(), met=planned not in tenant.faults.unmet())


def _settings(tenant: Tenant) -> list[SettingTold]:
    return [
        SettingTold(
            tenant=tenant.name,
            setting=name,
            value=value,
            default=tenant.contract.settings[name].default,
            level=tenant.contract.settings[name].level,
            text=tenant.contract.settings[name].text,
        )
        for name, value in tenant.settings.items()
    ]
