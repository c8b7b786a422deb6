"""Where an entry of an expectations file holds: what `when` may ask for, and a misspelt value told before anything runs."""

from collections.abc import Iterable
from difflib import get_close_matches

from mockvendors.errors import UsageFault
from mockvendors.implementations.connect import KINDS

FRAMEWORKS = ("livekit-agents", "@livekit/agents")
"""What our own drivers name; somebody else's may name others."""
CIRCUMSTANCES = {"os": ("linux", "darwin", "windows"), "kind": tuple(sorted(KINDS)), "framework": FRAMEWORKS}
"""What `when` may ask for, and the values that are known: `os` as platform.system() says in small letters, `kind` of the connect
string, `framework` that the driver names. Each is equal or not."""
SYNONYMS = {"macos": "darwin", "mac": "darwin", "osx": "darwin", "win32": "windows", "docker": "image", "npm": "node"}
"""What a person calls a value."""
_NEAR = 0.85
"""Of two names: this alike they are one, misspelt."""
_LONGER = 2
"""Letters by which a misspelt name is longer or shorter: livekit-agents-go is another one."""


def circumstances(where: str, asked: object) -> frozenset[tuple[str, str]]:
    """Return what an entry's `when` asks for. Raises UsageFault, with the place that `where` names."""
    if not isinstance(asked, dict) or not all(isinstance(value, str) for value in asked.values()):
        raise UsageFault(f"{where}: when is no table of texts", 'Write for example when = { os = "linux" }')
    for name in sorted(set(asked) - set(CIRCUMSTANCES)):
        raise UsageFault(f"{where}: when asks for an unknown {name!r}", nearest_or_all(name, CIRCUMSTANCES))
    for name, value in sorted(asked.items()):
        _check_value(where, name, value)
    return frozenset(asked.items())


def _check_value(where: str, name: str, value: str) -> None:
    """Refuse a value that no run can have: an entry with it would silently excuse nothing, and stay for ever."""
    known = CIRCUMSTANCES[name]
    if value in known:
        return
    near = _nearest(value, known)
    if name == "framework" and value.strip() and not near:
        return
    told = f"Did you mean {near!r}? " if near else ""
    others = ", or what a driver of your own names" if name == "framework" else ""
    raise UsageFault(f"{where}: when asks for the {name} {value!r}", f"{told}Known: {', '.join(known)}{others}")


def _nearest(value: str, known: Iterable[str]) -> str:
    """Return the name that a misspelt one is meant for; empty where it may be another name."""
    value = SYNONYMS.get(value.lower(), value.lower())
    near = get_close_matches(value, known, 1, _NEAR)
    return next((name for name in near if abs(len(name) - len(value)) <= _LONGER), "")


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Return the remedy of an unknown word."""
    near = get_close_matches(word, sorted(known), 1)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}"
