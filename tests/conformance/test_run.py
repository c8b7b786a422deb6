"""Whole runs of the suite in a process of their own: exit code, what is said, and that nothing is left."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMIT = 120.0
"""Seconds for one run of a file of cases; 10 on an idle machine."""
LOOK = 0.02
"""Seconds between two looks at a process that is to reach some point."""


def command(*arguments):
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]


def run(*arguments, **environment):
    done = subprocess.run(  # this repository's own suite
        command(*arguments),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def listing(tmp_path, match):
    path = tmp_path / "known.toml"
    path.write_text(f'[[expected]]\nmatch = "{match}"\noutcome = "fail"\nreason = "seen once"\n')
    return f"--expectations={path}"


def implementation(tmp_path, text):
    path = tmp_path / "wrong_plugin.py"
    path.write_text(f"import sys\nsys.path.append({str(ROOT / 'mutants' / 'anam')!r})\n" + textwrap.dedent(text))
    return f"--implementation=agents:{path}"


# LiveKit is not there


@pytest.mark.parametrize(("option", "code"), [((), 6), (("--allow-incomplete",), 0)])
def test_without_livekit_the_rest_still_runs(option, code):
    files = ("suites/anam/test_configuration.py", "suites/anam/test_interrupt.py")
    returned, output = run(*files, *option, MOCKVENDORS_LIVEKIT="none")
    assert returned == code, output
    assert "3 pass · 4 not verified" in output
    assert "conformant: no" in output


# the list of known failures is kept true


def test_listed_failure_that_passes_is_told(tmp_path):
    code, output = run("suites/anam/test_configuration.py", listing(tmp_path, "test_configuration.py::*::test_missing_key"))
    assert code == 1, output
    assert "listed as fail (seen once), yet it passed: remove the entry 'test_configuration.py::*::test_missing_key'" in output
    assert "2 pass · 1 stale" in output


def test_entry_that_matches_nothing_is_told(tmp_path):
    code, output = run("suites/anam", listing(tmp_path, "test_configuration.py::TestConfiguration::test_missing_kye"))
    assert code == 4, output
    assert "matches no case of the suite; nearest: test_configuration.py::TestConfiguration::test_missing_key" in output


# the implementation cannot be judged at all


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (
            "--implementation=livekit.plugins.anam",
            "unknown implementation 'livekit.plugins.anam'. Write agents:MODULE or agents:FILE.py",
        ),
        ("--implementation=agents:no/such/plugin.py", "there is no file no/such/plugin.py"),
        ("--implementation=agents:livekit.plugins.nobody", "livekit.plugins.nobody cannot be imported: No module named"),
        ("--implementation=agents:json", "json is not a plugin that"),
        ("--implementation-python=/no/such/python", "there is no interpreter /no/such/python"),
    ],
    ids=["string", "file", "module", "other-module", "interpreter"],
)
def test_implementation_that_cannot_be_is_told_once(option, told):
    code, output = run("suites/anam", option)
    assert code == 4, output
    assert output.count(told) == 1
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("def broken(:", 4, "cannot be imported: invalid syntax"),
        ("1 / 0", 4, "cannot be imported: division by zero"),
        ("import os\nos._exit(3)", 7, "the driver did not greet: the driver's process ended with exit code 3"),
    ],
    ids=["syntax", "raises", "exits"],
)
def test_file_that_cannot_be_imported_is_told_once(tmp_path, text, code, told):
    returned, output = run("suites/anam", implementation(tmp_path, text))
    assert returned == code, output
    assert output.count(told) == 1
    assert "Traceback" not in output


# only some rules


def test_rule_selects_and_says_what_it_left_out():
    code, output = run("suites/anam", "--rule=core.config.key", "--implementation=agents:mutants/anam/reference.py")
    assert code == 0, output
    assert "1 passed" in output
    assert "deselected" in output


def test_rule_that_nobody_checks_names_the_nearest():
    code, output = run("suites/anam", "--rule=core.config.kex")
    assert code == 4, output
    assert "no case checks the rule 'core.config.kex'. Nearest: core.config.key" in output


# something breaks in the middle

HANGS_ONCE = """
    import asyncio, os
    from pathlib import Path
    import reference
    from reference import *

    MARK = Path(__file__).with_name("hangs.pid")

    class AvatarSession(reference.AvatarSession):
        async def start(self, agent_session, room):
            if not MARK.exists():
                partial = MARK.with_suffix(".part")
                partial.write_text(str(os.getpid()))
                partial.rename(MARK)
                await asyncio.Event().wait()
            await super().start(agent_session, room)
