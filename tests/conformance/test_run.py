"""Whole runs of the suite in a process of their own: exit code, what is said, and that nothing is left."""

import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from .running import LIMIT, ROOT, case, command, implementation, listing, run, verdict

LOOK = 0.02
"""Seconds between two looks at a process that is to reach some point."""


# LiveKit is not there


@pytest.mark.parametrize(("option", "code"), [((), 6), (("--allow-incomplete",), 0)])
def test_without_livekit_the_rest_still_runs(option, code):
    files = ("suites/anam/test_configuration.py", "suites/anam/test_interrupt.py")
    returned, output = run(*files, *option, MOCKVENDORS_LIVEKIT="none")
    assert returned == code, output
    assert re.search(r"^\d+ pass (· \d+ warn )?· 4 not verified$", output, re.MULTILINE), output
    told = (
        r"^conformant: cannot be said: 4 cases not verified \(no LiveKit server\), \d+ cases of a larger suite ran; "
        r"run with a LiveKit server, see `mockvendors doctor`$"
    )
    assert re.search(told, output, re.MULTILINE), output
    assert ("exit code 6: not everything could be verified here; --allow-incomplete makes it 0" in output) is (code == 6)


# the list of known failures is kept true


def test_listed_failure_that_passes_is_told(tmp_path):
    code, output = run("suites/anam/test_configuration.py", listing(tmp_path, "test_configuration.py::*::test_missing_key"))
    assert code == 1, output
    assert "listed as fail (seen once), yet it passed: remove the entry 'test_configuration.py::*::test_missing_key'" in output
    assert "· 1 stale" in output
    assert "conformant: no: 1 listed failure passed" in output


def test_entry_that_matches_nothing_is_told(tmp_path):
    code, output = run("suites/anam", listing(tmp_path, "test_configuration.py::TestConfiguration::test_missing_kye"))
    assert code == 4, output
    assert "matches no case of the suite (nearest: test_configuration.py::TestConfiguration::test_missing_key" in output


def test_rule_that_no_contract_holds_is_told(tmp_path):
    match = "test_configuration.py::*::test_missing_key"
    code, output = run("suites/anam/test_configuration.py", listing(tmp_path, match, rule="core.config.kye"))
    assert code == 4, output
    told = f"known.toml, entry 1 ({match}) names the rule 'core.config.kye', which no contract holds. Nearest: core.config.key"
    assert output.count(told) == 1


HAMMERED = ("suites/anam/test_concurrency.py", "-k", "test_hard_limit_is_not_hammered")


def test_listed_failure_is_green_and_says_how_to_see_it():
    code, output = run(*HAMMERED)
    assert code == 0, output
    assert "(--runxfail shows what lies behind the expected ones)" in output
    assert "conformant: no: 1 listed failure" in output
    assert "reproduce:" not in output


@pytest.mark.parametrize(("option", "code"), [("--runxfail", 1), ("--xfail-tb", 0)])
def test_text_behind_a_listed_failure_can_be_seen(option, code):
    returned, output = run(*HAMMERED, option)
    assert returned == code, output
    assert "anam.session.hard-limit: " in output
    assert "pytest suites/anam/test_concurrency.py::TestConcurrency::test_hard_limit_is_not_hammered" in output


# the implementation cannot be judged at all


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (
            "--implementation=livekit.plugins.anam",
            "unknown implementation 'livekit.plugins.anam'. Did you mean agents:livekit.plugins.anam",
        ),
        ("--implementation=", "unknown implementation ''. Write agents:MODULE, agents:"),
        ("--rule=", "no case checks the rule ''"),
        ("--implementation=agents:./mutants", "./mutants has no pyproject.toml. Give the folder that"),
        ("--implementation=agents:no/such/plugin.py", "there is no file no/such/plugin.py"),
        ("--implementation=agents:livekit.plugins.nobody", "livekit.plugins.nobody cannot be imported: No module named"),
        ("--implementation=agents:json", "plugin.py describes: it lacks\n  AvatarSession: the class"),
        ("--implementation-python=/no/such/python", "there is no interpreter /no/such/python"),
    ],
    ids=["string", "empty", "empty-rule", "folder", "file", "module", "other-module", "interpreter"],
)
def test_implementation_that_cannot_be_is_told_once(option, told):
    code, output = run("suites/anam", option)
    assert code == 4, output
    assert output.count(told) == 1
    assert output.count("ERROR: ") == 1
    assert "Traceback" not in output
    assert "_pytest" not in output


def test_two_workers_tell_a_mistake_once_as_well():
    code, output = run("suites/anam", "--implementation=agents:json", "-n", "2")
    assert code == 4, output
    assert output.count("ERROR: json is not a plugin that") == 1
    assert "INTERNALERROR" not in output


def test_all_that_a_plugin_lacks_is_told_at_once(tmp_path):
    code, output = run("suites/anam", implementation(tmp_path, "AvatarSession = object"))
    assert code == 4, output
    lines = output.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.endswith("plugin.py describes: it lacks"))
    assert [line.split(":")[0] for line in lines[begin + 1 : begin + 3]] == ["  PersonaConfig", "  __version__"]
    assert "CAPABILITIES" in lines[begin + 2]


