from datetime import UTC, datetime, timedelta

import pytest

from mockvendors.conformance.expectations import PLACEHOLDER, Expectation, check_rules, load, parse, unmatched
from mockvendors.conformance.verdict import Verdict
from mockvendors.errors import UsageFault

GOOD = """
[[expected]]
match = "test_a.py::*::test_x[[]1*"
outcome = "fail"
reason = "because"
versions = ">=1.8.3"
"""


def write(tmp_path, text):
    path = tmp_path / "known.toml"
    path.write_text(text)
    return path


def test_entry_is_read(tmp_path):
    (entry,) = load(write(tmp_path, GOOD))
    assert entry.outcome is Verdict.FAIL
    assert entry.applies_to("1.8.9", {})
    assert not entry.applies_to("1.8.2", {})


HERE = {"os": "linux", "kind": "agents", "framework": "livekit-agents", "implementation": "agents:."}


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("{}", True),
        ('{ os = "linux" }', True),
        ('{ os = "linux", kind = "agents" }', True),
        ('{ os = "darwin" }', False),
        ('{ os = "linux", framework = "vision-agents" }', False),
        ('{ framework = "livekit-agents-go" }', False),
        ('{ implementation = "agents:." }', True),
        ('{ implementation = "agents:livekit.plugins.anam==1.6.0" }', False),
    ],
)
def test_entry_holds_where_it_says(tmp_path, when, holds):
    (entry,) = load(write(tmp_path, GOOD + f"when = {when}\n"))
    assert entry.applies_to("1.8.9", HERE) is holds
    assert not entry.applies_to("1.8.2", HERE)


def test_entry_of_one_system_does_not_cover_that_of_all():
    narrow = Expectation("a", Verdict.FAIL, "r", when=frozenset({("os", "linux")}))
    wide = Expectation("a", Verdict.FAIL, "r")
    assert wide.covers(narrow)
    assert not narrow.covers(wide)


def test_entry_ends_after_its_day(tmp_path):
    today = datetime.now(UTC).date()
    assert load(write(tmp_path, GOOD + f"until = {today}\n"))  # the last day counts
    (entry,) = load(write(tmp_path, GOOD + f'until = {today + timedelta(days=1)}\nlink = "https://example.org/1"\n'))
    assert entry.told == f"because · https://example.org/1 · until {today + timedelta(days=1)}"
    with pytest.raises(UsageFault, match=f"entry 1 was excused until {today - timedelta(days=2)}"):
        load(write(tmp_path, GOOD + f"until = {today - timedelta(days=2)}\n"))


