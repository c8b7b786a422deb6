"""The journal as it grows: one line of JSON a request, when it has been answered."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import msgspec
from aiohttp import web

from mockvendors import limits
from mockvendors.admin import matching, names, reading, scope
from mockvendors.admin.messages import Page
from mockvendors.admin.scope import Mock
from mockvendors.journal import Entry, Journal


class _Cursor:
    """What of one journal has been told."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._next = 1
        self._last = 0.0
        """When the entry before the next one was made: another time means that the journal was emptied meanwhile."""
        self._open: set[int] = set()

    def fresh(self) -> list[Entry]:
        """Return the entries that have been answered and were not told yet."""
        entries, first = self._journal.entries, self._journal.dropped + 1
        if self._emptied(entries, first):
            self._next, self._open = 1, set()
        numbers = sorted(number for number in self._open if number >= first)
        numbers += range(max(self._next, first), first + len(entries))
        self._next = first + len(entries)
        self._last = entries[-1].at if entries else 0.0
        found = [entries[number - first] for number in numbers]
        self._open = {entry.number for entry in found if entry.note == "open"}
        return [entry for entry in found if entry.number not in self._open]

    def _emptied(self, entries: list[Entry], first: int) -> bool:
        last = self._next - 1
        if last < first:  # nothing was told yet, or it was dropped
            return False
        return last >= first + len(entries) or entries[last - first].at != self._last


async def follow(mock: Mock, page: Page, request: web.BaseRequest, over: asyncio.Event) -> web.StreamResponse:
    """Send what fits, and go on until the client leaves or `over` is set."""
    names.check(mock.contracts, page)
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"})
    await response.prepare(request)
    cursors: dict[Journal, _Cursor] = {}
    with suppress(ConnectionError):
        while not over.is_set():
            journals = scope.journals(mock, page)  # anew each time: tenants come, and a reset gives them another one
            cursors = {journal: cursors.get(journal) or _Cursor(journal) for _, journal in journals}
            with _watching(cursors) as changed:
                for vendor, journal in journals:
                    for entry in cursors[journal].fresh():
                        asked = vendor or scope.asked_of(mock, entry)
                        if page.vendor in {None, asked} and matching.fits(entry, page):
                            await response.write(msgspec.json.encode(reading.told(asked, entry)) + b"\n")
                with suppress(TimeoutError):  # a tenant may come that no journal tells of
                    async with asyncio.timeout(limits.SERVE_LOOK):
                        await changed.wait()
    return response


@contextmanager
def _watching(journals: Iterable[Journal]) -> Iterator[asyncio.Event]:
    """Give what is set when one of these journals changes."""
    changed, watched = asyncio.Event(), list(journals)
    for journal in watched:
        journal.watch(changed)
    try:
        yield changed
    finally:
        for journal in watched:
            journal.unwatch(changed)
