"""A vendor's mutants by configuration: what its plugin calls things, what is left out and why, its own rules (mutants.toml)."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mockvendors.errors import UsageFault
from mockvendors.mutants.generic import Generic, catalogue
from mockvendors.nearest import remedy

NAMES = (
    "session",
    "key",
    "key_variable",
    "key_header",
    "url",
    "url_variable",
    "connection",
    "width",
    "height",
)
"""What `[names]` may hold: the fields of `catalogue.base.Names`."""
LISTED = "`mockvendors mutants --list` names them"
TABLES = ("names", "leave_out", "rules")


@dataclass(frozen=True)
class Config:
    """What a file says; without one every change applies that needs to be told nothing."""

    names: Mapping[str, str] = field(default_factory=dict)
    leave_out: Mapping[str, str] = field(default_factory=dict)
    """Changes that do not fit this plugin or vendor, and why."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """The vendor's own rule for a change, instead of the framework's or where that has none."""


@dataclass(frozen=True)
class Chosen:
    """Which changes apply."""

    apply: tuple[Generic, ...]
    left: Mapping[str, str]
    """Those that do not, and why."""


def read(file: Path | None, vendor: str) -> Config:
    """Return what a file says, with the usual names of variables. UsageFault: it cannot be read, or holds a strange name."""
    usual = {"key_variable": f"{vendor.upper()}_API_KEY", "url_variable": f"{vendor.upper()}_API_URL"}
    if file is None:
        return Config(usual)
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as why:
        raise UsageFault(f"the mutants' configuration {file} cannot be read: {why.strerror}", "Give the path of a file") from why
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise UsageFault(f"{file}: {why}", "Correct it; docs/mutants.md has an example") from why
    _known(file, "table", raw, TABLES)
    names, leave_out, rules = (_texts(file, table, raw.get(table, {})) for table in TABLES)
    _known(file, "[names]", names, NAMES)
    for table, found in (("[leave_out]", leave_out), ("[rules]", rules)):
        _known(file, table, found, catalogue())
    if both := sorted(set(leave_out) & set(rules)):
        raise UsageFault(f"{file}: {both[0]} is left out and has a rule", "Remove one of the two")
    return Config({**usual, **names}, leave_out, rules)


def choose(config: Config, only: Collection[str] = ()) -> Chosen:
    """Return which changes apply, in the catalogue's order. UsageFault: one of `only` is unknown or does not apply."""
    given = [name for name in NAMES if config.names.get(name, DEFAULTS.get(name, ""))]
    left: dict[str, str] = {}
    apply = []
    for name, generic in catalogue().items():
        rule = config.rules.get(name, generic.rule)
        if why := _why_not(generic, rule, config, given):
            left[name] = why
        else:
            apply.append(replace(generic, rule=rule))
    for name in only:
        if name not in catalogue():
            raise UsageFault(f"there is no mutant {name!r}", remedy(name, catalogue(), LISTED))
        if name in left:
            raise UsageFault(f"the mutant {name} is left out: {left[name]}", "Choose another, or change the configuration")
    return Chosen(tuple(each for each in apply if not only or each.name in only), left)


DEFAULTS = {"session": "AvatarSession", "key": "api_key", "key_header": "Authorization", "url": "api_url"} | {
    "connection": "conn_options"
}
"""Names that hold where a file gives none; those of `catalogue.base.Names`."""


def _why_not(generic: Generic, rule: str, config: Config, given: Collection[str]) -> str:
    if generic.name in config.leave_out:
        return config.leave_out[generic.name]
    if missing := [name for name in generic.needs if name not in given]:
        return f"[names] gives no {' and no '.join(missing)}"
    return "" if rule else "[rules] names no rule of the vendor's own for it"


def _texts(file: Path, table: str, raw: Any) -> dict[str, str]:  # noqa: ANN401 - TOML can hold anything
    if not isinstance(raw, dict):
        raise UsageFault(f"{file}: {table} is no table", f"Write [{table}] and a line each under it")
    for name, value in raw.items():
        if not isinstance(value, str) or not value.strip():
            raise UsageFault(f"{file}: [{table}] {name} is {value!r}", "Write a text that is not empty")
    return dict(raw)


def _known(file: Path, place: str, found: Collection[str], known: Collection[str]) -> None:
    if unknown := [name for name in found if name not in known]:
        raise UsageFault(f"{file}: {place} {unknown[0]!r} is unknown", remedy(unknown[0], known))
