"""The journal as it grows: one line of JSON a request, when it has been answered."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import msgspec
from aiohttp import web

from mockvendors import limits
from mockvendors.admin import matching, names, reading, scope
from mockvendors.admin.messages import Page
from mockvendors.admin.scope import Mock
from mockvendors.journal import ENTRIES_KEPT, Entry, Journal
from mockvendors.tenant import Tenant


class _News:
    """The requests that have been answered and not told; of a client that does not read, as many as a journal keeps."""

    def __init__(self, mock: Mock) -> None:
        self.changed = asyncio.Event()
        self._mock = mock
        self._ended: deque[tuple[str, Entry]] = deque(maxlen=ENTRIES_KEPT)

    def owned(self, tenant: Tenant, _journal: Journal, entry: Entry) -> None:
        """Take a request of a tenant."""
        self.add(tenant.contract.vendor, entry)

    def strange(self, _journal: Journal, entry: Entry) -> None:
        """Take a request that no tenant owns."""
        self.add(scope.asked_of(self._mock, entry), entry)

    def add(self, vendor: str, entry: Entry) -> None:
        """Take a request that went to this vendor."""
        self._ended.append((vendor, entry))
        self.changed.set()

    def take(self) -> Iterator[tuple[str, Entry]]:
        """Yield each once, those too that come meanwhile."""
        self.changed.clear()
        while self._ended:
            yield self._ended.popleft()


async def follow(mock: Mock, page: Page, request: web.BaseRequest, over: asyncio.Event) -> web.StreamResponse:
    """Send what fits, and go on until the client leaves or `over` is set."""
    names.check(mock.contracts, page)
    there = list(scope.entries(mock, page))
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson", "Cache-Control": "no-store"})
    with _listening(mock) as news, suppress(ConnectionError):
        for vendor, entry in there:
            if entry.note != "open":
                news.add(vendor, entry)
        await response.prepare(request)
        while not over.is_set():
            for vendor, entry in news.take():
                if _meant(page, vendor, entry):
                    await response.write(msgspec.json.encode(reading.told(vendor, entry)) + b"\n")
            with suppress(TimeoutError):  # and look whether it is over
                async with asyncio.timeout(limits.SERVE_LOOK):
                    await news.changed.wait()
    return response


def _meant(page: Page, vendor: str, entry: Entry) -> bool:
    whose = page.vendor in {None, vendor} and page.tenant in {None, entry.tenant}
    return whose and matching.fits(entry, page)


@contextmanager
def _listening(mock: Mock) -> Iterator[_News]:
    """Give what hears of each request that is answered, whoever's it is, across resets."""
    news, everybody = _News(mock), list(mock.tenants.values())
    mock.journal.listen(news.strange)
    for customers in everybody:
        customers.listen(news.owned)
    try:
        yield news
    finally:
        mock.journal.ignore(news.strange)
        for customers in everybody:
            customers.ignore(news.owned)
