"""Switches of a contract: the readings of the vendor that nobody could settle, and what a case may turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from mockvendors.errors import UsageFault

_SCHEMA_KEYWORDS = ("type", "minimum", "maximum", "exclusiveMinimum")


@dataclass(frozen=True)
class Setting:
    """One switch: its default, what it may be, and the evidence for the default."""

    name: str
    default: object
    schema: dict[str, Any]
    level: str
    text: str

    def accept(self, value: object) -> object:
        """Return `value`, or raise a UsageFault that names what is allowed."""
        if not jsonschema_rs.Draft202012Validator(self.schema).is_valid(value):
            allowed = ", ".join(f"{key} {constraint}" for key, constraint in self.schema.items())
            raise UsageFault(f"Setting {self.name} cannot be {value!r}", f"Allowed: {allowed}")
        return value


def load_settings(raw: Mapping[str, Any], place: str) -> dict[str, Setting]:
    """Return the settings of a contract file; `place` names the file in errors."""
    settings = {}
    for name, node in raw.items():
        schema = {key: node[key] for key in _SCHEMA_KEYWORDS if key in node}
        if "allowed" in node:
            schema["enum"] = node["allowed"]
        missing = [key for key in ("default", "level", "text") if key not in node]
        if missing or not schema:
            raise UsageFault(f"{place}: setting {name} lacks {', '.join(missing) or 'allowed or type'}", "Complete it")
        setting = Setting(name, node["default"], schema, node["level"], node["text"])
        setting.accept(setting.default)
        settings[name] = setting
    return settings
