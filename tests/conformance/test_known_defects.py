"""A listed reason that cites a defect by its number sends its reader to docs/ci.md: there it is explained."""

import re
import tomllib

import pytest

from .running import ROOT

LISTS = sorted(ROOT.glob("suites/*/expected/*.toml"))


@pytest.fixture(scope="module")
def explained():
    rows = re.findall(r"^\| (Q\d+) \| \S.* \|$", (ROOT / "docs/ci.md").read_text(), re.MULTILINE)
    assert len(rows) == len(set(rows))
    return set(rows)


def test_there_are_lists():
    assert LISTS


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_cited_defect_is_explained(path, explained):
    reasons = [entry["reason"] for entry in tomllib.loads(path.read_text())["expected"]]
    cited = {number for reason in reasons for number in re.findall(r"\bQ\d+\b", reason)}
    assert cited
    assert cited - explained == set()
