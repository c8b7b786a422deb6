"""Whole runs with a list of known failures: each entry excuses what it says and nothing else."""

import platform
from datetime import UTC, datetime, timedelta

import pytest

from .running import ROOT, case, run
from .theirs import Acme

CRASH = ("suites/anam/test_token.py", "-k", "test_kind", f"--implementation=agents:{ROOT / 'mutants/anam/crash_in_start.py'}")
HAMMERED = ("suites/anam/test_concurrency.py", "-k", "test_hard_limit_is_not_hammered")


def listing(tmp_path, *entries):
    path = tmp_path / "known.toml"
    lines = ["\n".join(["[[expected]]", *(f'{name} = "{value}"' for name, value in fields.items())]) for fields in entries]
    path.write_text("\n\n".join(lines))
    return f"--expectations={path}"


def entry(match, **more):
    return {"match": match, "outcome": "fail", "reason": "seen once", **more}


@pytest.mark.parametrize(("rule", "code", "told"), [("core.token.kind", 0, "1 expected"), ("core.token.name", 1, "1 crash")])
def test_crash_is_excused_by_an_entry_of_its_own_rule_alone(tmp_path, rule, code, told):
    returned, output = run(*CRASH, listing(tmp_path, entry("*test_kind", outcome="crash", rule=rule)))
    assert returned == code, output
    assert told in output


def test_second_entry_for_a_case_excuses_its_own_rule(tmp_path):
    listed = [
        entry("*hammered", rule="anam.session.concurrency"),
        entry("*hammered", rule="anam.session.hard-limit", reason="Q3"),
    ]
    code, output = run(*HAMMERED, listing(tmp_path, *listed))
    assert code == 0, output
    assert "expected: test_concurrency.py::TestConcurrency::test_hard_limit_is_not_hammered: Q3\n" in output


EACH = """
    @pytest.mark.parametrize("name", ["os", "kind", "framework", "version", "others", "later", "linked"])
    async def test_it(self, drive, check, name):
        check("core.config.key", 1, 2)
"""
HERE = {"os": platform.system().lower(), "kind": "agents", "framework": "livekit-agents"}


def test_entry_holds_where_when_and_for_whom_it_says(tmp_path):
    def listed(name, more):
        return f'[[expected]]\nmatch = "*test_it[{name}]"\noutcome = "fail"\nreason = "seen once"\n{more}\n'

    today = datetime.now(UTC).date()
    entries = [
        *(listed(name, f'when = {{ {name} = "{value}" }}') for name, value in HERE.items()),
        listed("version", 'versions = ">=1.8"'),
        listed("others", 'when = { os = "linux", kind = "node" }'),
        listed("others", 'versions = "<1.8"'),
        listed("later", f"until = {today + timedelta(days=1)}"),  # midnight may come while this runs
        listed("linked", f'link = "https://example.org/1"\nuntil = {today + timedelta(days=9)}'),
    ]
    known = tmp_path / "known.toml"
    known.write_text("\n".join(entries))
    ours = case(tmp_path, EACH, head="import pytest\n")
    code, output = run(*ours, "--implementation=agents:mutants/anam/reference.py", f"--expectations={known}")
    assert code == 1, output
    assert "6 expected" in output
    assert "1 fail" in output
    assert "::TestOurs::test_it[others] - core.config.key: " in output
    assert f"test_it[linked]: seen once · https://example.org/1 · until {today + timedelta(days=9)}\n" in output

    known.write_text(entries[0] + f"until = {today - timedelta(days=1)}\n")
    code, output = run(*ours, f"--expectations={known}")
    assert code == 4, output
    assert f"known.toml, entry 1 was excused until {today - timedelta(days=1)}. Remove it when that is mended" in output


def test_entry_that_can_never_act_is_told_before_the_first_case(tmp_path):
    code, output = run(
        "suites/anam", listing(tmp_path, entry("test_size.py::*"), entry("test_size.py::*", rule="anam.size.pair"))
    )
    assert code == 4, output
    told = "'test_size.py::*' (seen once) can never act: 'test_size.py::*' excuses all that it does"
    assert output.count(told) == 1


REFERENCE = f"agents:{ROOT / 'mutants/anam/reference.py'}"
RETRIED = f"agents:{ROOT / 'mutants/anam/refusal_retried.py'}"
BESIDE = ("suites/anam/test_errors.py", "-k", "test_refusal_is_not_retried", f"--implementation={RETRIED}")


def test_one_list_judges_all_of_a_run_unless_an_entry_names_its_implementation(tmp_path):
    known = listing(tmp_path, entry("test_errors.py::*::test_refusal_is_not_retried*"))
    code, output = run(*BESIDE, f"--implementation={REFERENCE}", known)
    assert code == 1, output
    told = f"(seen once), yet it passed with {REFERENCE}: remove the entry 'test_errors.py::*::test_refusal_is_not_retried*'; "
    told += f'if {RETRIED} still fails so, keep it with when = {{ implementation = "{RETRIED}" }}'
    assert told in output

    with (tmp_path / "known.toml").open("a") as file:
        file.write(f'\nwhen = {{ implementation = "{RETRIED}" }}\n')
    code, output = run(*BESIDE, f"--implementation={REFERENCE}", known)
    assert code == 0, output
    assert " expected" in output
    code, output = run(*BESIDE, known)
    assert code == 0, output


ONE = """
    async def test_it(self, drive, check):
        check("core.config.key", 1, 2)
"""


def test_entry_for_an_implementation_that_no_run_names_is_told(tmp_path):
    def bound(*implementations):
        entries = [
            f'[[expected]]\nmatch = "*test_it"\noutcome = "fail"\nreason = "once"\nwhen = {{ implementation = "{each}" }}\n'
            for each in implementations
        ]
        (tmp_path / "known.toml").write_text("\n".join(entries))
        return f"--expectations={tmp_path / 'known.toml'}"

    ours, named = case(tmp_path, ONE), "--implementation=agents:mutants/anam/reference.py"
    code, output = run(*ours, named, bound("agents:./mutants/anam/reference.py", "agents:gone", "node:gone"))
    assert code == 0, output
    assert "1 expected" in output
    told = f"{tmp_path / 'known.toml'} binds 1 entry to {{}}, which this run did not name: it judged {named.partition('=')[2]}\n"
    assert told.format("agents:gone") in output
    assert told.format("node:gone") in output
    assert output.count("which this run did not name") == 2

    code, output = run(*ours, named, bound("agents:mutants/anam/reference.py"))
    assert code == 0, output
    assert "did not name" not in output


def test_stale_entry_of_a_suites_own_list_is_not_bound_to_what_that_list_is_not_for(tmp_path):
    acme = Acme.copied(tmp_path)
    (acme.folder / "acme_suite" / "expected").mkdir(exist_ok=True)
    own = '[[expected]]\nmatch = "*test_mood_is_sent*"\noutcome = "fail"\nreason = "seen once"\n'
    acme.add("acme_suite/expected/their-plugin.toml", own)
    code, output = acme.check("-k", "test_mood_is_sent", "--implementation=agents:their_plugin")
    assert code == 1, output
    told = "listed as fail (seen once), yet it passed with agents:their_plugin: remove the entry '*test_mood_is_sent*'"
    assert told in output
    assert "keep it with" not in output
