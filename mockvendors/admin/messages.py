"""What goes in and out of the admin API. These types check what comes, and the OpenAPI document is made from them."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta

Count = Annotated[int, Meta(ge=0)]
Number = Annotated[int, Meta(ge=1)]
Text = Annotated[str, Meta(min_length=1)]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A message that comes in: an unknown field is an error, not a silence."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A message that goes out, always with all of its fields."""


class Nothing(Strict, frozen=True, kw_only=True):
    """What a call takes that takes nothing there."""


# --- what an address can carry


class Whose(Strict, frozen=True, kw_only=True):
    """Whose things are meant."""

    tenant: Text | None = None
    """Fingerprint of a tenant's key; left out: every tenant, or, where one is needed, the only one."""
    vendor: Text | None = None


class Filter(Whose, frozen=True, kw_only=True):
    """Which entries of the journal."""

    operation: Text | None = None
    method: Text | None = None
    path: Text | None = None
    status: Annotated[int, Meta(ge=100, le=599)] | None = None
    broken: Text | None = None
    """A rule that the request broke."""
    fault: Text | None = None
    """A fault that acted on it."""
    session: Text | None = None


class Page(Filter, frozen=True, kw_only=True):
    """Which entries, and how many of them."""

    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1000
    """The last so many."""
    follow: bool = False
    """As lines of JSON, without an end: first what is there, then each request as it is answered."""


# --- what a body can carry


class NewTenant(Strict, frozen=True, kw_only=True):
    """A customer to be made."""

    vendor: Text | None = None
    """May be left out where one vendor is served."""
    api_key: Text | None = None
    """Left out: one is minted."""
    settings: dict[str, Any] = {}


class Pattern(Filter, frozen=True, kw_only=True):
    """A request that was, or was not, to come. What is left out does not matter."""

    headers: dict[str, str] = {}
    """By name, in any case: the value, as it stands in the journal."""
    body: Any = UNSET
    """JSON that the body must contain: objects may have more fields, all else must be equal."""


class Wish(Strict, frozen=True, kw_only=True):
    """How often a request was to come; without a number: at least once."""

    request: Pattern
    times: Count | None = None
    at_least: Count | None = None
    at_most: Count | None = None


class FaultWish(Whose, frozen=True, kw_only=True):
    """A fault, written as a line (`status:status=503,calls=1-2`) or as plain data (`{"fault": "status", "status": 503}`)."""

    fault: str | dict[str, Any]


class SettingsWish(Whose, frozen=True, kw_only=True):
    """Settings to turn; GET shows what there is."""

    settings: dict[str, Any]


class End(Strict, frozen=True, kw_only=True):
    """Why a session is ended."""

    reason: Text = "admin"


# --- what comes back


class Problem(Told, frozen=True, kw_only=True):
    """What was wrong with a call, and what to do about it."""

    error: str
    remedy: str


class Here(Told, frozen=True, kw_only=True):
    """Where one has arrived."""

    name: str
    version: str
    vendors: dict[str, str]
    """Each with its address."""
    harness_faults: list[str]
    """What the mock itself did wrong; should be empty."""
    openapi: str
    """Where all of it is told."""


class TenantTold(Told, frozen=True, kw_only=True):
    """One customer."""

    tenant: str
    vendor: str
    requests: Count
    running: Count
    """Sessions that have not ended."""
    faults: list[str]


class Minted(Told, frozen=True, kw_only=True):
    """A new customer. Its key is told here and nowhere else."""

    tenant: str
    vendor: str
    api_key: str
    base_url: str


class EntryTold(Told, frozen=True, kw_only=True):
    """One request, as the journal has it: without secrets."""

    vendor: str
    tenant: str
    number: Number
    at: float
    """Seconds since the journal began."""
    operation: str | None
    call: Number
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    status: int | None
    reply: Any
    broken: list[str]
    faults: list[str]
    session: str | None
    note: str


class JournalTold(Told, frozen=True, kw_only=True):
    """Entries, oldest first."""

    entries: list[EntryTold]
    dropped: Count
    """How many of the oldest are kept no more."""


class Difference(Told, frozen=True, kw_only=True):
    """One thing in which a request is not what was wanted."""

    where: str
    expected: Any
    actual: Any


class Near(Told, frozen=True, kw_only=True):
    """A request that was almost it."""

    tenant: str
    number: Number
    request: str
    differs: list[Difference]


class Verified(Told, frozen=True, kw_only=True):
    """Whether what was wanted is so."""

    ok: bool
    found: Count
    wanted: str
    numbers: list[int]
    """Of the entries that fit."""
    near: list[Near]
    """Where too few fit: those that come nearest."""


class Miss(Told, frozen=True, kw_only=True):
    """A request that broke a rule."""

    vendor: str
    tenant: str
    number: Number
    request: str
    rule: str
    level: str
    source: str
    text: str
    """The rule in words."""
    where: str
    """JSON pointer into the body; empty where the rule is not about one place of it."""
    expected: str
    actual: Any
    told: str
    """What the vendor's answer says."""


class SessionTold(Told, frozen=True, kw_only=True):
    """One session."""

    id: str
    tenant: str
    vendor: str
    state: str
    reason: str | None
    started_at: float
    ended_at: float | None
    room: str | None
    identity: str | None
    size: str | None
    log: list[str]
    """What its avatar saw and did, one line each."""


class FaultTold(Told, frozen=True, kw_only=True):
    """One fault that is set."""

    tenant: str
    fault: str
    data: dict[str, Any]
    met: bool
    """Whether it has acted."""


class FaultKind(Told, frozen=True, kw_only=True):
    """One fault that can be asked for."""

    fault: str
    text: str
    fields: dict[str, str]


class SettingTold(Told, frozen=True, kw_only=True):
    """One setting of a tenant."""

    tenant: str
    setting: str
    value: Any
    default: Any
    level: str
    text: str


class Removed(Told, frozen=True, kw_only=True):
    """How many things are no more."""

    removed: Count


class Reset(Told, frozen=True, kw_only=True):
    """Who begins anew."""

    tenants: list[str]
