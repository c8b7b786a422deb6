"""Writing evidence into a contract's file: only levels and sources change, comments and layout stay, and it is written whole."""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from mockvendors.cassettes.recording import Recording
from mockvendors.contract import Contract
from mockvendors.contract.form import example
from mockvendors.drift.confirm import RECORDED, Confirmed
from mockvendors.errors import HarnessFault, UsageFault
from mockvendors.files import write_whole

_SOURCES = "x-sources"
_KEY = re.compile(r"R(\d+)")
_AFTER, _BEFORE = re.compile(r"\s*,\s*"), re.compile(r",\s*$")


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def update(path: Path, contract: Contract, found: Iterable[Confirmed]) -> list[Confirmed]:
    """Let the contract in `path` say `recorded` of these statements; return those of which it did not say so before.

    A UsageFault when the file is no longer what `contract` was read from; nothing is written then.
    """
    new = [item for item in found if item.level != RECORDED]
    if not new:
        return []
    text = path.read_bytes().decode()
    edited = _edited(text, new)
    _check(path, contract, edited, {item.id for item in new})
    write_whole(path, edited.encode())
    return new


def _edited(text: str, found: list[Confirmed]) -> str:
    root = _mapping(yaml.compose(text, Loader=yaml.SafeLoader))
    keys, edits = _sources(text, root, found)
    wanted = {item.id: _told(item.recording) for item in found}
    for id_, node in _statements(root):
        if id_ in wanted:
            edits += _statement(text, node, keys[wanted[id_]], wanted[id_])
    for edit in sorted(set(edits), key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _sources(text: str, root: yaml.MappingNode, found: list[Confirmed]) -> tuple[dict[str, str], list[_Edit]]:
    """Return the key of each recording among the sources, and the edits that add those which are not there."""
    sources = _mapping(_child(root, _SOURCES))
    known = {str(value.value): str(key.value) for key, value in sources.value}
    number = max((int(match[1]) for key in known.values() if (match := _KEY.fullmatch(key))), default=0)
    lines = []
    for told in dict.fromkeys(_told(item.recording) for item in found):
        if told not in known:
            number += 1
            known[told] = f"R{number}"
            lines.append(f"{' ' * sources.start_mark.column}R{number}: {json.dumps(told, ensure_ascii=False)}\n")
    last = sources.value[-1][1].end_mark.index
    end = text.find("\n", last) + 1 or len(text)
    return known, [_Edit(end, end, "".join(lines))] if lines else []


def _told(recording: Recording) -> str:
    header = recording.header
    return f"recorded {header.time:%Y-%m-%d} from {header.upstream} ({recording.folder.name})"


def _statements(root: yaml.MappingNode) -> Iterator[tuple[str, yaml.MappingNode]]:
    """Yield every rule and every mark of evidence with its id."""
    for key, value in _mapping(_child(root, "x-rules")).value:
        yield str(key.value), value
    waiting: list[yaml.Node] = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, yaml.ScalarNode):
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            mark = _child(node, "x-evidence")
            name = _child(mark, "id")
            if isinstance(mark, yaml.MappingNode) and name is not None:
                yield str(name.value), mark
            waiting += [value for _, value in node.value]
        else:
            waiting += node.value


def _statement(text: str, node: yaml.MappingNode, key: str, told: str) -> Iterator[_Edit]:
    """Yield the edits of one statement: its level, its source, and what was said of a weaker refusal."""
    level, source = _child(node, "level"), _child(node, "source")
    if level is None or source is None:
        return
    yield _Edit(level.start_mark.index, level.end_mark.index, RECORDED)
    start = source.start_mark.index
    if isinstance(source, yaml.SequenceNode) and source.flow_style:
        yield _Edit(start + 1, start + 1, f"{key}, ")
    elif isinstance(source, yaml.SequenceNode):
        yield _Edit(start, start, f"- {key}\n{' ' * source.start_mark.column}")
    else:
        yield _Edit(start, source.end_mark.index, json.dumps(f"{told}; {source.value}", ensure_ascii=False))
    for name, value in node.value:
        if name.value == "refusal":
            yield _without(text, node, name.start_mark.index, value.end_mark.index)


def _without(text: str, node: yaml.MappingNode, start: int, end: int) -> _Edit:
    """Return the edit that takes a pair out of a mapping."""
    if not node.flow_style:
        return _Edit(text.rfind("\n", 0, start) + 1, text.find("\n", end) + 1 or len(text), "")
    if after := _AFTER.match(text, end):
        return _Edit(start, after.end(), "")
    before = _BEFORE.search(text, 0, start)
    return _Edit(before.start() if before else start, end, "")


def _check(path: Path, contract: Contract, edited: str, wanted: set[str]) -> None:
    """Refuse an edit after which the contract cannot be read, or says anything else than that these are recorded."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.parent.name / path.name
        copy.parent.mkdir()
        copy.write_bytes(edited.encode())
        after = Contract.load(copy)
    before = {item.id: item for item in contract.evidence}
    resting = {item.id for item in contract.evidence if any(f"({id_})" in item.text for id_ in wanted)}
    for item in after.evidence:
        old = before.get(item.id)
        if old is None or (old != item and item.id not in wanted | resting):
            raise UsageFault(f"{path}: {item.id} is not what it was when it was read; nothing was changed", "Run drift again")
    wrong = sorted(item.id for item in after.evidence if item.id in wanted and item.level != RECORDED)
    if wrong:
        raise HarnessFault(f"{path}: the level of {wrong[0]} cannot be edited; nothing was changed", "Edit it by hand")


def _child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


def _mapping(node: yaml.Node | None) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise UsageFault("The contract's file has no rules or sources of its own", f"Compare with {example()}")
    return node
