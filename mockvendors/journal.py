"""What a mock vendor saw and answered, in order, without secrets."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import msgspec

from mockvendors.limits import scaled

ENTRIES_KEPT = 10_000
"""A case makes a dozen requests; `serve` may run for weeks, and an entry takes 3 kB."""
BYTES_KEPT = 64 * 1024 * 1024
"""Of bodies: ten thousand of the largest that are taken would be twenty gigabytes."""
_AT_ONCE = 10
"""A tenth is dropped at once, since taking the first from a list moves all others."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request and what became of it.

    It is in the journal as soon as the request was read, with status None, and is replaced when it was answered: a
    request that is never answered is not lost. Bodies are kept as text, which costs the garbage collector nothing.
    """

    number: int
    at: float
    """Seconds of the monotonic clock since the journal began."""
    tenant: str
    """Fingerprint of the key; empty when no tenant owns the request."""
    operation: str | None
    """operationId of the contract; None for a path or method that it does not have."""
    call: int
    """Counts the requests of the operation from 1."""
    method: str
    path: str
    """With the query."""
    headers: dict[str, str]
    """By lower-case name."""
    sent: bytes
    """The body as JSON text without secrets; empty when there was none."""
    status: int | None = None
    """None when the connection ended before a status was sent."""
    answered: bytes = b""
    """The answer's body, in the same way."""
    broken: tuple[str, ...] = ()
    """Ids of the rules that the request broke."""
    faults: tuple[str, ...] = ()
    """Names of the faults that acted."""
    session: str | None = None
    note: str = ""
    """What else happened: `open`, `client left`, `cut`, a cause."""

    @property
    def body(self) -> Any:  # noqa: ANN401 - any JSON value
        """The body that was sent: JSON without secrets; text when it was not JSON; None when there was none."""
        return msgspec.json.decode(self.sent) if self.sent else None

    @property
    def reply(self) -> Any:  # noqa: ANN401 - any JSON value
        """The body of the answer, in the same way."""
        return msgspec.json.decode(self.answered) if self.answered else None

    def __str__(self) -> str:
        extras = [*self.broken, *(f"fault {name}" for name in self.faults)]
        extras += [f"session {self.session}"] if self.session else []
        extras += [self.note] if self.note else []
        told = f"  {', '.join(extras)}" if extras else ""
        status = "---" if self.status is None else self.status
        return f"{self.at:8.3f} #{self.number} {self.method} {self.path} {status}{told}"


Ended = Callable[["Journal", Entry], None]
"""Is told of each request when it has come to an end."""


class Journal:
    """The entries of one tenant, or of the server for requests that no tenant owns; the oldest go when there are too many."""

    def __init__(self, entries_kept: int = ENTRIES_KEPT, bytes_kept: int = BYTES_KEPT) -> None:
        self.began = time.monotonic()
        self.entries: list[Entry] = []
        """Their numbers go on without a gap, from `dropped` + 1."""
        self.dropped = 0
        """How many of the oldest are there no more."""
        self._entries_kept = entries_kept
        self._bytes_kept = bytes_kept
        self._bytes = 0
        self._counts: dict[str | None, int] = {}
        self._waiting: set[asyncio.Event] = set()
        self._listeners: tuple[Ended, ...] = ()

    def listen(self, ended: Ended) -> None:
        """Tell `ended` of each request from now on when it has come to an end, whatever of it is kept here."""
        self._listeners += (ended,)

    def ignore(self, ended: Ended) -> None:
        """Tell it no more."""
        self._listeners = tuple(one for one in self._listeners if one != ended)

    def successor(self) -> "Journal":
        """Return an empty journal for whoever listens to this one."""
        follower = Journal(self._entries_kept, self._bytes_kept)
        follower._listeners = self._listeners
        return follower

    def open(self, *, tenant: str, operation: str | None, method: str, path: str, headers: dict[str, str], sent: bytes) -> Entry:
        """Append the entry of a request that was read and is not answered yet."""
        call = self._counts[operation] = self._counts.get(operation, 0) + 1
        entry = Entry(
            number=self.dropped + len(self.entries) + 1,
            at=time.monotonic() - self.began,
            tenant=tenant,
            operation=operation,
            call=call,
            method=method,
            path=path,
            headers=headers,
            sent=sent,
            note="open",
        )
        self.entries.append(entry)
        self._grown(len(sent))
        return entry

    def close(self, entry: Entry, **changes: object) -> Entry:
        """Replace an entry by one that says how the request ended."""
        closed: Entry = msgspec.structs.replace(entry, **{"note": "", **changes})
        place = entry.number - 1 - self.dropped
        if 0 <= place < len(self.entries) and self.entries[place] is entry:  # it was not dropped or cleared away meanwhile
            self.entries[place] = closed
            self._grown(len(closed.answered))
        for ended in self._listeners:
            ended(self, closed)
        return closed

    def calls(self, operation: str) -> list[Entry]:
        """Return the entries of one operation."""
        return [entry for entry in self.entries if entry.operation == operation]

    async def wait_for(self, predicate: Callable[[Entry], bool], limit: float) -> Entry:
        """Return the first entry that fits, once there is one; TimeoutError shows the journal instead."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            async with asyncio.timeout(scaled(limit)):
                while True:
                    for entry in self.entries:
                        if predicate(entry):
                            return entry
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            seen = self.text() or "nothing"
            raise TimeoutError(f"no such request within {limit:g} s; the journal holds\n{seen}") from None
        finally:
            self._waiting.discard(changed)

    def clear(self) -> None:
        """Forget every entry and count; the next request is number 1 again."""
        self.entries.clear()
        self._counts.clear()
        self.dropped = self._bytes = 0

    def text(self) -> str:
        """Return one line an entry, after one that tells of the dropped where there are any."""
        lines = [f"(the first {self.dropped} requests are not kept any more)"] if self.dropped else []
        return "\n".join([*lines, *(str(entry) for entry in self.entries)])

    def _grown(self, size: int) -> None:
        """Drop the oldest where there is too much, and wake who waits."""
        self._bytes += size
        while len(self.entries) > self._entries_kept or (self._bytes > self._bytes_kept and len(self.entries) > 1):
            count = max(1, len(self.entries) // _AT_ONCE)
            self._bytes -= sum(len(entry.sent) + len(entry.answered) for entry in self.entries[:count])
            self.dropped += count
            del self.entries[:count]
        for changed in self._waiting:
            changed.set()
