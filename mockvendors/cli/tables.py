"""Text for people on standard output: as wide as terminal or COLUMNS say, plain where colour is not wanted."""

import os
import shutil
import sys
import textwrap

_WIDTH = 80
"""Columns when neither a terminal nor COLUMNS says otherwise."""
_NARROWEST = 20
"""What is left to a text beside its indent, however narrow the terminal is."""


def folded(text: str, first: str, indent: int) -> str:
    """Return `first` and then a text, whose further lines stand `indent` columns in."""
    width = shutil.get_terminal_size((_WIDTH, 0)).columns
    rest = textwrap.wrap(text, max(width - indent, _NARROWEST), break_on_hyphens=False) or [""]
    return "\n".join(f"{lead}{line}".rstrip() for lead, line in zip([first, *[" " * indent] * len(rest)], rest, strict=False))


def coloured(text: str, number: int) -> str:
    """Return a text in a colour of the terminal (ANSI 30 to 37), plain where NO_COLOR is set or nobody looks."""
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return f"\x1b[{number}m{text}\x1b[0m"
