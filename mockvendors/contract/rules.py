"""A rule of a contract, the evidence it rests on, and the violation that names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from mockvendors.errors import UsageFault

Level = Literal["recorded", "documented", "measured", "client", "assumed"]
"""The strongest first; docs/levels.md says why."""
LEVELS: tuple[str, ...] = get_args(Level)
_FIELDS = {"level", "source", "text", "status", "error", "reason", "refusal", "remedy"}
_TYPES: Mapping[str, type] = {"text": str, "status": int, "error": str, "remedy": str}
_WORDS: Mapping[type, str] = {str: "text", int: "number"}


@dataclass(frozen=True)
class Rule:
    """What must hold, why we believe it, and what the vendor answers when it does not."""

    id: str
    level: Level
    source: str
    text: str
    status: int | None = None
    """HTTP status of the vendor's refusal; None for rules that no request can break."""
    error: str = ""
    """The vendor's short cause; exact where a client compares it."""
    reason: str | None = None
    refusal: Level | None = None
    """Evidence of the refusal itself, where it is weaker than that of the rule; None: the same."""
    remedy: str = ""
    """What a person in front of `serve` can do about a refusal; `{name}` stands for the keys of that table of x-tables."""


@dataclass(frozen=True)
class Violation:
    """One place where a value breaks a rule."""

    rule: Rule
    where: str
    """JSON pointer into the value."""
    expected: str
    actual: object
    message: str


def load_rules(rules: Mapping[str, Any], sources: Mapping[str, str], place: str) -> dict[str, Rule]:
    """Return the rules of a contract file; `place` names the file in errors."""
    return {name: _rule(name, raw, sources, place) for name, raw in rules.items()}


def _rule(name: str, raw: Any, sources: Mapping[str, str], place: str) -> Rule:  # noqa: ANN401 - YAML can hold anything
    if not isinstance(raw, Mapping):
        raise UsageFault(f"{place}: rule {name} is not a mapping", "Write level, source and text under it")
    missing = [field for field in ("level", "source", "text") if not raw.get(field)]
    if missing:
        raise UsageFault(f"{place}: rule {name} has no {', '.join(missing)}", "Give every rule its evidence")
    for field in ("level", "refusal"):
        if field in raw and raw[field] not in LEVELS:
            raise UsageFault(f"{place}: rule {name} has {field} {raw[field]!r}", f"Use one of {', '.join(LEVELS)}")
    unknown = set(raw) - _FIELDS
    if unknown:
        raise UsageFault(f"{place}: rule {name} has unknown fields {sorted(unknown)}", "Remove or correct them")
    for field, kind in _TYPES.items():
        if not isinstance(raw.get(field, kind()), kind):
            raise UsageFault(f"{place}: rule {name} has {field} {raw[field]!r}", f"Write a {_WORDS[kind]}")
    return Rule(name, **{**raw, "source": cited(raw["source"], sources, name, place)})


def cited(source: str | list[str], sources: Mapping[str, str], name: str, place: str) -> str:
    """Return sources in words; a list names keys of `x-sources`."""
    if isinstance(source, str):
        return source
    if not isinstance(source, list) or not all(isinstance(key, str) for key in source):
        raise UsageFault(f"{place}: the source of {name} is neither a text nor a list of x-sources", "Correct it")
    unknown = [key for key in source if key not in sources]
    if unknown:
        raise UsageFault(f"{place}: rule {name} names unknown sources {unknown}", "Add them to x-sources")
    return "; ".join(f"[{key}] {sources[key]}" for key in source)
