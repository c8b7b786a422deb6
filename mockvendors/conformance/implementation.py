"""Which implementation a case judges: what `--implementation` names, or the vendor's published one."""

from typing import Any

import pytest

from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Implementation

PARAMETER = "implementation"
"""Of a case, where several are judged side by side."""

_READ: pytest.StashKey[dict[str, Implementation]] = pytest.StashKey()


def asked(config: pytest.Config) -> list[str]:
    """Return the connect strings of the command line, each once."""
    return list(dict.fromkeys(str(text) for text in config.getoption("--implementation") or ()))


def named(config: pytest.Config, traits: Any) -> tuple[Implementation, ...]:
    """Return the implementations of a run. Raises UsageFault where one cannot be."""
    read = config.stash.setdefault(_READ, {})  # each case asks several times, and to read a checkout is to walk its folder
    python = config.getoption("--implementation-python") or None
    texts = asked(config) or [f"agents:{traits.plugin}"]
    for text in texts:
        if text not in read:
            read[text] = connect(text, python)
    return tuple(read[text] for text in texts)


def of_case(item: pytest.Item) -> Implementation:
    """Return the implementation that a case judges."""
    found = named(item.config, item.cls.traits)  # type: ignore[attr-defined]  # a case is a method of a class with traits
    return next(each for each in found if each.text == _parameter(item)) if len(found) > 1 else found[0]


def case_name(item: pytest.Item) -> str:
    """Return a case's node id without the implementation, which tells side-by-side cases apart."""
    text = _parameter(item)
    if text is None:
        return item.nodeid
    last = item.nodeid.removesuffix("]").removesuffix(text.encode("unicode_escape").decode())  # as pytest writes it
    return last.removesuffix("[") if last.endswith("[") else f"{last.removesuffix('-')}]"


def _parameter(item: pytest.Item) -> str | None:
    called = getattr(item, "callspec", None)
    text: str | None = called.params.get(PARAMETER) if called is not None else None
    return text
