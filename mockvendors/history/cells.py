"""Cases in the cells of a document's tables: their names, what they said, and which of them stand in one row."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from mockvendors.report import markup
from mockvendors.report.lines import Case
from mockvendors.report.words import folded

_PASSING = ((re.compile(r"\b(127\.0\.0\.1|localhost):\d+"), r"\1:PORT"), (re.compile(r"\bcase-\d+-[0-9a-f]{6}\b"), "case-N"))
"""What is another in each run, and what stands for it: a page that is written anew is to differ where something changed."""


class Named(Protocol):
    """What is of a case."""

    @property
    def case(self) -> str:
        """The case's id below its suite."""
        ...


_T = TypeVar("_T", bound=Named)


def together(found: Iterable[_T], key: Callable[[_T], object]) -> Iterable[list[_T]]:
    """Return those of one function that say the same, each row together."""
    alike: dict[tuple[str, object], list[_T]] = {}
    for each in found:
        alike.setdefault((each.case.partition("[")[0], key(each)), []).append(each)
    return alike.values()


def names(row: Sequence[Named]) -> str:
    """Return in Markdown the cases of one function, without their file: classes of cases have different names."""
    (name,) = folded([each.case.partition("::")[2] or each.case for each in row])
    return markup.code(name)


def said(line: Case) -> str:
    """Return in Markdown why a case is no pass."""
    if not line.actual:
        return markup.plain(_lasting(line.reason))
    expected, actual = (markup.code(_lasting(text)) for text in (line.expected, line.actual))
    return f"{markup.plain(_lasting(line.seen))}: expected {expected}, was {actual}"


def with_source(text: str, source: str) -> str:
    """Return in Markdown what somebody wrote, and what it rests on."""
    return f"{markup.plain(text)} ({markup.plain(source)})"


def _lasting(text: str) -> str:
    for passing, instead in _PASSING:
        text = passing.sub(instead, text)
    return markup.short(text)
