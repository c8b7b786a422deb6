"""Somebody else's vendor: examples/acme beside mockvendors, both installed from their wheels, far from this checkout."""

import os
import signal
import subprocess
import sys

import pytest

from tests.packaging.conftest import ROOT, run, wheel  # noqa: F401 - a fixture

ACME = ROOT / "examples" / "acme"
RETRIED = ("if not left or not error.retryable:", "if not left:")
SWAPPED = ('{"width": width, "height": height}', '{"width": height, "height": width}')
ONE_MOOD = ('else {"mood": mood}', 'else {"mood": "calm"}')
EXTRA_FIELD = ('{"face": self._face, "room"', '{"face": self._face, "volume": None, "room"')


@pytest.fixture(scope="module")
def tools(wheel, tmp_path_factory):  # noqa: F811 - the fixture
    """Install both wheels into a fresh environment, and return the folder of its commands."""
    out, where = tmp_path_factory.mktemp("acme-dist"), tmp_path_factory.mktemp("acme") / "env"
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ACME)
    run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, where)
    python = where / "bin" / "python"
    wheels = [wheel, *out.glob("*.whl")]
    run(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python, *wheels, "livekit-agents==1.8.9")
    return python.parent


@pytest.fixture
def their(tools, tmp_path):
    """Run a command of that environment in an empty folder."""

    def call(*command):
        return subprocess.run(
            [str(tools / command[0]), *map(str, command[1:])],
            cwd=tmp_path,
            env=environment(tools),
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def environment(tools):
    kept = ("HOME", "LANG", "TMPDIR", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "MOCKVENDORS_TIME_SCALE")
    return {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", **{name: os.environ[name] for name in kept if name in os.environ}}


def test_inherited_suite_judges_the_plugin(their):
    done = their("pytest", "--pyargs", "acme_suite", "-p", "no:cacheprovider", "-q")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verdict on acme-avatar 0.1.0 (livekit-agents 1.8.9)" in done.stdout
    assert "conformant: yes" in done.stdout
    assert str(ROOT) not in done.stdout


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (RETRIED, "core.errors.no-retry"),
        (SWAPPED, "core.size.forwarded"),
        (EXTRA_FIELD, "acme.body.fields"),
        (ONE_MOOD, "acme.body.mood"),
    ],
    ids=["inherited", "of a table", "of a rule of its own", "of an option of its own"],
)
def test_one_wrong_line_is_caught_by_its_rule(their, tmp_path, change, rule):
    text = (ACME / "acme_avatar" / "__init__.py").read_text()
    assert text.count(change[0]) == 1
    (tmp_path / "wrong.py").write_text(text.replace(*change))
    options = ("--implementation", "agents:./wrong.py", "--rule", rule, "-p", "no:cacheprovider", "-q")
    done = their("pytest", "--pyargs", "acme_suite", *options)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{rule}: " in done.stdout
    assert "conformant: yes" not in done.stdout


def test_setting_that_the_contract_lacks_is_told_once(their, tmp_path):
    (tmp_path / "test_own.py").write_text(
        "from dataclasses import replace\n"
        "from acme_suite.traits import ACME\n"
        "from mockvendors.conformance.token import TokenCases\n"
        "class TestToken(TokenCases):\n    traits = replace(ACME, settings={'mood': 'good'})\n"
    )
    done = their("pytest", "test_own.py", "-p", "no:cacheprovider", "-q")
    assert done.returncode == 4, done.stdout + done.stderr
    assert (done.stdout + done.stderr).count("The contract of acme lacks settings that cases turn: mood. Add them to its") == 1


def test_check_finds_the_suite(their, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    done = their("mockvendors", "check", "acme", "--rule", "acme.face.unknown")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 pass" in done.stdout


def test_acme_repeats_no_inherited_case():
    assert "async def test_" not in (ACME / "acme_suite" / "test_acme.py").read_text()


def test_contract_is_shown(their):
    done = their("mockvendors", "contract", "acme")
    assert done.returncode == 0, done.stderr
    assert "acme.auth.key  [documented rule]" in done.stdout


def test_mock_is_served(tools, tmp_path):
    command = [str(tools / "mockvendors"), "serve", "acme", "--no-livekit", "--key", "mine"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(tools), stdout=subprocess.PIPE, text=True) as served:
        lines = [served.stdout.readline(), served.stdout.readline()]
        served.send_signal(signal.SIGINT)
    assert lines[0].startswith("export ACME_API_URL=http://127.0.0.1:")
    assert lines[1] == "export ACME_API_KEY=mine\n"


def test_nothing_of_the_example_knows_this_checkout():
    files = [path for path in ACME.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.suffix for path in files} == {".py", ".toml", ".yaml"}
    assert not [path for path in files if "suites.anam" in path.read_text() or "vendors.anam" in path.read_text()]
    assert not (ACME / "dist").exists()
