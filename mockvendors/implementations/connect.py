"""The table of the kinds of connect strings: `KIND:WHAT`."""

from collections.abc import Callable

from mockvendors.errors import UsageFault
from mockvendors.implementations import agents, exec_, image, node, py_
from mockvendors.implementations.checkouts import is_path
from mockvendors.implementations.implementation import Implementation
from mockvendors.implementations.named import is_module
from mockvendors.nearest import near

KINDS: dict[str, tuple[str, Callable[[str, str | None], Implementation]]] = {
    "agents": (agents.FORMS, agents.read),
    "exec": (exec_.FORM, exec_.read),
    "image": (image.FORM, image.read),
    "node": (node.FORM, node.read),
    "py": (py_.FORM, py_.read),
}
"""How each kind is written, and what reads the part after the colon, with the interpreter that the caller named."""


def connect(text: str, python: str | None = None) -> Implementation:
    """Return what a connect string names. `python` is the interpreter of its environment, where the caller named one.

    Raises UsageFault for a kind that nobody knows, and for a text that its kind cannot read.
    """
    kind, colon, what = text.partition(":")
    if not colon or not what or kind not in KINDS:
        raise UsageFault(f"unknown implementation {text!r}", _remedy(text))
    return KINDS[kind][1](what, python)


def _remedy(text: str) -> str:
    """Return how it would be written: by a kind whose name is near, or as what it looks like, else in every way there is."""
    kind, colon, _ = text.partition(":")
    if text.startswith("@"):
        return f"Did you mean node:{text}?"
    if not colon and (is_path(text) or text.endswith(".py") or ("." in text and is_module(text.partition("==")[0].strip()))):
        return f"Did you mean agents:{text}?"
    forms = [KINDS[name][0] for name in near(kind, KINDS) or KINDS]
    return f"Write {'; '.join(forms)}"