"""


def until(condition, what):
    deadline = time.monotonic() + LIMIT
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(LOOK)
    return found


def test_driver_killed_from_outside_is_a_crash_and_the_next_case_is_served(tmp_path):
    plugin = implementation(tmp_path, HANGS_ONCE)
    mark = tmp_path / "hangs.pid"
    arguments = command("suites/anam/test_token.py", plugin)
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:  # as above
        until(mark.exists, "the first start")
        os.kill(int(mark.read_text()), signal.SIGKILL)
        output, _ = running.communicate(timeout=LIMIT)
    assert running.returncode == 1, output
    assert "actual:    the driver's process ended with signal SIGKILL" in output
    assert "10 pass · 1 crash" in output


def test_fault_of_ours_outranks_everything(tmp_path):
    case = tmp_path / "test_ours.py"
    case.write_text(
        textwrap.dedent("""
            from mockvendors.conformance.base import Cases, rule
            from suites.anam.traits import ANAM

            class TestOurs(Cases):
                traits = ANAM

                @rule("core.config.key")
                async def test_names_a_rule_that_nobody_wrote(self, vendor, check):
                    check("core.config.kex", 1, 2)
        """)
    )
    code, output = run(case, "--rootdir=.", "-c", "pyproject.toml")
    assert code == 7, output
    assert "harness fault, not the plugin's: a case names the rule 'core.config.kex', which no contract holds" in output


def processes():
    """Return parent and command line of every process that runs."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
            if state != "Z":
                found[int(folder.name)] = (int(parent), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def descendants(root):
    """Return the processes under one, with their command lines."""
    running = processes()
    family = {root}
    while more := {pid for pid, (parent, _) in running.items() if parent in family} - family:
        family |= more
    return {pid: running[pid][1] for pid in family - {root} if pid in running}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_interrupt_leaves_nothing(tmp_path):
    said = tmp_path / "out.txt"
    with said.open("w") as out:
        running = subprocess.Popen(  # as above
            command("suites/anam/test_speech.py", "-v", "--implementation=agents:mutants/anam/reference.py"),
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    try:
        until(lambda: "test_speech.py ." in said.read_text() or running.poll() is not None, "the first case")
        family = descendants(running.pid)
        assert any("drivers/livekit_agents" in line for line in family.values()), said.read_text()
        running.send_signal(signal.SIGINT)
        assert running.wait(LIMIT) == 2, said.read_text()
        until(
            lambda: not {pid: line for pid, line in family.items() if processes().get(pid, (0, ""))[1] == line},
            f"the end of {family}",
        )
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)


# a driver that hangs, a server that dies, a plugin that talks


def test_process_that_hangs_is_replaced_for_the_next_case(tmp_path):
    once = tmp_path / "hung"
    plugin = implementation(
        tmp_path,
        f"""
        import os, pathlib, signal
        import reference
        from reference import *
        CAPABILITIES = reference.CAPABILITIES

        class AvatarSession(reference.AvatarSession):
            async def start(self, *args, **kwargs):
                if not pathlib.Path({str(once)!r}).exists():
                    pathlib.Path({str(once)!r}).touch()
                    os.kill(os.getpid(), signal.SIGSTOP)
                await super().start(*args, **kwargs)
        """,
    )
    code, output = run("suites/anam/test_token.py", plugin, MOCKVENDORS_TIME_SCALE="0.4")
    assert code == 1, output
    assert "10 pass · 1 timeout" in output


def test_no_token_of_a_talkative_plugin_is_printed(tmp_path):
    plugin = implementation(
        tmp_path,
        """
        import reference
        from reference import *
        CAPABILITIES = reference.CAPABILITIES

        class AvatarSession(reference.AvatarSession):
            async def start(self, *args, **kwargs):
                await super().start(*args, **kwargs)
                print("a token:", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw", file=sys.stderr)
                raise RuntimeError("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw")
        """,
    )
    code, output = run("suites/anam/test_token.py", "-k", "test_kind", plugin)
    assert code == 1, output
    assert "a token: jwt:" in output
    assert "eyJ" not in output


def test_livekit_that_dies_accuses_nobody(tmp_path):
    plugin = implementation(
        tmp_path,
        """
        import os, signal
        import reference
        from reference import *
        CAPABILITIES = reference.CAPABILITIES

        class AvatarSession(reference.AvatarSession):
            async def start(self, *args, **kwargs):
                for folder in os.listdir("/proc"):
                    if folder.isdigit():
                        try:
                            with open(f"/proc/{folder}/environ", "rb") as seen:
                                found = os.environ["LIVEKIT_API_SECRET"].encode() in seen.read()
                            with open(f"/proc/{folder}/cmdline", "rb") as seen:
                                found = found and b"livekit-server" in seen.read()
                        except OSError:
                            continue
                        if found:
                            os.kill(int(folder), signal.SIGKILL)
                await super().start(*args, **kwargs)
        """,
    )
    code, output = run("suites/anam/test_close.py", plugin)
    assert code == 6, output
    assert "\n6 not verified\n" in output, "and nothing else"
