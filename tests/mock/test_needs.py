"""What Anam's code reads of its contract is checked before anything is served."""

import copy
import re
from dataclasses import replace
from pathlib import Path

import pytest

from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.server import load_vendor
from mockvendors.vendors import anam
from mockvendors.vendors.anam.needs import NEEDS

FOLDER = Path(anam.__file__).parent


def named(pattern):
    code = "".join(file.read_text() for file in FOLDER.glob("*.py") if file.name != "needs.py")
    return set(re.findall(pattern, code))


def test_the_list_has_what_the_code_names():
    assert set(NEEDS.rules) == named(r'"(anam\.[a-z.-]+[a-z])"')
    assert set(NEEDS.settings) == named(r'settings\["(\w+)"\]')
    assert {path.partition(".")[0] for path in NEEDS.tables} == named(r'tables\["(\w+)"\]')


def without(*path):
    def change(raw):
        for name in path[:-1]:
            raw = raw[name]
        del raw[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without("x-settings", "plan"), "x-settings.plan is missing"),
        (without("x-tables", "media", "fps"), "x-tables.media.fps is missing"),
        (without("x-tables", "sizes", "cara-3", "pairs"), "x-tables.sizes.cara-3.pairs is missing"),
        (without("x-tables", "plans"), "x-tables.plans is missing"),
        (lambda raw: raw["x-tables"].update(stand_in={}, told={}), r"x-tables.stand_in.avatar and 2 more is missing"),
    ],
)
def test_what_is_missing_is_told_with_file_and_place(change, told):
    contract = Contract.load("anam")
    raw = copy.deepcopy(contract.raw)
    change(raw)
    settings = {name: one for name, one in contract.settings.items() if name in raw["x-settings"]}
    with pytest.raises(UsageFault, match=rf"^anam/contract.yaml: {told}, which the mock of anam needs"):
        load_vendor(replace(contract, raw=raw, settings=settings))
