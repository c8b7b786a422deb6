"""What a text quotes: it repeats what somebody sent.

Quotation marks that do not go together hide more rather than less: one too many, escaped ones, those of JSON in JSON. Then
all goes from the first mark to the end.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]
_CURLY = re.compile(r"[“„«‹‘]([^”“»›’]*)")  # noqa: RUF001 - these signs are meant
"""An opening mark always opens, and what is never closed goes on to the end."""


def quotations(text: str) -> list[Span]:
    """Return where quotations stand, without their marks, from left to right; none lies in another."""
    found = sorted([*_of(text, '"'), *_of(text, "`"), *_of(text, "'"), *(each.span(1) for each in _CURLY.finditer(text))])
    together: list[Span] = []
    for start, end in found:
        if together and start <= together[-1][1]:
            together[-1] = (together[-1][0], max(end, together[-1][1]))
        else:
            together.append((start, end))
    return together


def _of(text: str, sign: str) -> Iterator[Span]:
    """Yield the quotations in marks of one kind."""
    marks = list(_marks(text, sign))
    if not marks:
        return
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    if len(marks) % 2 == 0 and all(_go_together(text, *pair) for pair in pairs):
        yield from ((start + 1, end) for start, end in pairs)
    else:
        yield marks[0] + 1, len(text)


def _marks(text: str, sign: str) -> Iterator[int]:
    """Yield the places of marks; an apostrophe is none."""
    is_open = False
    for found in re.finditer(sign, text):
        before, after = text[: found.start()][-1:], text[found.end() :][:1]
        if sign == "'" and before.isalnum() and (after.isalnum() or not is_open):
            continue
        is_open = not is_open
        yield found.start()


def _go_together(text: str, start: int, end: int) -> bool:
    """Tell whether two marks open and close one quotation, as people and JSON write it."""
    before, inner, after = text[:start][-1:], text[start + 1 : end], text[end + 1 :][:1]
    return not (before.isalnum() or before == "\\" or after.isalnum() or inner.endswith("\\") or inner != inner.strip())
