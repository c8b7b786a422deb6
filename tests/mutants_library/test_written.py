"""The files of generic mutants, in a process that has nothing of mockvendors on its path."""

import subprocess
import sys

import pytest

from mockvendors.errors import UsageFault
from mockvendors.mutants.generic import catalogue
from mockvendors.mutants.written import write

PLUGIN = """
from livekit.agents.voice.avatar import AvatarSession as Base

__version__ = "1.2.3"
CAPABILITIES = {"call.one"}

class Failed(Exception):
    pass

class AvatarSession(Base):
    avatar_identity = "face"

    async def start(self, agent_session, room):
        raise Failed("started")
"""
ASKS = """
import asyncio, sys
sys.path.append({folder!r})
import {name} as mutant
session = mutant.AvatarSession()
try:
    asyncio.run(session.start(None, None))
except mutant.Failed as error:
    print(error)
print(mutant.__name__, mutant.__version__, mutant.CAPABILITIES, mutant.AvatarSession.__mro__[0].__module__)
print([name for name in sys.modules if name.startswith("mockvendors")])
"""


@pytest.fixture
def plugin(tmp_path):
    (tmp_path / "plugin.py").write_text(PLUGIN)
    return str(tmp_path / "plugin.py")


@pytest.mark.parametrize("name", ["unchanged", "token_kind", "interrupt_ignored", "no_pause"])
def test_file_offers_what_the_plugin_offers_and_is_it_by_name(tmp_path, plugin, name):
    folder = tmp_path / "wrong"
    generics = [catalogue()[name]] if name in catalogue() else []
    made = write(folder, plugin, generics, {"session": "AvatarSession"})
    assert made[-1].connect == f"agents:{folder / name}.py"
    code = ASKS.format(folder=str(folder), name=name)
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    if name == "no_pause":  # which hands connection options to a plugin that takes none
        assert "TypeError" in done.stderr
        return
    assert done.stdout.splitlines() == ["started", "plugin 1.2.3 {'call.one'} plugin", "[]"], done.stderr


def test_every_change_can_be_loaded(tmp_path, plugin):
    write(tmp_path / "wrong", plugin, catalogue().values(), {})
    code = f"import sys; sys.path.append({str(tmp_path / 'wrong')!r})\n" + "".join(f"import {name}\n" for name in catalogue())
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_is_overwritten(tmp_path, plugin):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "token_kind.py").write_text("mine")
    with pytest.raises(UsageFault, match="nothing is overwritten"):
        write(tmp_path / "mine", plugin, [], {})
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["token_kind.py"]
