"""Where contracts, suites and fixtures lie: in the source tree, or inside the installed package."""

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def _data(name: str) -> Path:
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def contracts() -> Path:
    """Return the folder that holds one folder a vendor with its contract."""
    return _data("contracts")


def suites() -> Path:
    """Return the folder that holds one folder a vendor with its cases."""
    return _data("suites")


def fixtures() -> Path:
    """Return the folder of sounds and cassettes."""
    return _data("fixtures")


def compose_file() -> Path:
    """Return docker-compose.yml, which holds the one pin of LiveKit's version."""
    installed = _PACKAGE / "docker-compose.yml"
    return installed if installed.is_file() else _PACKAGE.parent / "docker-compose.yml"


def cache() -> Path:
    """Return the user's cache folder of mockvendors; it may not exist yet."""
    return Path(platformdirs.user_cache_dir("mockvendors", appauthor=False))
