"""What an account may do: its plan, its money, its slots."""

from mockvendors.vendor import Call
from mockvendors.vendors.anam.refusals import refused

_STATES = {
    "no_plan": ("anam.session.no-plan", "The account has no plan"),
    "forbidden": ("anam.session.forbidden", "The API key lacks the permission"),
    "spend_cap": ("anam.session.spend", "The account has spent what it may spend"),
    "usage_limit": ("anam.session.usage", "The account has used what its plan includes"),
}
_AT_THE_TOKEN = ("forbidden", "usage_limit")


def admit(call: Call) -> None:
    """Refuse a start as the state of the account says, and one whose tenant was closed while the call waited."""
    if call.tenant.closed:
        raise refused(call.tenant.contract, "anam.auth.bearer", "The API key was withdrawn")
    _check(call, call.tenant.settings["account"])


def admit_to_token(call: Call) -> None:
    """Refuse a token where the state of the account concerns this call as well."""
    state = call.tenant.settings["account"]
    if state in _AT_THE_TOKEN:
        _check(call, state)


def take_slot(call: Call) -> None:
    """Refuse one more session where the vendor has no engine free, or the account no slot."""
    tenant = call.tenant
    if tenant.settings["capacity"] == "none":
        raise refused(tenant.contract, "anam.session.capacity", "No engine is free")
    limit = tenant.settings["max_concurrent"]
    if limit is not None and tenant.active >= limit:
        raise refused(tenant.contract, "anam.session.concurrency", f"{tenant.active} of {limit} sessions are active")


def _check(call: Call, state: str) -> None:
    if state in _STATES:
        rule, detail = _STATES[state]
        raise refused(call.tenant.contract, rule, f"{detail} (setting account={state})")
