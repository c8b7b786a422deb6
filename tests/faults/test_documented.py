"""docs/faults.md names every fault as the table has it, and every example in it can be asked for."""

import re
from dataclasses import MISSING, fields
from inspect import getdoc
from pathlib import Path

from mockvendors.faults import FAULTS, Stage, from_data, from_text
from mockvendors.faults.fields import describe

PAGE = (Path(__file__).parents[2] / "docs" / "faults.md").read_text()
STAGES = {
    Stage.ARRIVAL: "1 arrival",
    Stage.INSTEAD: "2 instead of the vendor",
    Stage.AVATAR: "3 the avatar",
    Stage.ANSWER: "4 the answer",
}


def row(kind):
    told = [
        f"`{field.name}`{'' if field.default is MISSING else ' (optional)'}: {describe(kind, field.name)}"
        for field in fields(kind)
    ]
    return f"| `{kind.name}` | {STAGES[kind.stage]} | {'; '.join(told)} | {' '.join(getdoc(kind).split())} |"


def test_the_page_has_every_fault_as_it_is():
    there = [line for line in PAGE.splitlines() if re.match(r"\| `[a-z-]+` \| \d ", line)]
    assert there == [row(kind) for kind in FAULTS.values()], "\n" + "\n".join(row(kind) for kind in FAULTS.values())


def test_every_example_can_be_asked_for():
    texts = re.findall(r"--fault (\S+=\S+)", PAGE)
    texts += re.findall(r'faults\.add_text\("(.+?)"\)', PAGE) + re.findall(r'"fault": "(\w[\w-]*:.+?)"', PAGE)
    data = [{"fault": "status", "status": 503, "operation": "startSession", "calls": [1, 2]}]
    assert len(texts) >= 5
    assert '{"fault": "status", "status": 503, "operation": "startSession", "calls": [1, 2]}' in PAGE
    for text in texts:
        from_text(text)
    for one in data:
        from_data(one)
