"""`mockvendors smoke` as a person runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from mockvendors import limits
from mockvendors.drivers.smoke_checks import CHECKS

PROGRAM = Path(sys.executable).with_name("mockvendors")
TOY = Path(__file__).with_name("toy.py")
LIMIT = 60.0


def smoke(*arguments, vendor="anam"):
    done = subprocess.run(
        [PROGRAM, "smoke", vendor, *arguments],
        capture_output=True,
        text=True,
        timeout=limits.scaled(LIMIT),
        check=False,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def toy(wrong=""):
    return f"--implementation=exec:{sys.executable} '{TOY}' {wrong}"


def test_a_good_driver_is_told_check_by_check():
    code, out, _ = smoke(toy())
    assert code == 0
    assert out.splitlines()[0].endswith("toy.py' : toy 3")
    assert "ok    ping             `ping` is answered while a start is pending\n" in out
    assert out.endswith("\nthe driver keeps to the protocol\n")


def test_what_fails_is_told_with_its_remedy():
    code, out, _ = smoke(toy("prints"))
    assert code == 1
    assert "FAIL  stdout           nothing but messages is on stdout\n" in out
    assert "'opening a session ...'" in out
    assert "remedy: Print to stderr" in out
    assert out.endswith("\nthe driver failed 1 of 14 checks\n")


def test_a_plugin_whose_import_ends_the_process_is_no_fault_of_its_driver(tmp_path):
    (tmp_path / "aborts.py").write_text("import os\nos.abort()\n")
    code, out, err = smoke(f"--implementation=agents:{tmp_path / 'aborts.py'}")
    assert (code, out) == (4, "")
    assert f"the plugin {tmp_path / 'aborts.py'} cannot be imported: its import ends the process with signal SIGABRT. " in err


def test_json_is_one_object():
    code, out, _ = smoke(toy("prints"), "--json")
    told = json.loads(out)
    assert code == 1
    assert (told["passed"], told["hello"]["name"]) == (False, "toy")
    assert [check["check"] for check in told["checks"] if check["passed"] is False] == ["stdout"]


def test_a_claim_that_no_case_needs_is_a_warning():
    code, out, _ = smoke(toy("claims-a-typo"))
    assert code == 0
    assert "warning: the driver claims 'viedo-size', which no case of the suite needs" in " ".join(out.split())
    assert "nearest: video-size" in " ".join(out.split())
    told = json.loads(smoke(toy("claims-a-typo"), "--json")[1])
    assert [warning.partition(",")[0] for warning in told["warnings"]] == ["claims 'viedo-size'"]


def test_what_was_not_tried_is_no_failure():
    code, out, _ = smoke(toy("no-session"))
    assert code == 0
    assert "--    ping             " in out
    assert out.endswith("\nthe driver keeps to the protocol, 3 not tried\n")


@pytest.mark.parametrize(
    ("vendor", "implementation", "told"),
    [
        ("anma", "exec:true", "There is no suite for a vendor 'anma'. Nearest: anam"),
        ("anam", "exe:true", "unknown implementation 'exe:true'. Write exec:PROGRAM"),
        ("anam", "exec:./no/driver", "there is no program ./no/driver. Build the driver, or give its path"),
        ("anam", "exec:'", "No closing quotation"),
    ],
    ids=["vendor", "kind", "program", "quotation"],
)
def test_a_mistake_is_one_line(vendor, implementation, told):
    code, out, error = smoke(f"--implementation={implementation}", vendor=vendor)
    assert (code, out) == (4, "")
    assert told in error
    assert error.count("\n") == 1


def test_ctrl_c_leaves_nothing(tmp_path):
    held = tmp_path / "held"
    program = tmp_path / "driver"
    program.write_text(f"#!/bin/sh\necho $$ >> '{held}'\nexec sleep 600\n")
    program.chmod(0o755)
    running = subprocess.Popen([PROGRAM, "smoke", "anam", f"--implementation=exec:{program}"], start_new_session=True)
    try:
        until(lambda: held.is_file() and len(held.read_text().split()) == 3)
        running.send_signal(signal.SIGINT)
        assert running.wait(limits.scaled(LIMIT)) == 2
    finally:
        running.kill()
        running.wait()
    drivers = list(map(int, held.read_text().split()))
    until(lambda: not any(psutil.pid_exists(each) and psutil.Process(each).status() != "zombie" for each in drivers))


def until(condition):
    deadline = time.monotonic() + limits.scaled(LIMIT)
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(limits.DRIVER_POLL)


def test_a_plugin_that_cannot_be_loaded_is_the_callers_mistake():
    code, _, error = smoke(toy("cannot-load"))
    assert code == 4
    assert re.search(
        "the driver of exec:.* cannot load what it drives: there is no plugin toy. The driver itself says so: ", error
    )


def test_one_death_is_one_failure_and_the_rest_is_not_tried():
    code, out, _ = smoke(toy("dies"))
    assert code == 1
    assert re.search("^FAIL  hello .*I have no licence.*remedy: Start it by hand to see why: ", out, re.MULTILINE | re.DOTALL)
    assert out.endswith("\nthe driver failed 1 of 14 checks, 13 not tried\n")


def test_help_says_who_answers_the_session():
    done = subprocess.run(
        [PROGRAM, "smoke", "--help"], capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "200"}
    )
    assert "a small vendor of smoke's own on this machine: not VENDOR's mock" in " ".join(done.stdout.split())
    assert "smoke's own" in CHECKS["session"].holds
    assert "An option that the driver does not know, and what it claims of a vendor's options" in " ".join(done.stdout.split())


def test_a_greeting_of_another_protocol_is_headed_as_what_it_is():
    code, out, _ = smoke(toy("protocol-2"))
    assert code == 1
    assert out.splitlines()[0].endswith("protocol-2: hello was answered, but not as protocol 1 has it")


def test_a_program_that_cannot_be_started_is_no_verdict(tmp_path):
    program = tmp_path / "driver"
    program.write_bytes(b"\x7fELF no program")
    program.chmod(0o755)
    code, out, error = smoke(f"--implementation=exec:{program}")
    assert (code, out) == (7, "")
    assert f"the driver {program} cannot be started: " in error
