"""`agents:MODULE==VERSION`: two versions of the published plugin as they are, and every mishap at an index of the test's own."""

import json
import subprocess
import sys

import pytest

from mockvendors.drivers.process import DriverProcess
from mockvendors.errors import EnvironmentFault, UsageFault
from tests.conformance.running import run

from .conftest import made, prepared

OLD = {"1.5.17": "no size options", "1.6.0": "size options"}
"""The two that the tests make from the published packages; the first run of a machine downloads them."""

INSIDE = """
import importlib.metadata, json, sys
import livekit.plugins.anam
names = ("livekit-plugins-anam", "livekit-agents", "httpx")
print(json.dumps([sys.prefix, *map(importlib.metadata.version, names)]))
"""
TINY = "agents:tiny==1.0"


@pytest.fixture(scope="session", params=OLD)
def old(request):
    """Return an old version, prepared in the user's own cache; skipped where no package index is within reach."""
    try:
        launch, _ = prepared(f"agents:livekit.plugins.anam=={request.param}")
    except EnvironmentFault as fault:
        pytest.skip(str(fault))
    return request.param, launch


def test_version_lies_with_its_own_framework_in_an_environment_of_its_own(old):
    version, launch = old
    done = subprocess.run([launch.arguments[0], "-I", "-c", INSIDE], capture_output=True, text=True, check=True)
    prefix, plugin, framework, _ = json.loads(done.stdout)
    assert (plugin, framework) == (version, version)
    assert f"livekit-plugins-anam-{version}-python3.{sys.version_info.minor}-" in prefix
    assert launch.environment == {}
    assert launch.pairing == (
        f"livekit-agents {version}, of the same version; httpx beside it, which it imports and nothing brings any more"
    )


def test_version_is_made_once(old):
    version, launch = old
    assert prepared(f"agents:livekit.plugins.anam=={version}") == (launch, [])


async def test_version_greets(old):
    version, launch = old
    driver = await DriverProcess.spawn(launch.arguments, launch.environment, launch.folder)
    try:
        assert str(driver.hello) == f"livekit-plugins-anam {version} (livekit-agents {version})"
        assert ("video-size" in driver.hello.capabilities) is (OLD[version] == "size options")
    finally:
        await driver.stop()


def test_verdict_tells_the_pairing(old):
    version, launch = old
    text = f"agents:livekit.plugins.anam=={version}"
    code, output = run(
        "suites/anam/test_configuration.py", "-k", "test_argument_comes_before_the_environment", f"--implementation={text}"
    )
    assert code == 0, output
    assert f"verdict on livekit-plugins-anam {version} (livekit-agents {version})" in output
    assert f"{text} ran with {launch.pairing}\n" in output


# at an index of the test's own


def test_livekits_own_plugin_goes_with_the_framework_of_its_version(index):
    index.add("livekit-plugins-tiny", "1.8.0", "livekit-agents>=1.8")
    launch, said = prepared("agents:livekit.plugins.tiny==1.8.0")
    assert launch.pairing == "livekit-agents 1.8.0, of the same version"
    assert said[0].startswith("makes an environment for livekit-plugins-tiny-1.8.0 in ")
    assert said[0].endswith(": about 25 s, only this once")
    assert said[1].startswith("made it in ")
    assert launch.arguments[3] == "livekit.plugins.tiny"


@pytest.mark.parametrize(
    ("name", "version", "wants", "paired"),
    [
        ("tiny", "1.8.0", "livekit-agents", "1.9.0"),
        ("tiny", "0.3", "livekit-agents<1.9", "1.8.9"),
        ("livekit-plugins-tiny", "0.3", "livekit-agents<1.9", "1.8.9"),
    ],
    ids=["foreign-same-number", "foreign", "no-twin"],
)
def test_others_go_with_the_newest_framework_that_fits(index, name, version, wants, paired):
    index.add(name, version, wants)
    launch, _ = prepared(f"agents:{name.replace('-', '.')}=={version}")
    assert launch.pairing == f"livekit-agents {paired}, the newest that fits"


@pytest.mark.parametrize(
    ("name", "version"), [("livekit-plugins-tiny", "1.6.9"), ("tiny", "1.0")], ids=["same-version", "newest-that-fits"]
)
def test_old_framework_gets_what_it_needs_beside(index, name, version):
    index.add(name, version, "livekit-agents<1.7")
    index.add("livekit-agents", "1.6.9")
    index.add("httpx", "0.28.1")
    launch, _ = prepared(f"agents:{name.replace('-', '.')}=={version}")
    assert launch.pairing.startswith("livekit-agents 1.6.9, ")
    assert launch.pairing.endswith("; httpx beside it, which it imports and nothing brings any more")
    subprocess.run([launch.arguments[0], "-I", "-c", "import httpx, livekit_agents"], check=True)


def test_one_from_the_time_before_gets_an_older_telemetry(index):
    index.add("livekit-plugins-tiny", "1.3.1", "livekit-agents>=1.3.1", "opentelemetry-sdk")
    index.add("livekit-agents", "1.3.1")
    index.add("httpx", "0.28.1")
    for version in ("1.38.0", "1.39.0"):
        index.add("opentelemetry-sdk", version)
    launch, _ = prepared("agents:livekit.plugins.tiny==1.3.1")
    asked = "import importlib.metadata as m; print(m.version('opentelemetry-sdk'))"
    assert subprocess.check_output([launch.arguments[0], "-I", "-c", asked], text=True) == "1.38.0\n"
    assert "opentelemetry-sdk<1.39 beside it" in launch.pairing


