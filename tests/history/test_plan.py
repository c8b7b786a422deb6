"""A broken history ends in one line: file, place, remedy."""

import pytest

from mockvendors.errors import UsageFault
from mockvendors.history.plan import file_name, load
from mockvendors.registry import suite

HEAD = """vendor = "anam"
[implementations]
"1.0" = "agents:toy==1.0"
"Node 2.0" = "node:@acme/toy@2.0.0"
"""
CHANGE = '[[change]]\nbetween = ["1.0", "Node 2.0"]\nmatch = ["*"]\nwhy = "so"\nsource = "seen"\n'


def test_a_history_is_read(tmp_path):
    file = tmp_path / "history.toml"
    file.write_text(HEAD + CHANGE)
    plan = load(file)
    assert list(plan.implementations) == ["1.0", "Node 2.0"]
    assert plan.change[0].between == ("1.0", "Node 2.0")
    assert [file_name(label) for label in plan.implementations] == ["1.0", "node-2.0"]


def test_the_suites_own_is_whole():
    plan = load(suite("anam") / "history.toml")
    assert {"1.5.17", "1.6.0", "1.8.0", "1.8.1", "1.8.2", "1.8.3", "1.8.8", "1.8.9"} <= set(plan.implementations)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("vendor = ", "is not TOML"),
        (HEAD + CHANGE.replace("why", "reason"), r"history\.toml: Object contains unknown field `reason`.*\$\.change\[0\]"),
        (HEAD + CHANGE.replace('"so"', "1"), r"Expected `str`, got `int` - at `\$\.change\[0\]\.why`"),
        (HEAD + CHANGE.replace('"1.0"', '"0.9"'), "change 1: 0.9 and Node 2.0 do not stand beside each other. These do: 1.0 and"),
        (HEAD + CHANGE + 'outcomes = ["fail", "good"]', "change 1: there is no outcome 'good'. Known: fail"),
        (HEAD.replace('"Node 2.0"', '"1-0"').replace('"1.0"', '"1 0"'), "'1-0' and '1 0' cannot be told apart as names of files"),
        (HEAD.replace("node:@acme/toy@2.0.0", "agents:toy==1.0"), "names agents:toy==1.0 twice"),
        (HEAD.replace("node:", "nod:"), "unknown implementation 'nod:@acme/toy@2.0.0'"),
        ('vendor = "anam"\n[implementations]\n"1" = "agents:toy==1"\n', "length >= 2"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, text, told):
    file = tmp_path / "history.toml"
    file.write_text(text)
    with pytest.raises(UsageFault, match=told) as raised:
        load(file)
    assert "\n" not in str(raised.value)


def test_a_history_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageFault, match="cannot be read: No such file"):
        load(tmp_path / "none.toml")