@pytest.mark.parametrize(
    ("pattern", "case", "hit"),
    [
        ("test_a.py::TestA::test_x", "test_a.py::TestA::test_x", True),
        ("test_a.py::TestA::test_x", "test_a.py::TestA::test_xy", False),
        ("test_a.py::*::test_x[*]", "test_a.py::TestA::test_x[400]", True),
        ("test_a.py::*::test_x[400]", "test_a.py::TestA::test_x[400]", True),
        ("test_a.py::*::test_x[400]", "test_a.py::TestA::test_x4", False),
        ("test_a.py::*::test_x[40?]", "test_a.py::TestA::test_x[400]", False),
        ("test_a.py::*::test_x[4?]", "test_a.py::TestA::test_x[4?]", True),
    ],
)
def test_brackets_are_literal(pattern, case, hit):
    assert Expectation(pattern, Verdict.FAIL, "r").matches(case) is hit


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not toml [", "is not TOML"),
        ("[other]\nx = 1", "Only [[expected]]"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"', "entry 1 lacks reason. Each entry needs match, outcome, reason"),
        ('[[expected]]\nmatch = "a"\noutcom = "fail"\nreason = "r"', "an unknown field 'outcom'. Nearest: outcome"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = 7', "entry 1: reason is no text. Put it in quotes"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nuntil = "2027-01-01"', "without quotes"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nuntil = 2027-01-01T10:00:00', "until is no day"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nwhen = "linux"', "when is no table"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nwhen = { os = 1 }', "when is no table of texts"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nwhen = { oss = "linux" }', "Nearest: os"),
        ('expected = ["a"]', "entry 1 is no table"),
        ('[[expected]]\nmatch = "a"\noutcome = "error"\nreason = "r"', "'error'"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nreasn = "r"', "Nearest: reason"),
        (GOOD + 'when = { os = "macos" }', "when asks for the os 'macos'. Nearest: darwin. Known: linux, darwin, windows"),
        (GOOD + 'when = { os = "Linux" }', "Nearest: linux."),
        (GOOD + 'when = { os = "beos" }', "entry 1: when asks for the os 'beos'. Known: linux, darwin, windows"),
        (GOOD + 'when = { kind = "agent" }', "the kind 'agent'. Nearest: agents. Known: agents, exec, image, node, py"),
        (GOOD + 'when = { kind = "" }', "the kind ''. Known: agents"),
        (
            GOOD + 'when = { framework = "livekit_agents" }',
            "the framework 'livekit_agents'. Nearest: livekit-agents. Known:",
        ),
        (GOOD + 'when = { implementation = "agent:." }', "the implementation 'agent:.', which is no connect string. Write it as"),
        (GOOD + 'when = { implementation = "agents:" }', "the implementation 'agents:', which is no connect string"),
        (GOOD + 'when = { framework = " " }', "Known: livekit-agents, @livekit/agents, or what a driver of your own names"),
        (GOOD + 'when = { sytem = "linux" }', "when asks for an unknown 'sytem'. Known: framework, implementation, kind, os"),
        (GOOD + 'when = { python = ">=3.12" }', "when asks for an unknown 'python'. Known: framework, implementation, kind, os"),
        ('[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nversions = "new"', "Write versions"),
    ],
)
def test_mistakes_are_told(tmp_path, text, told):
    with pytest.raises(UsageFault) as caught:
        load(write(tmp_path, text))
    assert told in str(caught.value)
    assert "known.toml" in str(caught.value)


@pytest.mark.parametrize("reason", [PLACEHOLDER, "", "  "])
def test_entry_without_a_reason_yet_is_refused_by_a_run_alone(tmp_path, reason):
    text = GOOD.replace("because", reason)
    path = write(tmp_path, GOOD + text)
    assert [entry.reason for entry in parse(path, text)] == [reason]
    with pytest.raises(UsageFault) as caught:
        load(path)
    told = f"{path}, entry 2 (test_a.py::*::test_x[[]1*) has no reason yet. Write why it fails in place of {reason!r}"
    assert str(caught.value) == told


def test_rule_that_nobody_knows_is_told(tmp_path):
    path = write(tmp_path, GOOD + 'rule = "core.errors.no-retri"\n')
    with pytest.raises(UsageFault) as caught:
        check_rules(path, load(path), {"core.errors.no-retry", "anam.size.pair"})
    assert str(caught.value) == (
        f"{path}, entry 1 (test_a.py::*::test_x[[]1*) names the rule 'core.errors.no-retri', which no contract holds."
        " Nearest: core.errors.no-retry; `mockvendors contract VENDOR` and `mockvendors contract core` list all rules"
    )
    check_rules(path, load(path), {"core.errors.no-retri"})


def test_missing_file_is_told(tmp_path):
    with pytest.raises(UsageFault, match="cannot be read"):
        load(tmp_path / "none.toml")


def test_unmatched_entry_names_the_nearest():
    lines = unmatched(
        [Expectation("test_size.py::TestSize::test_refusd", Verdict.FAIL, "r")],
        ["test_size.py::TestSize::test_refused"],
    )
    assert lines == [
        "'test_size.py::TestSize::test_refusd' matches no case of the suite (nearest: test_size.py::TestSize::test_refused)"
    ]


@pytest.mark.parametrize(
    ("asked", "run", "same"),
    [
        ("agents:./", "agents:.", True),
        ("agents:../{here}#my.module", "agents:.#my.module", True),
        ("agents:../{here}", "agents:..", False),
        ("agents:.#my.module", "agents:.", False),
        ("agents:./my_plugin.py", "agents:my_plugin.py", True),
        ("agents:my.module == 1.0", "agents:my.module==1.0", True),
        ("agents:my.module==1.0", "agents:my.module", False),
        ("exec:./driver  --fast", "exec:../{here}/driver --fast", True),
        ("exec:./driver --fast", "exec:driver --fast", False),
        ("exec:driver 'open", "exec:driver 'open", True),
        ("py:./driver.py:make", "py:driver.py:make", True),
        ("py:driver.py:make", "py:driver.py:other", False),
        ("node:plugin", "node:plugin@1.0.0", False),
    ],
)
def test_implementation_is_the_same_in_whichever_way_it_is_written(tmp_path, monkeypatch, asked, run, same):
    monkeypatch.chdir(tmp_path)
    here = {"implementation": run.format(here=tmp_path.name)}
    when = frozenset({("implementation", asked.format(here=tmp_path.name))})
    entry = Expectation("a", Verdict.FAIL, "r", when=when)
    assert entry.applies_to("1", here) is same
    assert entry.covers(Expectation("a", Verdict.FAIL, "r", when=frozenset(here.items()))) is same
