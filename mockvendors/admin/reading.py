"""The calls that only look: journal, near misses, verification."""

from collections.abc import Iterator

from mockvendors.admin import matching, names, scope
from mockvendors.admin.messages import (
    EntryTold,
    Filter,
    JournalTold,
    Miss,
    Near,
    Page,
    Verified,
    Wish,
)
from mockvendors.admin.misses import misses
from mockvendors.admin.scope import Mock
from mockvendors.errors import UsageFault
from mockvendors.journal import Entry

_NEAREST = 3


def told(vendor: str, entry: Entry) -> EntryTold:
    """Return an entry as the admin API tells it."""
    return EntryTold(
        vendor=vendor,
        tenant=entry.tenant,
        number=entry.number,
        at=round(entry.at, 6),
        operation=entry.operation,
        call=entry.call,
        method=entry.method,
        path=entry.path,
        headers=entry.headers,
        body=entry.body,
        status=entry.status,
        reply=entry.reply,
        broken=list(entry.broken),
        faults=list(entry.faults),
        session=entry.session,
        note=entry.note,
    )


def journal(mock: Mock, page: Page) -> JournalTold:
    """Return the last entries that fit."""
    found = [told(vendor, entry) for vendor, entry in _fitting(mock, page)]
    dropped = sum(journal.dropped for _, journal in scope.journals(mock, page))
    return JournalTold(entries=found[-page.limit :], dropped=dropped)


def verify(mock: Mock, wish: Wish) -> Verified:
    """Count the requests that fit a pattern, and hold the count against what was wanted."""
    low, high, wanted = _bounds(wish)
    names.check(mock.contracts, wish.request)
    apart = [
        (matching.differences(entry, wish.request), entry) for _, entry in scope.entries(mock, wish.request) if _answered(entry)
    ]
    fit = [entry for differs, entry in apart if not differs]
    ok = low <= len(fit) and (high is None or len(fit) <= high)
    near = sorted((pair for pair in apart if pair[0]), key=lambda pair: len(pair[0])) if len(fit) < low else []
    return Verified(
        ok=ok,
        found=len(fit),
        wanted=f"{wanted}: {matching.told(wish.request)}",
        numbers=[entry.number for entry in fit],
        near=[
            Near(tenant=entry.tenant, number=entry.number, request=f"{entry.method} {entry.path}", differs=differs)
            for differs, entry in near[:_NEAREST]
        ],
    )


def near_misses(mock: Mock, filter_: Filter) -> list[Miss]:
    """Return each rule that a request broke: what was expected, what came."""
    contracts = mock.contracts
    found = [pair for pair in _fitting(mock, filter_) if pair[0] in contracts]
    return [miss for vendor, entry in found for miss in misses(vendor, contracts[vendor], entry)]


def _fitting(mock: Mock, filter_: Filter) -> Iterator[tuple[str, Entry]]:
    names.check(mock.contracts, filter_)
    for vendor, entry in scope.entries(mock, filter_):
        if matching.fits(entry, filter_):
            yield vendor, entry


def _answered(entry: Entry) -> bool:
    return entry.note != "open"


def _bounds(wish: Wish) -> tuple[int, int | None, str]:
    if wish.times is not None:
        if wish.at_least is not None or wish.at_most is not None:
            raise UsageFault("`times` excludes `at_least` and `at_most`", "Leave one of them out")
        return wish.times, wish.times, f"exactly {wish.times} times"
    low = wish.at_least if wish.at_least is not None else (0 if wish.at_most is not None else 1)
    if wish.at_most is None:
        return low, None, f"at least {low} times"
    if wish.at_most < low:
        raise UsageFault(f"at_most {wish.at_most} is less than at_least {low}", "Turn them round")
    return low, wish.at_most, f"{low} to {wish.at_most} times"
