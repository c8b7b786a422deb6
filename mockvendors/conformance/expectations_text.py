"""The text of an expectations file: what stands above its entries, the entries as they were written, and new ones."""

import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mockvendors.conformance.expectations import Expectation
from mockvendors.conformance.expectations_update import Update

BEGIN = re.compile(r"\s*\[\[\s*expected\s*\]\]\s*(#.*)?")
"""The line with which an entry begins."""


@dataclass(frozen=True)
class Written:
    """An expectations file as somebody wrote it."""

    head: str
    """The comment above the first entry."""
    blocks: tuple[str, ...] | None
    """Each entry with the comment that stands right above it; None where the text cannot be cut into entries."""


def cut(text: str) -> Written:
    """Cut a text that is a list of entries into its parts; one that is written in another way keeps only its head."""
    lines = text.splitlines()
    begins = [_with_comment(lines, number) for number, line in enumerate(lines) if BEGIN.fullmatch(line)]
    entries = tomllib.loads(text).get("expected", [])
    if begins and begins[0] == 0 and lines[0].lstrip().startswith("#"):  # the first comment of a file is about the file
        begins[0] = next(number for number, line in enumerate(lines) if BEGIN.fullmatch(line))
    ends = [*begins, len(lines)][1:]
    blocks = tuple("\n".join(lines[begin:end]).strip() for begin, end in zip(begins, ends, strict=True))
    head = "\n".join(lines[: begins[0]] if begins else lines).strip()
    if _same(blocks, entries) and not _holds(head):
        return Written(head, blocks)
    return Written("\n".join(_comment(lines)), None)


def written(entry: Expectation, above: str = "") -> str:
    """Return an entry as TOML, below its comment."""
    lines = [above] if above else []
    lines += ["[[expected]]", f"match = {_quoted(entry.match)}", f'outcome = "{entry.outcome.value}"']
    lines += [f"rule = {_quoted(entry.rule)}"] if entry.rule is not None else []
    lines += [f"reason = {_quoted(entry.reason)}"]
    lines += [f"versions = {_quoted(entry.versions)}"] if entry.versions is not None else []
    here = ", ".join(f"{name} = {_quoted(value)}" for name, value in sorted(entry.when))
    lines += [f"when = {{ {here} }}"] if here else []
    lines += [f"until = {entry.until}"] if entry.until is not None else []
    lines += [f"link = {_quoted(entry.link)}"] if entry.link is not None else []
    return "\n".join(lines)


def rewritten(before: str, update: Update) -> str:
    """Return the text of a list after an update: what stays as it was written, sorted by case."""
    was = cut(before)
    parts: list[tuple[Expectation, str]] = [(entry, written(entry)) for entry in update.added]
    for number, fate in enumerate(update.fates):
        block = was.blocks[number] if was.blocks is not None else ""
        above = "\n".join(_comment(block.splitlines()))
        parts += [(entry, _kept(block, fate.entry, entry) or written(entry, above)) for entry in fate.stays]
    parts.sort(key=lambda part: (part[0].match, part[0].outcome.value, part[0].rule or "", part[0].versions or ""))
    return "\n\n".join(filter(None, [was.head, *(text for _, text in parts)])) + "\n"


def _kept(block: str, before: Expectation, entry: Expectation) -> str:
    """Return the text of an entry as it was written, with its new reason if it has one; empty where it has to be written anew."""
    if entry == before or not block:
        return block
    if entry != replace(before, reason=entry.reason):
        return ""
    text = block.replace(_quoted(before.reason), _quoted(entry.reason), 1)
    return text if _same([text], [tomllib.loads(block)["expected"][0] | {"reason": entry.reason}]) else ""


def _with_comment(lines: Sequence[str], number: int) -> int:
    """Return where the comment right above a line begins."""
    while number and lines[number - 1].lstrip().startswith("#"):
        number -= 1
    return number


def _comment(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of comment with which a text begins."""
    end = next((number for number, line in enumerate(lines) if not line.lstrip().startswith("#")), len(lines))
    return lines[:end]


def _holds(text: str) -> bool:
    try:
        return bool(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return True


def _same(blocks: Sequence[str], entries: Sequence[object]) -> bool:
    """Tell whether each block is one entry of the whole."""
    try:
        return [tomllib.loads(block).get("expected") for block in blocks] == [[entry] for entry in entries]
    except tomllib.TOMLDecodeError:  # a line inside of a text was taken for the begin of an entry
        return False


def _quoted(text: str) -> str:
    """Return a basic string of TOML, which escapes as JSON does, and DEL as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
