"""mockvendors, installed from its wheel, in somebody else's repository: their tests stay theirs, and the cases run however
their pytest is set."""

import os
import re
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
import zipfile

import pytest

from .conftest import ROOT

THEIRS = """
    import asyncio
    import warnings

    import pytest

    loops = set()

    @pytest.mark.asyncio
    @pytest.mark.parametrize("_", range(2))
    async def test_each_of_theirs_has_a_loop_of_its_own(_):
        loop = asyncio.get_running_loop()
        assert loop not in loops
        loops.add(loop)

    def test_room_is_theirs(room):
        assert room == "their room"
"""
CONFTEST = """
    import pytest

    @pytest.fixture
    def room():
        return "their room"
"""
CASES = """
    import asyncio
    import warnings

    from mockvendors.conformance.base import Cases, needs, rule
    from mockvendors.suites.anam.traits import ANAM

    loops = set()


    class TestOwn(Cases):
        traits = ANAM

        @rule("anam.method")
        async def test_vendor_answers(self, vendor, check):
            warnings.warn("a library of the harness is old", DeprecationWarning)
            loops.add(asyncio.get_running_loop())
            check("anam.method", vendor.base_url.startswith("http"), True)

        @rule("core.start.succeeds")
        @needs("call.one")
        async def test_start(self, drive, sound):
            loops.add(asyncio.get_running_loop())
            await drive.started()
            assert sound(0.1).samples
            assert len(loops) == 1
"""
REFERENCE = f"--implementation=agents:{ROOT / 'mutants' / 'anam' / 'reference.py'}"


@pytest.fixture(scope="session")
def site(wheel, tmp_path_factory):
    """Unpack the wheel: what an installer makes of it."""
    folder = tmp_path_factory.mktemp("environment") / "lib" / "site-packages"
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.fixture
def repository(tmp_path):
    """Return a function that writes the files of somebody's repository, and its folder."""
    folder = tmp_path / "repository"
    folder.mkdir()

    def write(**files):
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_text(textwrap.dedent(text))
        return folder

    return write


def environment(site):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    scripts = os.path.dirname(sys.executable)  # noqa: PTH120  # of the environment, whose python may be a link
    return {**kept, "PATH": f"{scripts}{os.pathsep}{kept['PATH']}", "PYTHONPATH": str(site), "MOCKVENDORS_LIVEKIT": "none"}


