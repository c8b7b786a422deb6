"""The admin API obeys its own OpenAPI document: a fixed seed and number of examples, positive and negative."""

from collections import Counter
from dataclasses import replace

import pytest

from mockvendors.admin import api
from mockvendors.admin.messages import Removed
from mockvendors.admin.table import ROWS
from tests.fuzz.admin import play_admin

EXAMPLES = 8
"""Of each operation and mode: a few seconds together. `make fuzz` goes on for as long as it is told."""
TAKES_ANYTHING = {"here", "listFaultKinds", "readDocument"}
"""Nothing in a call of these can be wrong."""


def test_the_document_is_kept():
    told = Counter()
    found = play_admin(EXAMPLES, start=0, told=told)
    assert found is None, found.report()
    accepted = {name for name, status in told if status < 300}
    refused = {name for name, status in told if status >= 400}
    operations = {row.id for row in ROWS} | {"readDocument"}
    assert accepted == operations, told
    assert refused == operations - TAKES_ANYTHING, told


async def answers_404(_):
    raise LookupError("nothing there")


async def crashes(_):
    raise RuntimeError("broken")


async def answers_with_another_type(_):
    return Removed(removed=-1)


@pytest.mark.parametrize(
    ("operation", "answer", "kind"),
    [
        ("addFault", answers_404, "UndefinedStatusCode"),
        ("listFaults", crashes, "ServerError"),
        ("clearFaults", answers_with_another_type, "JsonSchemaError"),
        ("readSettings", answers_with_another_type, "JsonSchemaError"),
    ],
)
def test_what_is_not_kept_is_found(monkeypatch, operation, answer, kind):
    rows = tuple(replace(row, answer=answer) if row.id == operation else row for row in ROWS)
    monkeypatch.setattr(api, "ROWS", rows)
    found = play_admin(EXAMPLES, start=0, told=Counter(), only=operation)
    assert found is not None
    assert kind in found.kind, found.report()
    assert "curl" in found.report()
