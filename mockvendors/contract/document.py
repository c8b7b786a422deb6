"""Reading a contract file, and laying a tenant's changes over its tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from mockvendors.errors import UsageFault


def read(path: Path) -> dict[str, Any]:
    """Return the YAML mapping in `path`; errors name file, line and remedy."""
    return parse(path, content(path))


def content(path: Path) -> bytes:
    """Return what a contract's file holds, unread. UsageFault: it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageFault(
            f"Contract {path} cannot be read: {error.strerror}", "Check its path, and the package that should hold it"
        ) from error


def parse(path: Path, text: bytes) -> dict[str, Any]:
    """Return the YAML mapping that a file holds; errors name file, line and remedy."""
    try:
        document = _load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise UsageFault(f"{path}{line}: not YAML: {problem}", "Correct the file") from error
    except ValueError as error:
        raise UsageFault(f"{path}: not YAML: {error}", "Correct the file") from error
    if not isinstance(document, dict):
        raise UsageFault(f"{path}: not a mapping", "Start from an OpenAPI 3.1 document")
    return document


def _load(text: bytes) -> Any:  # noqa: ANN401 - YAML can hold anything
    """Return what the safe loader makes of a text in which no key stands twice."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        _refuse_twice(node)
        return None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _refuse_twice(root: yaml.Node | None) -> None:
    """Refuse a key that stands twice in one mapping, of which YAML would silently take the last."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        if not isinstance(node, yaml.MappingNode):
            waiting += node.value
            continue
        keys = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and (key.tag, key.value) in keys:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value} stands twice", key.start_mark)
            keys.add((key.tag, key.value if isinstance(key, yaml.ScalarNode) else id(key)))
            waiting.append(value)


def merge(base: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return `base` with `patch` laid over it by JSON merge patch (RFC 7396): null removes a key, lists are replaced."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(base) if isinstance(base, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result
