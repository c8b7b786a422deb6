"""Pieces of Markdown in which whatever a plugin or a vendor said stays plain text."""

import html
import re
from collections.abc import Iterable, Sequence

_LONGEST = 200
"""Characters of a value in a table; the details have all of it."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def fold(summary: str, text: str) -> str:
    """Return a text that opens under its summary, both Markdown or HTML already."""
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def block(text: str) -> str:
    """Return a text as it stands; its own backticks cannot end the block."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}\n{text}\n{fence}"


def code(text: str) -> str:
    """Return a text in the type of code, in one line that a table's cell can hold."""
    if not text:
        return ""
    line = " ".join(text.split()).replace("|", "\\|")
    fence = "`" * (_longest_run(line) + 1)
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{line}{space}{fence}"


def _longest_run(text: str) -> int:
    """Return how many backticks follow each other at most."""
    return max(map(len, re.findall("`+", text)), default=0)


def plain(text: str) -> str:
    """Return a text in which nothing is taken for Markdown or HTML."""
    escaped = html.escape(" ".join(text.split()), quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*_[]|#~" else letter for letter in escaped)


def short(text: str) -> str:
    """Return a value as a table can show it."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
