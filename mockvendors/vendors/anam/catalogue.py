"""Avatars, personas and models: who there is, who stands in for whom, and which sizes they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockvendors.replies import Reply
from mockvendors.tenant import Tenant
from mockvendors.vendor import Call
from mockvendors.vendors.anam.refusals import refused, unknown


@dataclass(frozen=True)
class Found:
    """An avatar of the catalogue, or the traits of the one that stands in for it."""

    id: str
    """As it was asked for."""
    row: Mapping[str, Any]
    stands_in: str = ""
    """Id of the avatar whose traits these are, where the catalogue does not have the one that was asked for."""
    asked: str = ""
    """What was asked for, for a person: `avatar <id>` or `persona <id>`."""


def find(tenant: Tenant, persona: Mapping[str, Any]) -> Found:
    """Return the avatar of a personaConfig that obeys the schema; a persona has the last word."""
    persona_id = persona.get("personaId")
    if persona_id is None:
        return find_avatar(tenant, str(persona["avatarId"]))
    row = tenant.tables["personas"].get(str(persona_id))
    if row is None:
        return _stand_in(tenant, "Persona", str(persona_id))
    return find_avatar(tenant, str(row["avatarId"]))


def find_avatar(tenant: Tenant, name: str) -> Found:
    """Return an avatar by its id, or what stands in for it; refuse it where the setting says so."""
    row = tenant.tables["avatars"].get(name)
    return _stand_in(tenant, "Avatar", name) if row is None else Found(name, row)


def size_row(tenant: Tenant, found: Found, asked: str | None) -> tuple[str, Mapping[str, Any]]:
    """Return the model of an avatar and its row of the size table; refuse a model that the avatar does not have."""
    model = found.row["activeVersion"] if asked is None else asked
    sizes, versions = tenant.tables["sizes"], found.row["availableVersions"]
    if model not in versions or model not in sizes:
        offered = ", ".join(version for version in versions if version in sizes)
        detail = f"Avatar {found.id} has no model {model}; it has {offered}"
        raise refused(tenant.contract, "anam.avatar.model", detail)
    return model, sizes[model]


async def listed(call: Call) -> Reply:
    """Answer with the whole catalogue."""
    return Reply(200, {"data": [{"id": name, **row} for name, row in call.tenant.tables["avatars"].items()]})


async def one(call: Call) -> Reply:
    """Answer with one avatar."""
    found = find_avatar(call.tenant, call.params["id"])
    return Reply(200, {"id": found.id, **found.row})


def _stand_in(tenant: Tenant, kind: str, name: str) -> Found:
    stand_in = tenant.tables["stand_in"]["avatar"]["value"]
    row = tenant.tables["avatars"].get(stand_in)
    if row is None or tenant.settings["unknown_avatars"] == "refuse":
        raise unknown(tenant.contract, kind, name)
    return Found(name, row, stand_in, f"{kind.lower()} {name}")
