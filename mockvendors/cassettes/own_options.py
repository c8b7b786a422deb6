"""Values of somebody's own account in the place of a suite's: what was given, and how the two are exchanged.

A recording holds a stand-in for such a value, as for every id, and its header says which option of the suite it stands for.
It does not hold the suite's own value: of that one the contract's tables tell more than is known of the account's.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from mockvendors.cassettes.interaction import Interaction, NotJson, parse
from mockvendors.errors import UsageFault

OPTION = "--record-option"
EXAMPLE = f"Write it as {OPTION} avatar_id=ID-OF-YOUR-ACCOUNT"


def parse_options(texts: Iterable[str]) -> dict[str, str]:
    """Return values by the names of their options; a UsageFault tells which text is no NAME=VALUE, and never the value."""
    found: dict[str, str] = {}
    for number, text in enumerate(texts, 1):
        name, sign, value = (part.strip() for part in text.partition("="))
        if not name or not sign:
            raise UsageFault(f"{OPTION}, the {number}. one, is no NAME=VALUE", EXAMPLE)
        if not value:
            raise UsageFault(f"{OPTION} {name} has an empty value", EXAMPLE)
        if name in found:
            raise UsageFault(f"{OPTION} {name} is given twice", "Give one value for each name")
        found[name] = value
    return found


class Exchange:
    """Puts other texts in the place of some, wherever they stand and in whatever case."""

    def __init__(self, table: Mapping[str, str]) -> None:
        quoted = {quote(old, safe=""): quote(new, safe="") for old, new in table.items()}
        self._new, self._quoted_new = ({old.casefold(): new for old, new in one.items()} for one in (table, quoted))
        self._old, self._quoted_old = _any_of(table), _any_of(quoted)

    def text(self, text: str) -> str:
        """Return a text with the others in it."""
        return self._old.sub(lambda found: self._new[found[0].casefold()], text)

    def target(self, target: str) -> str:
        """Return path and query, or a URL, with the others in it, percent-encoded."""
        return self._quoted_old.sub(lambda found: self._quoted_new[found[0].casefold()], target)

    def body(self, body: bytes) -> bytes:
        """Return a JSON body with the others in it, and one in which there is nothing to change as it came; raises NotJson."""
        if not self._new or not body:
            return body
        value = parse(body)
        changed = self._value(value)
        return body if changed == value else json.dumps(changed, separators=(",", ":")).encode()

    def interaction(self, interaction: Interaction) -> Interaction:
        """Return a request with its answer with the others in both."""
        sent, answer = interaction.sent, interaction.answer
        return Interaction(
            replace(sent, url=self.target(sent.url), body=self._any(sent.body)), replace(answer, body=self._any(answer.body))
        )

    def _any(self, body: bytes) -> bytes:
        try:
            return self.body(body)
        except NotJson:
            return self.text(body.decode(errors="surrogateescape")).encode(errors="surrogateescape")

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, dict):
            return {self.text(name): self._value(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of these texts, the longest first; without any it finds nothing."""
    known = sorted(texts, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known)) or r"(?!)", re.IGNORECASE)
