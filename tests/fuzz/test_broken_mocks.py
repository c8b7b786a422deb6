"""The fuzzer can fail: each mock that is wrong in one known way is found, as the kind of defect that it is."""

from dataclasses import replace

import pytest
from hypothesis import Phase
from msgspec.structs import replace as changed

from mockvendors.replies import Reply
from mockvendors.vendor import Call, Handler

from .broken import BROKEN
from .defect import ONCE
from .figures import Figures
from .lenient import MENDS
from .run import Budget, play_round
from .spoil import wrapped
from .untrue import UNTRUE

ONE_LOOK = (Phase.generate,)
ONE_CALL = Budget(singles=3, walks=0, flows=0, phases=ONE_LOOK)
SEQUENCES = Budget(singles=0, walks=6, flows=0, phases=ONE_LOOK)
LINKS = Budget(singles=0, walks=0, flows=30, phases=ONE_LOOK)
EDGES = Budget(singles=0, walks=0, flows=0, edges=True, phases=ONE_LOOK)
BUDGETS = {
    "accepts half pairs": ONE_CALL,
    "knows one pair more": ONE_CALL,
    "refuses portrait": ONE_CALL,
    "names another rule": ONE_CALL,
    "adds a rule": ONE_CALL,
    "swaps the size": ONE_CALL,
    "drops a field": LINKS,
    "keeps the deleted": LINKS,
    **dict.fromkeys([*UNTRUE, "cuts a connection"], EDGES),
    "the join token in a body": replace(EDGES, about="environment"),
    "a size without the pairs": replace(EDGES, about="sessionOptions"),
    **{wrong: replace(EDGES, about=part) for wrong, (part, _) in MENDS.items()},
}
"""What shows it; of all others: sequences."""


@pytest.mark.parametrize("wrong", BROKEN)
def test_broken_mock_is_found(subject, wrong):
    spoil, kind = BROKEN[wrong]
    figures = Figures()
    found = play_round(subject, BUDGETS.get(wrong, SEQUENCES), start=0, figures=figures, spoil=spoil)
    assert found is not None, figures.table(subject.raw)
    assert found.kind == kind, found.report()
    assert found.story or kind == "left behind"


def test_failure_is_told_small_and_with_its_command(subject):
    spoil, _ = BROKEN["accepts half pairs"]
    found = play_round(subject, Budget(singles=2, walks=0, flows=0), start=0, figures=Figures(), spoil=spoil)
    report = found.report()
    assert "anam.size.both-or-neither" in report
    command = found.story[-1]
    assert command.startswith("curl ")
    assert "Bearer $KEY" in command
    assert command.count("video") == 1, "one half of a pair, and nothing else about sizes"
    assert "mock_" not in report, "a report holds no key"


@pytest.mark.parametrize("budget", [EDGES, SEQUENCES], ids=["edges", "sequences"])
def test_what_is_wrong_once_is_told_as_seen_once(subject, budget):
    found = play_round(subject, budget, start=0, figures=Figures(), spoil=wrapped("stopSession", Once()))
    assert found is not None
    assert found.kind == "undocumented status"
    assert not found.repeated
    assert ONCE in found.report()


class Once:
    """Answers 202, the first time only."""

    def __init__(self) -> None:
        self._answered = False

    async def __call__(self, handler: Handler, call: Call) -> Reply:
        reply, first, self._answered = await handler(call), not self._answered, True
        return changed(reply, status=202) if first else reply