def test_version_that_was_taken_back_is_judged_and_told(index):
    index.add("livekit-plugins-tiny", "1.7.5")
    index.add("livekit-agents", "1.7.5", taken_back="not ready for release")
    launch, _ = prepared("agents:livekit.plugins.tiny==1.7.5")
    told = "livekit-agents==1.7.5 was taken back by its publisher (not ready for release)"
    assert launch.pairing == f"livekit-agents 1.7.5, of the same version; {told}"


def test_replay_gets_what_it_replays_with_in_an_environment_of_its_own(index):
    index.add("tiny", "1.0")
    index.add("vcrpy", "8.0.0")
    plain, _ = prepared(TINY)
    replaying, _ = prepared(TINY, replay=True)
    assert plain.arguments[0] != replaying.arguments[0]
    subprocess.run([replaying.arguments[0], "-I", "-c", "import vcrpy"], check=True)
    assert subprocess.run([plain.arguments[0], "-I", "-c", "import vcrpy"], check=False, capture_output=True).returncode == 1


def refusal(text, kind, own_cache, python=None):
    with pytest.raises(kind) as refused:
        prepared(text, python)
    assert made(own_cache) == [], "something was left"
    return str(refused.value)


def test_version_that_was_never_published_is_told_with_its_neighbours(index, own_cache):
    for version in ("0.8", "1.1", "2.0"):
        index.add("tiny", version)
    assert refusal(TINY, UsageFault, own_cache) == "there is no tiny 1.0. Near it: 0.8, 1.1"


@pytest.mark.usefixtures("index")
def test_package_that_was_never_published_is_told_with_how_to_name_it(own_cache):
    told = refusal("agents:acme.face==1.0", UsageFault, own_cache)
    assert told == (
        "no package acme-face is published. Where module and package have different names, write agents:PACKAGE==1.0#acme.face"
    )


def test_version_that_fits_no_framework_is_told_as_such(index, own_cache):
    index.add("livekit-plugins-tiny", "2.0.0", "livekit-agents>=2")
    told = refusal("agents:livekit.plugins.tiny==2.0.0", UsageFault, own_cache)
    assert told.startswith("livekit-plugins-tiny 2.0.0 has no livekit-agents of the same version, and fits no other. ")
    assert "--implementation agents:livekit.plugins.tiny --implementation-python PATH/bin/python; uv says:\n  error: " in told


def test_what_does_not_go_into_one_environment_is_a_fault_of_no_plugin(index, own_cache):
    index.add("tiny", "1.0", "livekit-agents", "absent")
    told = refusal(TINY, EnvironmentFault, own_cache)
    assert told.startswith("tiny 1.0 and a livekit-agents for it cannot be installed here. Make an environment yourself")
    assert "absent was not found" in told


def test_version_for_another_python_is_not_told_as_missing(index, own_cache):
    index.add("tiny", "1.0", python=">=3.99")
    assert "does not satisfy Python>=3.99" in refusal(TINY, EnvironmentFault, own_cache)


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_OFFLINE"])
def test_without_a_package_index_that_is_what_is_told(own_cache, monkeypatch, variable):
    monkeypatch.setenv(variable, {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/", "UV_OFFLINE": "1"}[variable])
    told = refusal("agents:livekit.plugins.tiny==1.0", EnvironmentFault, own_cache)
    assert told.startswith("no package index is within reach to install livekit-plugins-tiny 1.0 from. Is there a network? ")
    assert "export UV_DEFAULT_INDEX=https://" in told


# the Python to make it with


def test_named_python_that_is_the_same_one_shares_the_environment(index):
    index.add("tiny", "1.0")
    mine, _ = prepared(TINY)
    again, said = prepared(TINY, sys.executable)
    assert (again, said) == (mine, [])


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo 'pyenv: python9: command not found' >&2; exit 127", "is no Python that runs (pyenv: python9: command not found)"),
        ("exit 3", "is no Python that runs (exit code 3)"),
        ("echo 3.9.1; echo /usr", "is Python 3.9.1; a plugin is driven by 3.10 or newer"),
    ],
)
def test_python_that_does_not_serve_is_told_with_its_reason(tmp_path, own_cache, script, told):
    python = tmp_path / "some-python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    assert told in refusal(TINY, UsageFault, own_cache, str(python))


def test_python_that_is_not_there_is_told_as_such(own_cache):
    assert refusal(TINY, UsageFault, own_cache, "/no/such/python").startswith("there is no interpreter /no/such/python. Give a ")


def test_workers_find_what_was_made_before_them_and_told_once(index):
    index.add("livekit-plugins-tiny", "1.8.0", "livekit-agents>=1.8")
    code, output = run("suites/anam/test_token.py", "-n2", "--implementation=agents:livekit.plugins.tiny==1.8.0")
    assert code in {4, 7}, output  # its package is empty
    made = [line for line in output.splitlines() if line.startswith("makes an environment for livekit-plugins-tiny-1.8.0 in ")]
    assert len(made) == 1, output
    assert "waiting for another run" not in output
