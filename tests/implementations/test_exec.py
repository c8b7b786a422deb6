"""`exec:`: a driver of one's own; one that does not keep to the protocol stops the run before any case."""

import sys

import pytest

from mockvendors.drivers import schema
from mockvendors.errors import UsageFault
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation
from tests.conformance.running import ROOT, run

TOY = ROOT / "tests" / "smoke" / "toy.py"


def test_words_are_read_as_a_shell_reads_them(tmp_path, monkeypatch):
    (tmp_path / "my driver").write_text("#!/bin/sh\n")
    (tmp_path / "my driver").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    named = connect("exec:'./my driver' --name 'two words' $HOME")
    launch = named.prepare(Preparation(ROOT / "plugin.py"))
    assert launch.arguments == (f"{tmp_path}/my driver", "--name", "two words", "$HOME")
    assert launch.strange, "it is not ours, and is tried first"
    assert (named.text, named.known_as) == ("exec:'./my driver' --name 'two words' $HOME", "")


def test_a_driver_that_is_to_replay_is_told():
    launch = connect("exec:true --quick").prepare(Preparation(ROOT / "plugin.py", replay=True))
    assert launch.arguments[1:] == ("--quick", "--replay")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("exec:no-such-program", "there is no program no-such-program on the PATH. Install it, or write where it lies"),
        ("exec:./no/driver x", "there is no program ./no/driver. Build the driver, or give its path"),
        ("exec:./README.md", "./README.md is no program that may be run. chmod [+]x ./README.md"),
        ("exec:'a", "exec:'a cannot be read: No closing quotation. Quote its arguments as in a shell"),
        ("exec:  ", "exec: names no program"),
    ],
    ids=["path", "file", "mode", "quote", "empty"],
)
def test_what_cannot_be_is_one_line_with_its_remedy(text, told, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(UsageFault, match=told):
        connect(text)


def toy(wrong):
    return f"--implementation=exec:{sys.executable} '{TOY}' {wrong}"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("prints", "stdout: 'opening a session ...' (Print to"),
        (
            "no-identity",
            f'valid: reply to open: ok: "identity" is a required property (See {schema.PATH}, in $defs',
        ),
        (
            "dies-in-start",
            "session: its process ended with exit code 1 before it answered start, and last said: out of luck (See why",
        ),
    ],
)
def test_a_driver_that_does_not_keep_to_the_protocol_is_not_judged(wrong, told):
    code, output = run("suites/anam/test_token.py", toy(wrong), MOCKVENDORS_LIVEKIT="none")
    assert code == 7, output
    assert f"does not keep to the protocol, so its implementation was not judged: {told}" in output
    assert output.count("`mockvendors smoke anam --implementation") == 1
    assert "mockvendors: nothing was judged" in output
    assert "passed" not in output


def test_a_driver_that_keeps_to_it_is_judged():
    case = "suites/anam/test_transport.py::TestTransport::test_start_waits_for_the_answer"
    code, output = run(case, toy(""), MOCKVENDORS_LIVEKIT="none")
    assert code == 1, output  # the toy asks at no address of the vendor's
    assert "verdict on toy 3" in output
