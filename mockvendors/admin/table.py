"""Every call of the admin API: one row, from which it is answered and documented."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from mockvendors import __version__
from mockvendors.admin import changing, reading, stream
from mockvendors.admin.messages import (
    End,
    FaultKind,
    FaultTold,
    FaultWish,
    Filter,
    Here,
    JournalTold,
    Minted,
    Miss,
    NewTenant,
    Nothing,
    Page,
    Removed,
    Reset,
    SessionTold,
    SettingsWish,
    SettingTold,
    TenantTold,
    Verified,
    Whose,
    Wish,
)
from mockvendors.admin.scope import Mock


@dataclass(frozen=True)
class Asked:
    """One call, its words checked."""

    mock: Mock
    request: web.BaseRequest
    addresses: Callable[[str], str]
    """Of a vendor: its base URL."""
    query: Any
    """A value of `Row.query`."""
    body: Any
    """A value of `Row.body`."""
    over: asyncio.Event
    """Set when the server ends."""
    name: str
    """What the path names; empty where it names nothing."""


Answer = Callable[[Asked], Awaitable[Any]]


@dataclass(frozen=True)
class Row:
    """One call."""

    id: str
    method: str
    path: str
    """Below /_mock, with at most one {parameter}, at its end or before its last part."""
    text: str
    reply: Any
    """Type of the answer."""
    answer: Answer
    query: type[msgspec.Struct] = Nothing
    body: type[msgspec.Struct] = Nothing
    status: int = 200
    streams: bool = False
    """Whether `follow=true` makes it answer line by line."""


async def _here(asked: Asked) -> Here:
    faults = [str(fault) for fault in asked.mock.harness_faults]
    vendors = {vendor: asked.addresses(vendor) for vendor in asked.mock.tenants}
    return Here(name="mockvendors", version=__version__, vendors=vendors, harness_faults=faults, openapi="/_mock/openapi.json")


async def _journal(asked: Asked) -> JournalTold | web.StreamResponse:
    if asked.query.follow:
        return await stream.follow(asked.mock, asked.query, asked.request, asked.over)
    return reading.journal(asked.mock, asked.query)


async def _new_tenant(asked: Asked) -> Minted:
    minted = changing.new_tenant(asked.mock, asked.body, "")
    return msgspec.structs.replace(minted, base_url=asked.addresses(minted.vendor))


def _now(function: Callable[[Mock, Any], Any], words: str) -> Answer:
    """Return the answer of a call that waits for nothing; `words` says whether it reads `query` or `body`."""

    async def answer(asked: Asked) -> Any:  # noqa: ANN401 - each row says its type
        return function(asked.mock, getattr(asked, words))

    return answer


def _later(function: Callable[[Mock, Any], Awaitable[Any]]) -> Answer:
    async def answer(asked: Asked) -> Any:  # noqa: ANN401 - each row says its type
        return await function(asked.mock, asked.query)

    return answer


async def _end(asked: Asked) -> SessionTold:
    return await changing.end_session(asked.mock, asked.body, asked.name)


async def _kinds(_: Asked) -> list[FaultKind]:
    return changing.fault_kinds()


async def _reset(asked: Asked) -> Reset:
    return await changing.reset(asked.mock, asked.body)


ROWS = (
    Row("here", "GET", "", "What is served here", Here, _here),
    Row("listTenants", "GET", "/tenants", "The customers: one a key", list[TenantTold], _now(changing.tenants, "query"), Whose),
    Row("makeTenant", "POST", "/tenants", "Make a customer, with a key of its own", Minted, _new_tenant, Nothing, NewTenant, 201),
    Row("closeTenant", "DELETE", "/tenants", "End a customer with its sessions", Removed, _later(changing.close_tenants), Whose),
    Row("readJournal", "GET", "/journal", "What came and what was answered", JournalTold, _journal, Page, streams=True),
    Row("verify", "POST", "/verify", "Whether requests came as wanted", Verified, _now(reading.verify, "body"), Nothing, Wish),
    Row(
        "nearMisses",
        "GET",
        "/near-misses",
        "The rules that requests broke: expected, got",
        list[Miss],
        _now(reading.near_misses, "query"),
        Filter,
    ),
    Row(
        "listAllSessions",
        "GET",
        "/sessions",
        "Sessions and their avatars",
        list[SessionTold],
        _now(changing.sessions, "query"),
        Whose,
    ),
    Row("endSession", "POST", "/sessions/{id}/end", "End a session, as the vendor would", SessionTold, _end, Nothing, End),
    Row("listFaults", "GET", "/faults", "The faults that are set", list[FaultTold], _now(changing.faults, "query"), Whose),
    Row("addFault", "POST", "/faults", "Set a fault", FaultTold, _now(changing.add_fault, "body"), Nothing, FaultWish, 201),
    Row("clearFaults", "DELETE", "/faults", "Take all faults away", Removed, _now(changing.clear_faults, "query"), Whose),
    Row("listFaultKinds", "GET", "/faults/known", "Every fault there is", list[FaultKind], _kinds),
    Row("readSettings", "GET", "/settings", "How the settings stand", list[SettingTold], _now(changing.settings, "query"), Whose),
    Row(
        "turnSettings",
        "PATCH",
        "/settings",
        "Turn settings, limits among them",
        list[SettingTold],
        _now(changing.turn, "body"),
        Nothing,
        SettingsWish,
    ),
    Row("reset", "POST", "/reset", "Let one tenant, or all, begin anew", Reset, _reset, Nothing, Whose),
)
