"""`node:PACKAGE[@VERSION]`: how it is written, what npm makes of it, what is said where that cannot be; and the real plugin."""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.implementations import npm
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation

from .conftest import DESCRIPTION, prepared
from .registry import serving

PLUGIN = "@livekit/agents-plugin-toy"
REAL = "node:@livekit/agents-plugin-anam@1.5.0"
needs_npm = pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="needs node and npm on the PATH")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "mockvendors" / "node"


@pytest.fixture
def registry(tmp_path, monkeypatch, cache):  # noqa: ARG001 - its packages are not for the user's cache
    with serving() as registry:
        for name in [name for name in os.environ if name.lower().startswith("npm_config_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("npm_config_userconfig", str(tmp_path / "npmrc"))
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        monkeypatch.setenv("npm_config_registry", registry.url)
        for version in ("0.13.30", "0.14.0", "0.13.31-rc.1", "0.13.9"):
            registry.add("@livekit/rtc-node", version)
        registry.add("livekit-server-sdk", "2.9.2")
        registry.add("@livekit/agents", "1.5.0", dependencies={"livekit-server-sdk": "^2.9.2"})
        registry.add(PLUGIN, "1.4.0")
        registry.add(PLUGIN, "1.5.0", peerDependencies={"@livekit/agents": "1.5.0", "@livekit/rtc-node": "^0.13.9"})
        yield registry


def folders(cache):
    return [path for path in cache.iterdir() if path.is_dir()] if cache.is_dir() else []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("node:", "Write node:PACKAGE or node:PACKAGE@VERSION"),
        ("node:Big/Name", "'Big/Name' is no package's name"),
        ("node:../other", "is no package's name"),
        ("node:@livekit/agents-plugin-anam@", "'' is no version of @livekit/agents-plugin-anam"),
        ("node:@livekit/agents-plugin-anam@latest", "'latest' is no version of @livekit/agents-plugin-anam"),
        ("node:@livekit/agents-plugin-anam@^1.5.0", "'^1.5.0' is no version"),
        ("nodes:x", "Write node:PACKAGE or node:PACKAGE@VERSION"),
    ],
)
def test_what_cannot_be_read_is_told(text, told):
    with pytest.raises(UsageFault) as caught:
        connect(text)
    assert told in str(caught.value)


@pytest.mark.parametrize("text", [REAL, "node:@livekit/agents-plugin-anam"])
def test_known_failures_are_those_of_the_package(text):
    assert connect(text).known_as == "livekit-agents-plugin-anam"
    assert (DESCRIPTION.parent / "expected" / "livekit-agents-plugin-anam.toml").is_file()


def test_replay_is_refused():
    with pytest.raises(UsageFault, match="cannot replay"):
        prepared(REAL, replay=True)


def test_suite_without_a_description_for_node(tmp_path):
    with pytest.raises(UsageFault, match="says nothing of Node plugins"):
        connect(REAL).prepare(Preparation(tmp_path / "plugin.py"))


def program(folder, name, line):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("programs", "told"),
    [
        ({}, "there is no node on the PATH"),
        ({"node": "echo v20.1.0"}, "there is no npm on the PATH"),
        ({"node": "echo v18.20.4", "npm": "true"}, r"is Node v18\.20\.4, too old"),
        ({"node": "echo oops", "npm": "true"}, r"does not say its version \(oops\)"),
    ],
    ids=["no-node", "no-npm", "old", "no-version"],
)
def test_machine_without_what_it_takes(tmp_path, monkeypatch, programs, told):
    for name, line in programs.items():
        program(tmp_path, name, line)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault, match=told) as caught:
        prepared(REAL)
    assert "Install Node 20 or newer" in str(caught.value)


def test_node_that_never_says_its_version(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "PROGRAM_VERSION", 0.05)
    program(tmp_path, "node", "exec /bin/sleep 600")
    program(tmp_path, "npm", "true")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault, match=r"does not say its version within 0\.05 s\. See what `node --version` waits for"):
        prepared(REAL)


@needs_npm
@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"node:{PLUGIN}@9.9.9", f"npm has no {PLUGIN}@9.9.9. It has 1.4.0, 1.5.0"),
        ("node:nobody-has-this", "npm knows no package nobody-has-this"),
        ("node:nobody-has-this@1.0.0", "npm knows no package nobody-has-this"),
        (f"node:{PLUGIN}@1.4.0", "is no plugin for LiveKit Agents"),
    ],
)
def test_what_npm_does_not_have(cache, text, told):
    with pytest.raises(UsageFault) as caught:
        prepared(text)
    assert told in str(caught.value)
    assert folders(cache) == []


