"""Sizes in words: every refusal of one tells what was asked for, and the pairs that the avatar's model has."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mockvendors.contract import Rule
from mockvendors.tenant import Tenant

_SHOWN = 40
"""Characters of a value that is no number: enough to know it again."""

Row = Mapping[str, Any]
"""One model of the size table."""


def is_of_size(rule: Rule) -> bool:
    """Tell whether a refusal by this rule is one of a size."""
    return rule.id.startswith("anam.size.")


def asked(config: Mapping[str, Any]) -> str:
    """Return the pair that a configuration, which may be broken, asks for: `videoWidth 1152 without videoHeight`."""
    options = config.get("sessionOptions")
    sent = options if isinstance(options, Mapping) else {}
    width, height = (f"{name} {_shown(sent[name])}" if name in sent else "" for name in ("videoWidth", "videoHeight"))
    if width and height:
        return f"{width} with {height}"
    return f"{width} without videoHeight" if width else f"{height} without videoWidth"


def supported(tenant: Tenant, found: tuple[str, Row] | None) -> str:
    """Return the pairs of a model; those of each where it is not known which is meant."""
    rows = [found] if found else tenant.tables["sizes"].items()
    return "; ".join(f"supported by {model}: {', '.join(row['pairs'])}" for model, row in rows)


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."
