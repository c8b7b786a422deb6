"""The table of the kinds of connect strings: `KIND:WHAT`."""

from collections.abc import Callable
from difflib import get_close_matches

from mockvendors.errors import UsageFault
from mockvendors.implementations import agents, exec_, image, node, py_
from mockvendors.implementations.implementation import Implementation

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
        near = get_close_matches(kind, KINDS, 1)
        forms = [KINDS[near[0]][0]] if near else [form for form, _ in KINDS.values()]
        raise UsageFault(f"unknown implementation {text!r}", f"Write {'; '.join(forms)}")
    return KINDS[kind][1](what, python)
