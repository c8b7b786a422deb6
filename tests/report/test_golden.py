"""What is printed of a report, letter by letter. UPDATE_GOLDEN=1 writes the files anew: read the difference before committing."""

import os
from pathlib import Path

import pytest

from mockvendors.cli.report import Format, rendered
from mockvendors.report.view import view

from . import samples

GOLDEN = Path(__file__).with_name("golden")
WIDTH = "100"
SHOWN = {
    "every": ([samples.EVERY], False),
    "nothing": ([samples.NOTHING], False),
    "side-by-side": ([samples.SIDE_BY_SIDE], False),
    "history": (samples.HISTORY, False),
    "history-changes": (samples.HISTORY, True),
}
SUFFIX = {Format.TERMINAL: "txt", Format.MARKDOWN: "md", Format.JSON: "json"}


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("format_", Format)
def test_as_it_was(name, format_, monkeypatch):
    monkeypatch.setenv("COLUMNS", WIDTH)
    reports, changes = SHOWN[name]
    said = rendered(view(reports, changes=changes), format_)
    file = GOLDEN / f"{name}.{SUFFIX[format_]}"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(said)
    assert said == file.read_text()


def test_no_golden_file_is_left_over():
    assert {file.name for file in GOLDEN.iterdir()} == {f"{name}.{suffix}" for name in SHOWN for suffix in SUFFIX.values()}
