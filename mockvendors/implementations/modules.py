"""Which module of a checkout is the plugin: looked for where packages lie, since a pyproject.toml does not say."""

from collections.abc import Iterator
from pathlib import Path

from mockvendors.errors import UsageFault

ROOTS = (".", "src")
"""Where a checkout's packages begin."""

NEVER = frozenset({"benchmarks", "build", "dist", "docs", "examples", "node_modules", "scripts", "src", "test", "tests"})
"""Folders beside a package that hold none of its."""

DEEPEST = 4
"""Namespaces above a package; `livekit.plugins` are two."""

PLUGINS = "livekit.plugins."


def find(folder: Path, asked: str) -> str:
    """Return the one plugin module of a checkout. Raises UsageFault, naming how to say which, where it is not one.

    Modules below `livekit.plugins` come before all others.
    """
    found = sorted({name for root in ROOTS for name in _packages(folder / root, (), DEEPEST)})
    plugins = [name for name in found if name.startswith(PLUGINS)] or found
    if len(plugins) == 1:
        return plugins[0]
    remedy = f"Name its module: {asked}#{plugins[0] if plugins else 'MODULE'}"
    if plugins:
        raise UsageFault(f"{folder} holds more than one package: {', '.join(plugins)}", remedy)
    raise UsageFault(f"{folder} holds no package (a folder with __init__.py), at its root or below src", remedy)


def _packages(folder: Path, above: tuple[str, ...], deepest: int) -> Iterator[str]:
    """Yield the packages of a folder that lie in no other: a folder without `__init__.py` may be a namespace."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        name = path.name
        if not path.is_dir() or not name.isidentifier() or (not above and name in NEVER) or name == "__pycache__":
            continue
        if (path / "__init__.py").is_file():
            yield ".".join([*above, name])
        elif deepest:
            yield from _packages(path, (*above, name), deepest - 1)
