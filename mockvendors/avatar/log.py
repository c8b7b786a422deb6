"""What an avatar saw and did, in order; cases ask it."""

import asyncio
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field

from mockvendors.limits import scaled


@dataclass(frozen=True, slots=True)
class AvatarEntry:
    """One thing that happened to an avatar."""

    at: float
    """Seconds of the monotonic clock since the log began."""
    kind: str
    data: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.data.items() if name != "traceback")
        return f"{self.at:8.3f} {self.kind} {told}".rstrip()


class AvatarLog:
    """The entries of one avatar; it never holds the join token."""

    def __init__(self, secret: str = "") -> None:
        self.began = time.monotonic()
        """Monotonic clock at which `at` is 0."""
        self.entries: list[AvatarEntry] = []
        self._secret = secret
        self._changed = asyncio.Event()

    def add(self, kind: str, **data: object) -> None:
        """Append one entry and wake whoever waits for it."""
        clean = {name: self._without_secret(value) for name, value in data.items()}
        self.entries.append(AvatarEntry(time.monotonic() - self.began, kind, clean))
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def crash(self, where: str, error: BaseException | None) -> None:
        """Note a failure of ours with its traceback."""
        told = "".join(traceback.format_exception(error)) if error is not None else ""
        self.add("crashed", where=where, cause=repr(error), traceback=told)

    def of(self, kind: str) -> list[AvatarEntry]:
        """Return the entries of one kind."""
        return [entry for entry in self.entries if entry.kind == kind]

    async def wait_for(self, kind: str, limit: float, count: int = 1) -> AvatarEntry:
        """Return the `count`-th entry of that kind, once it is there; TimeoutError says what was seen instead."""
        try:
            async with asyncio.timeout(scaled(limit)):
                while len(self.of(kind)) < count:
                    await self._changed.wait()
        except TimeoutError:
            seen = "\n".join(f"  {line}" for line in self.text().splitlines()) or "  nothing"
            raise TimeoutError(f"the avatar logged no {kind} (number {count}) within {limit:g} s; it logged\n{seen}") from None
        return self.of(kind)[count - 1]

    def text(self) -> str:
        """Return one line an entry."""
        return "\n".join(str(entry) for entry in self.entries)

    def _without_secret(self, value: object) -> object:
        if self._secret and isinstance(value, str):
            return value.replace(self._secret, "[join token]")
        return value
