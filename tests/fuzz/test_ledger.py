"""What a session does is known only as long as its time cannot be over, however slow the machine is."""

import time

import pytest

from .defect import Defect
from .ledger import Started
from .looks import check
from .wire import Got

TABLES = {"media": {"fps": {"value": 25}}, "told": {"exitStatus": {"value": "CLOSED_BY_ENGINE"}}}
NOW = 1_763_000_000.0


def session(left: float) -> Started:
    """Return a session of five seconds, of which so many are left."""
    return Started("label", "cara-4", (NOW, NOW), longest=5, until=time.monotonic() + left)


def row(*, ended: str | None = None, milliseconds: int | None = None) -> dict[str, object]:
    status = None if ended is None else "CLOSED_BY_ENGINE"
    told = {"startTime": "2025-11-13T02:13:20Z", "endTime": ended, "sessionLengthMs": milliseconds, "exitStatus": status}
    return {"id": "s", "clientLabel": "label", "personaConfig": {"avatarVersion": "cara-4", "fps": 25}, **told}


def test_running_is_certain_only_before_its_end():
    assert session(left=60).running is True
    assert session(left=-0.001).running is None


def test_either_is_right_once_its_time_may_be_over():
    late = session(left=-1)
    check(TABLES, "s", late, row(), _got())
    check(TABLES, "s", late, row(ended="2025-11-13T02:13:25Z", milliseconds=5000), _got(after=6))
    assert late.running is False
    with pytest.raises(Defect, match="endTime None"):
        check(TABLES, "s", late, row(), _got(after=7))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (row(ended="2025-11-13T02:13:25Z", milliseconds=5000), "endTime"),
        (row(milliseconds=1), "sessionLengthMs"),
        ({**row(), "startTime": "2025-11-13T03:13:20Z"}, "startTime"),
    ],
    ids=["ended too early", "a length while it runs", "started an hour later"],
)
def test_what_cannot_be_yet_is_a_defect(wrong, told):
    with pytest.raises(Defect, match=told):
        check(TABLES, "s", session(left=60), wrong, _got())


def _got(after: float = 1.0) -> Got:
    return Got(200, between=(NOW + after, NOW + after))
