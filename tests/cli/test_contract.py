"""`mockvendors contract` prints what each statement rests on."""

import json
import subprocess
import sys
from subprocess import PIPE

import pytest

from mockvendors.contract import Contract, core_rules


def mockvendors(*arguments):
    return subprocess.run([sys.executable, "-m", "mockvendors", *arguments], capture_output=True, text=True, check=False)


def test_json_holds_every_statement():
    run = mockvendors("contract", "anam", "--json")
    assert (run.returncode, run.stderr) == (0, "")
    assert [row["id"] for row in json.loads(run.stdout)] == [item.id for item in Contract.load("anam").evidence]


def test_level_and_kind_choose():
    run = mockvendors("contract", "anam", "--json", "--level", "assumed", "--level", "measured", "--kind", "rule")
    rows = json.loads(run.stdout)
    rules = Contract.load("anam").rules.values()
    assert {row["id"] for row in rows} == {rule.id for rule in rules if rule.level in {"assumed", "measured"}}


def test_the_table_ends_with_counts():
    run = mockvendors("contract", "anam")
    assert run.returncode == 0
    assert "anam.size.pair  [documented rule]" in run.stdout
    header, *rows = run.stdout.rsplit("\n\n", 1)[1].splitlines()
    assert header.split() == ["documented", "measured", "client", "assumed", "all"]
    total = rows[-1].split()
    assert total[0] == "all"
    assert int(total[-1]) == len(Contract.load("anam").evidence) == sum(map(int, total[1:-1]))


def test_where_nothing_has_the_level_it_says_so():
    run = mockvendors("contract", "anam", "--level", "recorded", "--kind", "rule")
    assert (run.returncode, run.stdout) == (
        0,
        "No statement of anam is recorded and rule. docs/levels.md says how a statement gets a level.\n",
    )
    assert json.loads(mockvendors("contract", "anam", "--level", "recorded", "--json").stdout) == []


def test_the_description_of_a_setting_is_no_source():
    run = mockvendors("contract", "anam", "--kind", "setting")
    assert "State of the account" in run.stdout
    assert "from:" not in run.stdout


def test_a_reader_that_goes_away_is_no_failure():
    writer = subprocess.Popen([sys.executable, "-m", "mockvendors", "contract", "anam"], stdout=PIPE, stderr=PIPE)
    writer.stdout.close()
    assert (writer.wait(), writer.stderr.read()) == (0, b"")
    writer.stderr.close()


def test_core_rules_can_be_read_too():
    rows = json.loads(mockvendors("contract", "core", "--json").stdout)
    assert [row["id"] for row in rows] == list(core_rules())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nobody"], "Known vendors: anam"),
        (["anam", "--level", "sure"], "There is: recorded, documented, measured, client, assumed"),
        (["anam", "--kind", "thing"], "There is: rule, field, status, table, setting"),
    ],
)
def test_a_wrong_name_is_told(arguments, told):
    run = mockvendors("contract", *arguments)
    assert (run.returncode, run.stdout) == (4, "")
    assert told in run.stderr