@needs_npm
def test_newest_of_what_the_plugin_asks_for_is_installed_once(cache, registry):
    registry.add("@livekit/local-inference-any", "1.0.0")
    own = {"@livekit/local-inference-any": "1.0.0"}
    registry.add(PLUGIN, "1.5.1", peerDependencies={"@livekit/agents": ">=1", "@livekit/rtc-node": "^0.13.9"}, dependencies=own)
    launch, said = prepared(f"node:{PLUGIN}")
    (folder,) = folders(cache)
    assert folder.name.startswith("livekit-agents-plugin-toy-1.5.1-")
    assert said[0].startswith(f"installs {PLUGIN}@1.5.1 from npm into {folder}")
    assert launch.pairing == "@livekit/agents 1.5.0 and @livekit/rtc-node 0.13.30, the newest that the plugin asks for"
    assert json.loads((folder / "node_modules/@livekit/rtc-node/package.json").read_text())["version"] == "0.13.30"
    assert not (folder / "node_modules/@livekit/local-inference-any").exists()
    assert prepared(f"node:{PLUGIN}@1.5.1") == (launch, [])


@needs_npm
def test_what_is_installed_needs_no_registry(monkeypatch, registry):
    launch, _ = prepared(f"node:{PLUGIN}@1.5.0")
    asked = len(registry.asked)
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    assert prepared(f"node:{PLUGIN}@1.5.0") == (launch, [])
    assert len(registry.asked) == asked
    with pytest.raises(EnvironmentFault, match=r"registry is out of reach: .*127\.0\.0\.1:9") as caught:
        prepared(f"node:{PLUGIN}")
    assert "\n" not in str(caught.value)


@needs_npm
@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("missing", ["ready.json", "node_modules/livekit-server-sdk/package.json"])
def test_what_was_not_made_to_the_end_is_made_anew(cache, missing):
    prepared(f"node:{PLUGIN}@1.5.0")
    (folder,) = folders(cache)
    (folder / missing).unlink()
    (folder / "node_modules" / "left-behind").mkdir()
    _, said = prepared(f"node:{PLUGIN}@1.5.0")
    assert said[0].startswith("installs")
    assert (folder / missing).is_file()
    assert not (folder / "node_modules" / "left-behind").exists()


@needs_npm
def test_two_at_once_install_once(cache, registry):
    with ThreadPoolExecutor() as pool:
        (first, said), (second, more) = pool.map(prepared, [f"node:{PLUGIN}@1.5.0"] * 2)
    assert first == second
    assert len([line for line in said + more if line.startswith("installs")]) == 1
    assert registry.asked.count("/tarballs/@livekit-agents-plugin-toy-1.5.0.tgz") == 1
    assert len(folders(cache)) == 1


@needs_npm
def test_packages_run_nothing_of_their_own(tmp_path, registry):
    touched = tmp_path / "touched"
    registry.add(
        PLUGIN,
        "1.5.1",
        peerDependencies={"@livekit/agents": "1.5.0", "@livekit/rtc-node": "^0.13.9"},
        scripts={"postinstall": f"touch {touched}"},
    )
    prepared(f"node:{PLUGIN}@1.5.1")
    assert not touched.exists()


@needs_npm
def test_packages_that_do_not_fit_together_are_told_with_npms_words(cache, registry):
    registry.add(
        PLUGIN, "1.6.0", peerDependencies={"@livekit/agents": "1.5.0", "@livekit/rtc-node": "0.14.0"}, dependencies={"gone": "1"}
    )
    with pytest.raises(EnvironmentFault, match=r"npm cannot install .*\n(.*\n)*.*gone"):
        prepared(f"node:{PLUGIN}@1.6.0")
    assert folders(cache) == []


@pytest.fixture(scope="module")
def real():
    """Let the real plugin be there, in the user's cache."""
    try:
        npm.find()
        return connect(REAL).prepare(Preparation(DESCRIPTION))
    except EnvironmentFault as lacking:
        pytest.skip(str(lacking))


def judged(*arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--implementation", REAL, *arguments]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


FEW = "test_token_call_then or test_key_goes or test_half_pair or test_refusal_is_not_retried[400]"


@pytest.mark.usefixtures("real")
def test_suite_finds_a_known_failure_of_the_real_plugin():
    code, output = judged("suites/anam/test_request.py", "suites/anam/test_size.py", "suites/anam/test_errors.py", "-k", FEW)
    assert code == 0, output
    assert "verdict on livekit-agents-plugin-anam 1.5.0 (@livekit/agents 1.5.0)" in output
    assert "4 pass · 1 expected" in output
    assert re.search(r"ran with @livekit/agents 1\.5\.0 and @livekit/rtc-node 0\.13\.\d+, the newest", output)


@pytest.mark.usefixtures("real")
def test_known_failure_is_one():
    code, output = judged("suites/anam/test_errors.py", "-k", "test_refusal_is_not_retried[400]", "--runxfail")
    assert code == 1, output
    assert "core.errors.no-retry" in output
    assert re.search(r"expected: +1\n +actual: +3\n", output)


@pytest.mark.usefixtures("real")
def test_true_job_with_a_room():
    code, output = judged("suites/anam/test_close.py", "-k", "test_close_removes_the_avatar", "--allow-incomplete")
    assert code == 0, output
    assert "1 pass" in output or "not verified" in output
