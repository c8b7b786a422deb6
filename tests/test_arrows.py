"""Arrows point one way: who may import whom, as docs/architecture.md draws it."""

import ast
import re
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "mockvendors"

LEAVES = {"limits", "errors", "files", "key", "lock", "nearest", "paths", "redact", "registry", "owner", ""}
MAY_IMPORT = {
    "limits": {"errors"},
    "errors": set(),
    "files": {"errors"},
    "key": {"errors"},
    "lock": {"errors"},
    "nearest": set(),
    "paths": set(),
    "redact": set(),
    "registry": {"errors", "nearest"},
    "owner": {"errors", "registry"},
    "contract": LEAVES,
    "journal": LEAVES,
    "avatar": LEAVES,
    "replies": LEAVES | {"contract"},
    "faults": LEAVES | {"avatar", "replies"},
    "cassettes": LEAVES | {"contract", "replies"},
    "drift": LEAVES | {"cassettes", "contract", "evidence", "journal", "server", "tenant"},
    "admin": LEAVES | {"contract", "faults", "journal", "session", "tenant"},
    "room": LEAVES | {"avatar"},
    "drivers": LEAVES,
    "implementations": LEAVES | {"drivers"},
    "report": LEAVES,
    "history": LEAVES | {"implementations", "report"},
    "mutants": LEAVES | {"report"},
    "needs": LEAVES | {"contract"},
    "vendors": LEAVES | {"contract", "needs", "vendor", "avatar", "session", "tenant", "replies"},
    "evidence": LEAVES | {"contract"},
    "verify": LEAVES | {"contract", "evidence", "replies"},
    "conformance": LEAVES
    | {
        "avatar",
        "cassettes",
        "contract",
        "faults",
        "room",
        "drivers",
        "implementations",
        "journal",
        "report",
        "server",
        "tenant",
        "session",
    },
    "pytest_plugin": LEAVES | {"conformance"},
}
"""Top-level modules of the package; what is not listed is the mock, the inspector or the command line, and sits above."""

NEVER_BELOW = {"cli", "inspector", "pytest_plugin", "conformance"}
DRIVER_FILES = sorted(
    path.relative_to(PACKAGE).as_posix()
    for folder in ("livekit_agents", "python_object")
    for path in (PACKAGE / "drivers" / folder).glob("*.py")
)
CATALOGUE = sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "mutants" / "catalogue").glob("*.py"))
"""Generic mutants: they run in the plugin's environment as well."""
FRAMEWORKS_OWN = {"aiohttp", "jwt", "livekit", "multidict"}
"""What livekit-agents brings with it."""


MODULES = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or p.is_dir()} - {"__pycache__", "__init__"}
"""Whatever else is imported from the package is a name of its own, such as its version."""


def top(name: str) -> str | None:
    parts = name.split(".")
    if parts[0] != "mockvendors":
        return None
    return parts[1] if len(parts) > 1 and parts[1] in MODULES else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            assert node.level == 1, f"{path}: a relative import out of its folder hides where its arrow points"
            assert path.parent != PACKAGE, f"{path}: as above"
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "mockvendors" else {node.module}
            found |= names
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_downwards(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    me = parts[0]
    seen = {top(name) for name in imports(path)} - {None, me, "__init__"}
    if me in MAY_IMPORT:
        assert seen <= MAY_IMPORT[me], f"{me} may not import {sorted(seen - MAY_IMPORT[me])}"
    elif me not in NEVER_BELOW | {"__main__"}:
        assert not seen & NEVER_BELOW, f"{me} is below {sorted(seen & NEVER_BELOW)}"


def test_every_guarded_module_exists():
    assert set(MAY_IMPORT) | NEVER_BELOW <= MODULES


VENDORS = PACKAGE / "vendors"


def vendor(path: Path) -> str:
    return path.relative_to(VENDORS).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", [p for p in FILES if VENDORS in p.parents], ids=lambda p: str(p.relative_to(VENDORS)))
def test_no_vendor_knows_another(path):
    others = {vendor(p) for p in FILES if VENDORS in p.parents} - {vendor(path), "__init__"}
    known = {name.split(".")[2] for name in imports(path) if name.startswith("mockvendors.vendors.")}
    assert not known & others


@pytest.mark.parametrize("name", DRIVER_FILES)
def test_driver_files_need_nothing_of_ours(name):
    allowed = (
        set(sys.stdlib_module_names)
        | {"livekit", "livekit_agents", "python_object", "__future__"}
        | ({"vcr"} if name.endswith("/replay.py") else set())
    )
    assert {found.split(".")[0] for found in imports(PACKAGE / name)} <= allowed


@pytest.mark.parametrize("name", CATALOGUE)
def test_generic_mutants_need_nothing_of_ours(name):
    allowed = set(sys.stdlib_module_names) | FRAMEWORKS_OWN
    assert {found.split(".")[0] for found in imports(PACKAGE / name)} <= allowed


@pytest.mark.parametrize("name", DRIVER_FILES + CATALOGUE)
def test_files_of_the_plugins_environment_are_python_3_10(name):
    ast.parse((PACKAGE / name).read_text(), feature_version=(3, 10))


def test_avatar_is_not_built_on_the_framework_under_test():
    for path in FILES:
        if path.relative_to(PACKAGE).as_posix() not in DRIVER_FILES + CATALOGUE:
            assert not {n for n in imports(path) if n.startswith(("livekit.agents", "livekit.plugins"))}, path


NODE_FILES = sorted((PACKAGE / "drivers" / "node").glob("*.mjs"))


@pytest.mark.parametrize("path", NODE_FILES, ids=lambda p: p.name)
def test_node_driver_files_need_nothing_but_node(path):
    # What a folder of packages holds is imported by its path, which no literal names.
    named = re.findall(r"(?<!['\"])(?:\bfrom|\bimport)\s*\(?\s*['\"]([^'\"]+)['\"]", path.read_text())
    assert [
        name for name in named if not name.startswith("node:") and name.removeprefix("./") not in {p.name for p in NODE_FILES}
    ] == []
