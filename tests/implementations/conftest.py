"""A cache and a package index of a test's own; and how an implementation is prepared."""

from pathlib import Path

import pytest

from mockvendors.implementations import uv
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation

from .packages import FRAMEWORK, serving

DESCRIPTION = Path(__file__).parents[2] / "suites" / "anam" / "plugin.py"


def prepared(text, python=None, *, replay=False):
    """Return how the driver of a connect string is started, and what was said to the person in front."""
    said = []
    launch = connect(text, python).prepare(Preparation(DESCRIPTION, replay=replay, say=said.append))
    return launch, said


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Let environments lie in a folder of the test's own; what uv has downloaded before is there all the same."""
    where = uv.find().run("cache", "dir", folder=tmp_path).result.strip()
    monkeypatch.setenv("UV_CACHE_DIR", where)
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    return cache / "mockvendors" / "environments"


@pytest.fixture
def index(tmp_path, monkeypatch, own_cache):  # noqa: ARG001 - its environments are not for the user's cache
    """Yield a package index of the test's own, the only one that uv asks, with three versions of the framework."""
    for name, value in {"UV_CACHE_DIR": tmp_path / "uv", "UV_NO_CONFIG": "1", "UV_HTTP_RETRIES": "0"}.items():
        monkeypatch.setenv(name, str(value))
    for name in ("UV_INDEX", "UV_FIND_LINKS", "UV_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "published").mkdir()
    with serving(tmp_path / "published") as index:
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
        for version in ("1.8.0", "1.8.9", "1.9.0"):
            index.add(FRAMEWORK, version)
        yield index


def made(folder):
    """Return the environments that lie in a folder, whole or not."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock") if folder.is_dir() else []
