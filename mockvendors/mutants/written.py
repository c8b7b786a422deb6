"""Mutants as files: one for each change, with the catalogue beside them, so that a plugin's environment needs nothing of ours."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from mockvendors.errors import UsageFault
from mockvendors.mutants.generic import CATALOGUE, UNCHANGED, Generic
from mockvendors.mutants.mutant import Mutant

BESIDE = "generic_mutants"
"""The catalogue's name where it is a copy."""
FILE = '''"""{wrong}"""

from {beside}.become import become

become(globals(), plugin={plugin!r}, change={place!r}, names={names!r})
'''
"""A mutant's file: it offers what the plugin offers, with one change."""


def write(folder: Path, plugin: str, generics: Iterable[Generic], names: Mapping[str, str]) -> list[Mutant]:
    """Write files into an empty folder and return their mutants, the correct plugin wrapped in no change first.

    `plugin` is a module's name or the path of a file. UsageFault: the folder holds something.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageFault(f"{folder} is there and not an empty folder", "Name another; nothing is overwritten")
    shutil.copytree(CATALOGUE, folder / BESIDE, ignore=shutil.ignore_patterns("__pycache__"))
    correct = Generic("unchanged", "Nothing.", "", (), UNCHANGED)
    return [_write(folder, plugin, each, names) for each in (correct, *generics)]


def _write(folder: Path, plugin: str, generic: Generic, names: Mapping[str, str]) -> Mutant:
    file = folder / f"{generic.name}.py"
    text = FILE.format(wrong=generic.wrong, beside=BESIDE, plugin=plugin, place=generic.place, names=dict(names))
    file.write_text(text, encoding="utf-8")
    return Mutant(generic.name, generic.wrong, generic.rule, f"agents:{file}")
