"""Where an entry of an expectations file holds: what `when` may ask for, and a misspelt value told before anything runs."""

import shlex
from collections.abc import Iterable
from pathlib import Path

from mockvendors.errors import UsageFault
from mockvendors.implementations.checkouts import is_path
from mockvendors.implementations.connect import KINDS
from mockvendors.nearest import near, remedy

FRAMEWORKS = ("livekit-agents", "@livekit/agents")
"""What our own drivers name; somebody else's may name others."""
CIRCUMSTANCES: dict[str, tuple[str, ...]] = {
    "os": ("linux", "darwin", "windows"),
    "kind": tuple(sorted(KINDS)),
    "framework": FRAMEWORKS,
    "implementation": (),
}
"""What `when` may ask for, and the values that are known: `os` as platform.system() says in small letters, `kind` of the connect
string, `framework` that the driver names, `implementation`: the connect string, of which none is known. Each is equal or not."""
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
        raise UsageFault(f"{where}: when asks for an unknown {name!r}", remedy(name, sorted(CIRCUMSTANCES)))
    for name, value in sorted(asked.items()):
        if name == "implementation":
            _check_connect(where, value)
        else:
            _check_value(where, name, value)
    return frozenset(asked.items())


def alike(asked: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return circumstances so that two ways to write one implementation are the same."""
    return frozenset((name, normal(value) if name == "implementation" else value) for name, value in asked)


def normal(text: str) -> str:
    """Return a connect string in the one form of those that name the same: `agents:./` is `agents:.`, from one folder."""
    kind, _, what = text.strip().partition(":")
    what = what.strip()
    if kind == "agents":
        path, sharp, module = what.partition("#")
        if is_path(what) or path.endswith(".py"):
            return f"{kind}:{_place(path)}{sharp}{module}"
        return f"{kind}:{''.join(what.split())}"
    if kind == "py" and (file := what.rpartition(":")[0]).endswith(".py"):
        return f"{kind}:{_place(file)}{what.removeprefix(file)}"
    if kind == "exec":
        return f"{kind}:{_command(what)}"
    return f"{kind}:{what}"


def _place(path: str) -> str:
    return str(Path(path).expanduser().resolve())


def _command(what: str) -> str:
    """Return a command with the place of its program; its arguments are its own."""
    try:
        program, *arguments = shlex.split(what)
    except ValueError:  # none, or a quote that is left open
        return what
    return shlex.join([_place(program) if "/" in program else program, *arguments])


def _check_value(where: str, name: str, value: str) -> None:
    """Refuse a value that no run can have: an entry with it would silently excuse nothing, and stay for ever."""
    known = CIRCUMSTANCES[name]
    if value in known:
        return
    meant = _meant(value, known)
    if name == "framework" and value.strip() and not meant:
        return
    told = f"Nearest: {meant}. " if meant else ""
    others = ", or what a driver of your own names" if name == "framework" else ""
    raise UsageFault(f"{where}: when asks for the {name} {value!r}", f"{told}Known: {', '.join(known)}{others}")


def _check_connect(where: str, text: str) -> None:
    """Refuse what is no connect string."""
    kind, _, what = text.partition(":")
    if kind not in KINDS or not what.strip():
        told = 'Write it as --implementation has it, like when = { implementation = "agents:." }'
        raise UsageFault(f"{where}: when asks for the implementation {text!r}, which is no connect string", told)


def _meant(value: str, known: Iterable[str]) -> str:
    """Return the name that a misspelt one is meant for; empty where it may be another name."""
    value = SYNONYMS.get(value.lower(), value.lower())
    return next((name for name in near(value, known, alike=_NEAR) if abs(len(name) - len(value)) <= _LONGER), "")
