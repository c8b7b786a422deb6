"""`agents:FOLDER`: a plugin that the test writes, installed as `pip install -e` would. Its builder is uv's own."""

import subprocess

import pytest

from mockvendors.drivers.process import DriverProcess
from mockvendors.errors import EnvironmentFault, UsageFault
from tests.conformance.running import run

from .conftest import made, prepared

PROJECT = """
[build-system]
requires = ["uv_build>=0.8"]
build-backend = "uv_build"

[project]
name = "livekit-plugins-tiny"
version = "0.1"
dependencies = [{dependencies}]

[tool.uv.build-backend]
module-name = "livekit.plugins.tiny"
module-root = ""
"""
MODULE = "livekit.plugins.tiny"


def write(folder, *dependencies, code="__version__ = '0.1'\n"):
    module = folder / "livekit" / "plugins" / "tiny" / "__init__.py"
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text(code)
    (folder / "pyproject.toml").write_text(PROJECT.format(dependencies=", ".join(f'"{name}"' for name in dependencies)))
    return module


def version_in(launch):
    asked = f"import {MODULE} as tiny; print(tiny.__version__)"
    return subprocess.check_output([launch.arguments[0], "-I", "-c", asked], text=True).strip()


@pytest.fixture
def checkout(tmp_path, index):  # noqa: ARG001 - the only index that uv asks
    folder = tmp_path / "plugin of [mine]"  # which must not be read as a requirement
    write(folder, "livekit-agents<1.9")
    return folder


def test_checkout_lies_with_the_newest_framework_that_fits_in_an_environment_of_its_own(checkout, own_cache):
    launch, said = prepared(f"agents:{checkout}")
    assert launch.pairing == "livekit-agents 1.8.9, the newest that fits"
    assert launch.arguments[3] == MODULE
    assert said[0].startswith("makes an environment for plugin of [mine] in ")
    assert [name.rpartition("-python")[0] for name in made(own_cache)] == ["plugin-of-mine-"]
    assert prepared(f"agents:{checkout}") == (launch, [])


def test_change_of_the_code_is_seen_in_the_same_environment(checkout):
    launch, _ = prepared(f"agents:{checkout}")
    assert version_in(launch) == "0.1"
    write(checkout, "livekit-agents<1.9", code="__version__ = '0.2-edited'\n")
    assert prepared(f"agents:{checkout}") == (launch, [])
    assert version_in(launch) == "0.2-edited"


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock", "setup.cfg"])
def test_change_of_how_it_is_installed_makes_another_environment(checkout, name):
    launch, _ = prepared(f"agents:{checkout}")
    with (checkout / name).open("a") as file:
        file.write("# changed\n")
    again, said = prepared(f"agents:{checkout}")
    assert again.arguments[0] != launch.arguments[0]
    assert len(said) == 2


def test_change_of_its_dependencies_is_followed(checkout):
    prepared(f"agents:{checkout}")
    write(checkout, "livekit-agents==1.8.0")
    assert prepared(f"agents:{checkout}")[0].pairing.startswith("livekit-agents 1.8.0, ")


def test_another_module_of_it_needs_no_environment_of_its_own(checkout):
    launch, _ = prepared(f"agents:{checkout}")
    other, said = prepared(f"agents:{checkout}#{MODULE}.inner")
    assert (other.arguments[0], said) == (launch.arguments[0], [])
    assert other.arguments[3] == f"{MODULE}.inner"


def test_framework_of_the_same_repository_is_taken_and_what_it_needs_is_watched(tmp_path, index):
    """As in LiveKit's own: a workspace, whose plugins name the framework that lies beside them."""
    index.add("beside", "1.0")
    framework = tmp_path / "framework"
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.uv.workspace]\nmembers = ["framework", "plugin"]\n[tool.uv.sources]\nlivekit-agents = { workspace = true }\n'
    )
    (framework / "src" / "livekit_agents").mkdir(parents=True)
    (framework / "src" / "livekit_agents" / "__init__.py").touch()
    (framework / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["uv_build>=0.8"]\nbuild-backend = "uv_build"\n'
        '[project]\nname = "livekit-agents"\nversion = "9.9.9"\nrequires-python = ">=3.10"\n'
    )
    write(tmp_path / "plugin", "livekit-agents>=9")
    launch, _ = prepared(f"agents:{tmp_path / 'plugin'}")
    assert launch.pairing == "livekit-agents 9.9.9, as it names its sources"
    (tmp_path / "uv.lock").write_text("")
    assert prepared(f"agents:{tmp_path / 'plugin'}")[0].arguments[0] != launch.arguments[0]


def refusal(folder, kind, own_cache):
    with pytest.raises(kind) as refused:
        prepared(f"agents:{folder}")
    assert made(own_cache) == [], "something was left"
    return str(refused.value)


def test_dependency_that_nobody_published_is_the_checkouts_fault(checkout, own_cache):
    write(checkout, "absent")
    told = refusal(checkout, UsageFault, own_cache)
    assert told.startswith(
        f"{checkout} cannot be installed. See to it that this works: uv venv && uv pip install -e '{checkout}' "
    )
    assert "; uv says:\n  error: No solution found" in told


def test_builder_that_fails_is_the_checkouts_fault(checkout, own_cache):
    (checkout / "livekit" / "plugins" / "tiny").rename(checkout / "livekit" / "plugins" / "other")
    assert "uv says:\n  error: Failed to build `livekit-plugins-tiny @ file://" in refusal(checkout, UsageFault, own_cache)


def test_index_out_of_reach_is_not(checkout, own_cache, monkeypatch):
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/")
    told = refusal(checkout, EnvironmentFault, own_cache)
    assert told.startswith(f"no package index is within reach to install what {checkout} needs from. ")


# with the real framework: of a version that other tests have in the user's cache


@pytest.fixture
def real(tmp_path, own_cache):  # noqa: ARG001 - a folder of a test is nothing for the user's own cache
    code = "from livekit.plugins.anam import *\nfrom livekit.plugins.anam import __version__\n"
    write(tmp_path, "livekit-agents==1.6.0", "livekit-plugins-anam==1.6.0", code=code)
    try:
        prepared(f"agents:{tmp_path}")
    except EnvironmentFault as fault:
        pytest.skip(str(fault))
    return tmp_path


async def test_checkout_is_judged(real):
    launch, said = prepared(f"agents:{real}")
    assert said == []
    driver = await DriverProcess.spawn(launch.arguments, launch.environment, launch.folder)
    try:
        assert str(driver.hello) == "livekit-plugins-tiny 1.6.0 (livekit-agents 1.6.0)"
    finally:
        await driver.stop()
    case = "suites/anam/test_configuration.py::TestConfiguration::test_argument_comes_before_the_environment"
    code, output = run(case, f"--implementation=agents:{real}")
    assert code == 0, output
    assert f"agents:{real} ran with livekit-agents 1.6.0, the newest that fits; httpx beside it" in output
