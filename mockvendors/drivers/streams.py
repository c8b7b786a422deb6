"""A driver's process and what it says, line by line: the same for who judges by it and for who tries it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping, MutableSequence, Sequence
from pathlib import Path

from mockvendors.drivers.command import clean_environment

LINE_LIMIT = 1 << 20
"""Bytes of a line; one that is longer is read past and never kept."""


async def begin(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> asyncio.subprocess.Process:
    """Start a program (an argument vector, no shell) in a process group of its own. Raises OSError where that cannot be."""
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *arguments,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=clean_environment(environment),
        cwd=folder,
        start_new_session=True,
        limit=LINE_LIMIT,
    )


def let_go(process: asyncio.subprocess.Process) -> None:
    """Close the pipes, which a stranger may hold open, of a process that is over."""
    process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001  # asyncio offers no public close of a process's pipes


async def lines(stream: asyncio.StreamReader | None, too_long: Callable[[], None]) -> AsyncIterator[bytes]:
    """Yield each line to the stream's end, and call `too_long` in place of one that is longer than the limit."""
    assert stream is not None  # noqa: S101  # `begin` asked for it
    while True:
        try:
            line = await stream.readline()
        except ValueError:
            too_long()
            continue
        if not line:
            return
        yield line


async def keep(stream: asyncio.StreamReader | None, kept: MutableSequence[str]) -> None:
    """Keep what a driver says on stderr, as text."""
    async for line in lines(stream, lambda: None):
        kept.append(line.decode(errors="replace").rstrip())


def ending(code: int | None) -> str:
    """Return in words how a process ended: `exit code 3`, `signal SIGSEGV`."""
    return f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
