"""What a start asks for: its body held against the schema, and what that means for the avatar."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockvendors.replies import Refused
from mockvendors.tenant import Tenant
from mockvendors.vendor import Call
from mockvendors.vendors.anam.catalogue import Found, find, size_row
from mockvendors.vendors.anam.refusals import refused
from mockvendors.vendors.anam.sizes import Row, asked, is_of_size, supported

YEARS = 1e8
"""Seconds; no timer is set for more, and JSON has numbers that no timer takes."""


@dataclass(frozen=True)
class Wanted:
    """What a valid configuration asks for."""

    avatar: Found
    model: str
    size: tuple[int, int]


def check(call: Call, config: Mapping[str, Any]) -> None:
    """Hold a configuration against the schema; a model does not mind what is wrong with what it ignores."""
    violations = call.operation.check_request(config)
    if not violations:
        return
    found = _row(call.tenant, config)
    ignored = found[1].get("ignores", {}).get("rules", ()) if found else ()
    violations = tuple(violation for violation in violations if violation.rule.id not in ignored)
    if violations:
        rule, detail = violations[0].rule, violations[0].message
        if is_of_size(rule):
            detail = f"{rule.text}: {asked(config)} was asked for; {supported(call.tenant, found)}"
        raise Refused(rule, detail, violations)


def resolve(tenant: Tenant, config: Mapping[str, Any]) -> Wanted:
    """Return what a configuration that obeys the schema asks for, or refuse what does not exist."""
    persona = config["personaConfig"]
    avatar = find(tenant, persona)
    model, row = size_row(tenant, avatar, persona.get("avatarModel"))
    return Wanted(avatar, model, _size(tenant, model, row, config))


def longest(tenant: Tenant, config: Mapping[str, Any]) -> float | None:
    """Return after how many seconds a session ends: the shortest of request, setting and plan; None: never, or in years."""
    plan = tenant.tables["plans"][tenant.settings["plan"]]["max_session_seconds"]
    wanted = config["personaConfig"].get("maxSessionLengthSeconds")
    bounds = [bound for bound in (wanted, tenant.settings["max_session_seconds"], plan) if bound is not None]
    shortest = min(bounds, default=YEARS)
    return shortest if shortest < YEARS else None


def _row(tenant: Tenant, config: Mapping[str, Any]) -> tuple[str, Row] | None:
    """Return the model that a configuration, which may be broken, asks for; None where it is refused for that anyway."""
    persona = config.get("personaConfig")
    if not isinstance(persona, Mapping):
        return None
    try:
        return size_row(tenant, find(tenant, persona), persona.get("avatarModel"))
    except (Refused, KeyError, TypeError):  # it is refused for that, or for what the schema says
        return None


def _size(tenant: Tenant, model: str, row: Row, config: Mapping[str, Any]) -> tuple[int, int]:
    options = config.get("sessionOptions") or {}
    width, height = options.get("videoWidth"), options.get("videoHeight")
    if width is None or height is None:
        return _pair(row["default"])
    if f"{int(width)}x{int(height)}" not in row["pairs"]:
        detail = f"{asked(config)} is not supported; {supported(tenant, (model, row))}"
        raise refused(tenant.contract, "anam.size.pair", detail)
    return int(width), int(height)


def _pair(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)
