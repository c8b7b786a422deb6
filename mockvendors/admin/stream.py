"""The journal as it grows: one line of JSON a request, when it has been answered."""

import asyncio
from contextlib import suppress

import msgspec
from aiohttp import web

from mockvendors import limits
from mockvendors.admin import matching, reading, scope
from mockvendors.admin.messages import Page
from mockvendors.admin.scope import Mock
from mockvendors.journal import Journal


class _Cursor:
    """What of one journal has been told."""

    def __init__(self) -> None:
        self._next = 1
        self._open: set[int] = set()

    def fresh(self, journal: Journal) -> list[int]:
        """Return the places of entries that have been answered and were not told yet."""
        first = journal.dropped + 1
        numbers = sorted({number for number in self._open if number >= first}) + list(
            range(max(self._next, first), first + len(journal.entries))
        )
        self._next = first + len(journal.entries)
        places = [number - first for number in numbers]
        self._open = {journal.entries[place].number for place in places if journal.entries[place].note == "open"}
        return [place for place in places if journal.entries[place].number not in self._open]


async def follow(mock: Mock, page: Page, request: web.BaseRequest, over: asyncio.Event) -> web.StreamResponse:
    """Send what fits, and go on until the client leaves or `over` is set."""
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"})
    await response.prepare(request)
    cursors: dict[int, _Cursor] = {}
    with suppress(ConnectionError):
        while not over.is_set():
            changed = asyncio.Event()
            journals = scope.journals(mock, page)
            for vendor, journal in journals:
                journal.watch(changed)
                for place in cursors.setdefault(id(journal), _Cursor()).fresh(journal):
                    entry = journal.entries[place]
                    if matching.fits(entry, page):
                        await response.write(msgspec.json.encode(reading.told(vendor, entry)) + b"\n")
            with suppress(TimeoutError):  # a tenant may come that no journal tells of
                async with asyncio.timeout(limits.SERVE_LOOK):
                    await changed.wait()
            for _, journal in journals:
                journal.unwatch(changed)
    return response
