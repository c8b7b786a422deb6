"""Switches of a contract: the readings of the vendor that nobody could settle, and what a case may turn."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from mockvendors.contract.rules import LEVELS
from mockvendors.errors import UsageFault

_SCHEMA_KEYWORDS = ("type", "minimum", "maximum", "exclusiveMinimum")
_WORDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "a text", "null": "null"}
_BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to"}


@dataclass(frozen=True)
class Setting:
    """One switch: its default, what it may be, and the evidence for the default."""

    name: str
    default: object
    serve: object
    """The default at `mockvendors serve`, where an agent is built and no plugin judged."""
    schema: dict[str, Any]
    level: str
    text: str

    @property
    def takes(self) -> str:
        """What it may be, in words."""
        if "enum" in self.schema:
            return ", ".join(_told(choice) for choice in self.schema["enum"])
        types = self.schema.get("type", [])
        first, *others = [types] if isinstance(types, str) else types
        bounds = [f"{word} {self.schema[key]}" for key, word in _BOUNDS.items() if key in self.schema]
        return " or ".join([" ".join([_WORDS.get(first, first), *bounds]), *(_WORDS.get(other, other) for other in others)])

    def accept(self, value: object) -> object:
        """Return `value`, or raise a UsageFault that names what is allowed."""
        if not jsonschema_rs.Draft202012Validator(self.schema).is_valid(value):
            shown = repr(value) if isinstance(value, str) else json.dumps(value, default=repr)
            raise UsageFault(f"Setting {self.name} cannot be {shown}", f"It takes: {self.takes}")
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
        if node["level"] not in LEVELS:
            raise UsageFault(f"{place}: setting {name} has level {node['level']!r}", f"Use one of {', '.join(LEVELS)}")
        if not isinstance(node["text"], str) or not node["text"]:
            raise UsageFault(f"{place}: setting {name} has no text that says what its default rests on", "Write it")
        serve = node.get("serve", node["default"])
        setting = Setting(name, node["default"], serve, schema, node["level"], node["text"])
        for default in (setting.default, setting.serve):
            setting.accept(default)
        settings[name] = setting
    return settings


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