def run(site, folder, *arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=environment(site), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


SETTINGS = {
    "none": "",
    "strict": "asyncio_mode = strict",
    "auto": "asyncio_mode = auto",
    "errors": "filterwarnings = error\nasyncio_default_fixture_loop_scope = function",
    "markers": "addopts = --strict-markers --strict-config",
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_cases_run_however_pytest_is_set(site, repository, settings):
    folder = repository(conftest__py=CONFTEST, test_theirs__py=THEIRS, test_own__py=CASES, pytest__ini=f"[pytest]\n{settings}\n")
    code, output = run(site, folder, REFERENCE, "-v")
    assert code == 0, output
    assert "5 passed" in output
    assert re.search(r"^2 pass$", output, re.MULTILINE), output


def test_no_plugin_for_async_tests_is_needed(site, repository):
    folder = repository(test_own__py=CASES, pytest__ini="[pytest]\nfilterwarnings = error\naddopts = --strict-markers\n")
    code, output = run(site, folder, REFERENCE, "-p", "no:asyncio", "-p", "no:anyio")
    assert code == 0, output
    assert "2 passed" in output


SHORT = """
    import jwt
    import pytest

    from mockvendors.conformance.base import Cases, rule
    from mockvendors.suites.anam.traits import ANAM


    class TestOwn(Cases):
        traits = ANAM

        @rule("anam.method")
        @pytest.mark.parametrize("_", range(2))
        async def test_token(self, _):
            jwt.encode({}, "secret", algorithm="HS256")
"""


@pytest.mark.parametrize("settings", ["", "filterwarnings = error"])
def test_short_secret_of_a_users_livekit_is_no_warning_in_a_case(site, repository, settings):
    folder = repository(test_own__py=SHORT, pytest__ini=f"[pytest]\n{settings}\n")
    code, output = run(site, folder, "-p", "no:asyncio")
    assert code == 0, output
    assert "HMAC" not in output


def test_no_plugin_for_async_tests_is_brought(wheel):
    archive = zipfile.ZipFile(wheel)
    metadata = archive.read(next(name for name in archive.namelist() if name.endswith("METADATA"))).decode()
    assert "Requires-Dist: pytest>=8" in metadata
    assert not re.search(r"^Requires-Dist: (pytest-asyncio|anyio|pytest-trio)", metadata, re.MULTILINE)


def test_fixtures_are_for_cases_only(site, repository):
    theirs = """
        import pytest

        @pytest.mark.parametrize("name", ["vendor", "drive", "check", "room", "livekit", "sound", "mocks", "drivers"])
        def test_asks(request, name):
            request.getfixturevalue(name)
    """
    code, output = run(site, repository(test_theirs__py=theirs), "-q")
    assert code == 1, output
    for name in ("vendor", "drive", "check", "room", "livekit", "sound", "mocks", "drivers"):
        assert output.count(f"fixture '{name}' not found") == 1, name


def test_run_without_cases_says_nothing(site, repository):
    code, output = run(site, repository(test_theirs__py="def test_it(): pass"), "-q", "-p", "no:asyncio")
    assert code == 0, output
    assert output.split() == [".", "[100%]", "1", "passed", "in", output.split()[-1]]


# the installed suite's names

WRONG = f"""
    import sys
    sys.path.append({str(ROOT / "mutants" / "anam")!r})
    from refusal_retried import *
"""
LIST = '[[expected]]\nmatch = "test_errors.py::*::test_pauses_between_tries"\noutcome = "fail"\nreason = "seen"\n'


def names(report):
    return {(node.get("classname"), node.get("name")) for node in ET.parse(report).iter("testcase")}  # noqa: S314  # our own


@pytest.mark.parametrize("place", ["outside", "inside"])
def test_reports_of_the_installed_suite_name_it_by_its_package(site, repository, place, tmp_path):
    folder = repository(wrong__py=WRONG, known__toml=LIST, pytest__ini="[pytest]\n")
    if place == "inside":  # an environment in the repository, as `.venv` is
        (folder / ".venv").symlink_to(site.parent.parent)
        site = folder / ".venv" / "lib" / "site-packages"
    chosen = ("--pyargs", "mockvendors.suites.anam.test_errors", "-k", "retried and 400 or pauses")
    options = ("--implementation=agents:./wrong.py", "--expectations=known.toml", f"--junitxml={tmp_path}/r.xml")
    code, output = run(site, folder, *chosen, *options)
    assert code == 1, output
    cls = "mockvendors.suites.anam.test_errors.TestErrors"
    assert names(tmp_path / "r.xml") == {(cls, "test_refusal_is_not_retried[400]"), (cls, "test_pauses_between_tries")}
    assert "test_errors.py::TestErrors::test_pauses_between_tries: listed as fail" in output
    command = re.search(r"^  reproduce: (.*)$", output, re.MULTILINE)[1]
    assert command == (
        "pytest --pyargs 'mockvendors.suites.anam.test_errors::TestErrors::test_refusal_is_not_retried[400]' "
        "--implementation=agents:./wrong.py --expectations=known.toml"
    )
    again = subprocess.run(  # noqa: S602  # as a person pastes it
        command, shell=True, cwd=folder, env=environment(site), capture_output=True, text=True, check=False
    )
    assert again.returncode == 1, again.stdout + again.stderr
    assert f"  reproduce: {command}" in again.stdout
    assert "1 failed in" in again.stdout


def test_own_cases_are_repeated_from_where_the_run_was_started(site, repository):
    wrong = CASES.replace('startswith("http"), True', 'startswith("http"), False').replace('"anam.method"', '"anam.call.one"')
    folder = repository(pytest__ini="[pytest]\n")
    below = folder / "judge me"
    below.mkdir()
    (below / "test_own.py").write_text(textwrap.dedent(wrong))
    code, output = run(site, below, "-k", "vendor_answers", "-q")
    assert code == 1, output
    assert "pytest test_own.py::TestOwn::test_vendor_answers\n" in output
    code, output = run(site, folder, "-k", "vendor_answers", "-q", "judge me")
    assert "pytest 'judge me/test_own.py::TestOwn::test_vendor_answers'\n" in output
    assert code == 1
