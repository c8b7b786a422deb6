"""What a start asks for: its body held against the schema, and what that means for the avatar."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mockvendors.replies import Refused
from mockvendors.tenant import Tenant
from mockvendors.vendor import Call
from mockvendors.vendors.anam.catalogue import Found, find, size_row
from mockvendors.vendors.anam.refusals import refused

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
    if violations:
        ignored = _ignored(call.tenant, config)
        violations = tuple(violation for violation in violations if violation.rule.id not in ignored)
    if violations:
        raise Refused(violations[0].rule, violations[0].message, violations)


def resolve(tenant: Tenant, config: Mapping[str, Any]) -> Wanted:
    """Return what a configuration that obeys the schema asks for, or refuse what does not exist."""
    persona = config["personaConfig"]
    avatar = find(tenant, persona)
    model, row = size_row(tenant, avatar, persona.get("avatarModel"))
    return Wanted(avatar, model, _size(tenant, model, row, config))


def longest(tenant: Tenant, config: Mapping[str, Any]) -> float | None:
    """Return after how many seconds a session ends: the shortest of request, setting and plan; None: never, or in years."""
    plan = tenant.tables["plans"][tenant.settings["plan"]]["max_session_seconds"]
    asked = config["personaConfig"].get("maxSessionLengthSeconds")
    bounds = [bound for bound in (asked, tenant.settings["max_session_seconds"], plan) if bound is not None]
    shortest = min(bounds, default=YEARS)
    return shortest if shortest < YEARS else None


def _ignored(tenant: Tenant, config: Mapping[str, Any]) -> Collection[str]:
    """Return the rules that mean nothing to the model that a configuration, which may be broken, asks for."""
    persona = config.get("personaConfig")
    if not isinstance(persona, Mapping):
        return ()
    try:
        _, row = size_row(tenant, find(tenant, persona), persona.get("avatarModel"))
    except (Refused, KeyError, TypeError):  # it is refused for that, or for what the schema says
        return ()
    rules: Collection[str] = row.get("ignores", {}).get("rules", ())
    return rules


def _size(tenant: Tenant, model: str, row: Mapping[str, Any], config: Mapping[str, Any]) -> tuple[int, int]:
    options = config.get("sessionOptions") or {}
    width, height = options.get("videoWidth"), options.get("videoHeight")
    if width is None or height is None:
        return _pair(row["default"])
    if f"{int(width)}x{int(height)}" not in row["pairs"]:
        asked, allowed = f"videoWidth {width} with videoHeight {height}", ", ".join(row["pairs"])
        raise refused(tenant.contract, "anam.size.pair", f"{asked} is not supported by {model}; supported: {allowed}")
    return int(width), int(height)


def _pair(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)