def test_half_an_address_of_livekit_is_told_once():
    code, output = run("suites/anam/test_interrupt.py", LIVEKIT_URL="ws://127.0.0.1:9", LIVEKIT_API_KEY="", LIVEKIT_API_SECRET="")
    assert code == 4, output
    assert output.count("ERROR: LIVEKIT_URL given without LIVEKIT_API_KEY, LIVEKIT_API_SECRET") == 1


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("def broken(:", 4, "cannot be imported: invalid syntax"),
        ("1 / 0", 4, "cannot be imported: division by zero"),
        ("raise SystemExit(3)", 4, "cannot be imported: it ends the process (SystemExit(3))"),
        ("import nobody_has_this", 4, "cannot be imported: it imports nobody_has_this, which its environment lacks"),
        ("import os\nos._exit(3)", 4, "cannot be imported: its import ends the process with exit code 3"),
    ],
    ids=["syntax", "raises", "ends", "lacks", "exits"],
)
def test_file_that_cannot_be_imported_is_told_once(tmp_path, text, code, told):
    returned, output = run("suites/anam", implementation(tmp_path, text))
    assert returned == code, output
    assert output.count(told) == 1
    assert "Traceback" not in output
    assert ("exit code 7: the plugin was not judged, and nothing is said of it" in output) is (code == 7)


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
    assert re.search(r"^\d+ pass · 1 crash$", output, re.MULTILINE), output
    assert "conformant: no: 1 crashed" in output


def test_fault_of_ours_outranks_everything(tmp_path):
    text = """
    async def test_it(self, vendor, check):
        raise HarnessFault("a bug of ours")
    """
    code, output = run(*case(tmp_path, text, head="from mockvendors.errors import HarnessFault"))
    assert code == 7, output
    assert "harness fault, not the plugin's: a bug of ours" in output
    assert "exit code 7: a fault of mockvendors or of this machine, not of the plugin" in output
    assert "conformant: cannot be said: 1 ended in a fault of ours" in output


def test_rule_that_a_case_puts_together_is_looked_up_although_all_is_well(tmp_path):
    text = """
    async def test_it(self, vendor, check):
        check("core.config." + "kex", 1, 1)
    """
    code, output = run(*case(tmp_path, text))
    assert code == 7, output
    told = "fault of the suite of anam, not the plugin's: a case names the rule 'core.config.kex', which no contract holds"
    assert f"{told}. Nearest: core.config.key" in output
    assert "conformant: cannot be said: 1 ended in a fault of the suite of anam" in output


def test_fault_of_ours_after_the_last_case_is_not_put_on_livekit(tmp_path):
    text = """
    async def test_it(self, drive, room, vendor):
        vendor.close = self.fails

    async def fails(self):
        raise KeyError("a bug of ours")
    """
    code, output = run(*case(tmp_path, text), "--implementation=agents:mutants/anam/reference.py")
    assert code == 7, output
    assert "1 error" in output.splitlines()


# an assumption is no accusation

ENDS = {
    "crash": ("os._exit(3)", "await drive.start()"),
    "timeout": ("await asyncio.Event().wait()", "await drive.start(within=0.3)"),
}


@pytest.mark.parametrize(
    ("end", "judged", "code", "said"),
    [("crash", "anam.method", 0, "warn"), ("timeout", "anam.method", 0, "warn"), ("timeout", "anam.call.one", 1, "timeout")],
)
def test_end_in_a_case_of_an_assumed_rule_only_warns(tmp_path, end, judged, code, said):
    does, asks = ENDS[end]
    wrong = implementation(
        tmp_path,
        f"""
        import asyncio, os
        import reference
        from reference import *
        CAPABILITIES = reference.CAPABILITIES

        class AvatarSession(reference.AvatarSession):
            async def start(self, *args, **kwargs):
                {does}
        """,
    )
    chosen = case(tmp_path, f"async def test_start(self, drive):\n    {asks}", judged)
    returned, output = run(*chosen, wrong)
    assert returned == code, output
    assert f"1 {said}" in output.splitlines()
    assert (f"  warn: test_ours.py::TestOurs::test_start: {judged}: " in output) is (said == "warn")


# an avatar of ours that fails

WATCHES = """
async def test_avatar(self, drive, room):
    await drive.started()
    await room.probe.participant(self.traits.identity, 1.0)
"""
REFERENCE = "--implementation=agents:mutants/anam/reference.py"


@pytest.mark.parametrize(
    ("failure", "code", "said", "told"),
    [
        ('return "engine: signal failure"', 6, "1 not verified", "the mock's avatar could not join or publish, with a token"),
        ('raise RuntimeError("native")', 7, "1 error", "harness fault, not the plugin's: the mock's avatar crashed"),
    ],
    ids=["refused", "crashed"],
)
def test_avatar_that_fails_by_itself_accuses_nobody(tmp_path, failure, code, said, told):
    head = f"""
        import asyncio
        import mockvendors.avatar.stay

        async def fail():
            {failure}

        mockvendors.avatar.stay.join = lambda *given, **options: asyncio.create_task(fail(), name="room-join")
    """
    returned, output = run(*case(tmp_path, WATCHES, "core.join.wait", head), REFERENCE)
    assert returned == code, output
    assert said in output.splitlines()
    assert told in output


