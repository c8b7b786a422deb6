"""Finds keys and tokens in what a plugin's user reads."""

import re
from collections.abc import Iterable, Mapping

from mockvendors.redact import claims

TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
"""A whole JWT: one without its signature opens nothing."""


def leaks(texts: Iterable[tuple[str, str]], secrets: Mapping[str, str], own: str | None) -> list[str]:
    """Return a line for each secret in a text; no line holds the secret itself.

    `texts` are pairs of where and what, `secrets` are named, `own` is the agent's identity: its own token is not the plugin's.
    """
    found = []
    for where, text in texts:
        found += [f"{name} in {where}" for name, secret in secrets.items() if secret in text]
        found += [f"a token of {sub!r} in {where}" for sub in _subjects(text) if sub != own]
    return list(dict.fromkeys(found))


def _subjects(text: str) -> list[str | None]:
    """Return whom each JWT in the text names."""
    told = (claims(token) for token in TOKEN.findall(text))
    return [said.get("sub") for said in told if said is not None]