def test_avatar_that_fails_by_the_plugins_token_accuses_the_plugin(tmp_path):
    expired = "--implementation=agents:mutants/anam/token_expired.py"
    returned, output = run(*case(tmp_path, WATCHES, "core.join.wait"), expired)
    assert returned == 1, output
    assert "1 timeout" in output.splitlines()


# two workers


def test_two_workers_say_the_same(tmp_path):
    arguments = (
        "suites/anam/test_configuration.py",
        "suites/anam/test_concurrency.py",
        "suites/anam/test_errors.py",
        "-kTestConfiguration or TestConcurrency or 400",
        "--implementation=agents:mutants/anam/refusal_retried.py",
        listing(tmp_path, "test_errors.py::TestErrors::test_refusal_is_not_retried[[]40*"),
    )
    alone, both = (run(*arguments, *workers, MOCKVENDORS_LIVEKIT="none") for workers in ((), ("-n", "2")))
    assert verdict(alone[1]) == verdict(both[1])
    assert alone[0] == both[0], alone[1] + both[1]


# a plugin's CI


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_failure_stands_once_in_the_log_of_a_ci(workers):
    """There pytest does not cut the lines of its short summary."""
    cases = ("suites/anam/test_errors.py", "-k", "test_refusal_is_not_retried and 400")
    code, output = run(*cases, "--implementation=agents:mutants/anam/refusal_retried.py", *workers, CI="true")
    assert code == 1, output
    (summary,) = [line for line in output.splitlines() if line.startswith("FAILED suites/anam/test_errors.py::")]
    reason = summary.partition(" - ")[2]
    assert len(reason) > 30, output
    assert output.count(reason) == 2, output
    assert output.count("reproduce:") == 1, output


# several implementations


def test_side_by_side_each_has_a_verdict_as_if_alone():
    files = ("suites/anam/test_configuration.py", "suites/anam/test_errors.py", "-k", "TestConfiguration or 400")
    names = ("livekit.plugins.anam", "mutants/anam/reference.py", "mutants/anam/refusal_retried.py")
    alone = [verdict(run(*files, f"--implementation=agents:{name}")[1]) for name in names]
    code, output = run(*files, *(f"--implementation=agents:{name}" for name in names))
    assert code == 1, output
    beside = [verdict(part + "=") for part in re.split(r"^(?==+ verdict on )", output, flags=re.MULTILINE)[1:]]
    assert [lines[1:] for lines in beside] == [lines[1:] for lines in alone], output
    told = re.search(r"reproduce: (.*)$", output, re.MULTILINE)[1]
    assert "--implementation=agents:mutants/anam/refusal_retried.py" in told
    assert told.count("--implementation") == 1


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
    assert re.search(r"^\d+ pass · 1 timeout$", output, re.MULTILINE), output


def test_a_time_out_says_what_the_plugin_waits_for(tmp_path):
    plugin = implementation(
        tmp_path,
        """
        import asyncio
        import reference
        from reference import *
        CAPABILITIES = reference.CAPABILITIES

        class AvatarSession(reference.AvatarSession):
            async def start(self, *args, **kwargs):
                await asyncio.wait_for(asyncio.Event().wait(), None)
        """,
    )
    code, output = run("suites/anam/test_close.py", plugin, "-k", "test_close_twice", MOCKVENDORS_TIME_SCALE="0.2")
    assert code == 1, output
    assert re.search(r"^it waits: Pair\.start: \S+/wrong_plugin\.py:11 in start$", output, re.MULTILINE), output


def test_what_it_waited_for_is_not_its_last_words(tmp_path):
    plugin = implementation(
        tmp_path,
        """
        import asyncio
        import os
        import reference
        from reference import *
        CAPABILITIES = reference.CAPABILITIES

        class AvatarSession(reference.AvatarSession):
            async def start(self, *args, **kwargs):
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    os._exit(3)
        """,
    )
    code, output = run("suites/anam/test_close.py", plugin, "-k", "test_close_twice", MOCKVENDORS_TIME_SCALE="0.2")
    assert code == 1, output
    assert "ended with exit code 3" in output, output
    assert "it waits" not in output.partition("its last words:")[2].partition("journal:")[0], output
    assert "it waits: Pair.start" in output, output


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
    assert re.search(r"^\d+ not verified$", output, re.MULTILINE), f"and nothing else: {output}"


def test_wrong_scale_of_the_limits_is_told_where_nothing_runs():
    code, output = run("suites/anam/test_token.py", "--collect-only", MOCKVENDORS_TIME_SCALE="fast")
    assert code == 4, output
    assert output.count("ERROR: MOCKVENDORS_TIME_SCALE is 'fast', and no number above 0. 3 makes") == 1
    assert "Traceback" not in output
