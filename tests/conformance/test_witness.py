"""Who saw what a case says: followed from `check` back to the fixtures."""

import importlib
import json

import pytest

from mockvendors.conformance.base import Cases
from mockvendors.conformance.witness import ORDER, witnesses
from mockvendors.conformance.witness_reader import FIXTURES, Comparison, Texts
from mockvendors.report.lines import SCHEMA_FILE

from .running import ROOT

SUITE = {
    "test_errors.TestErrors.test_refusal_is_not_retried": {"core.errors.no-retry": {"journal"}},
    "test_errors.TestErrors.test_status_reaches_the_user": {"core.errors.status-kept": {"driver"}},
    "test_token.TestToken.test_kind": {"core.token.kind": {"journal"}},
    "test_size.TestSize.test_asked_size_is_shown": {"anam.size.exact": {"probe"}},
    "test_speech.TestSpeech.test_rate_is_the_vendors": {"anam.speech.rate": {"avatar"}},
    "test_speech.TestSpeech.test_speech_arrives_whole": {"core.speech.complete": {"avatar"}, "core.speech.rate": {"avatar"}},
    "test_interrupt.TestInterrupt.test_interrupt_reaches_the_avatar_once": {
        "core.interrupt.clear-buffer": {"avatar"},
        "core.interrupt.finished": {"driver"},
    },
    "test_join.TestJoin.test_lost_answer_leaves_one_avatar": {"core.start.lost-answer": {"journal", "probe"}},
    "test_request.TestDirectorNotes.test_preset_is_sent": {
        "core.options.director-notes": {"journal"},
        "core.start.succeeds": {"driver"},
    },
    "test_close.TestClose.test_close_removes_the_avatar": {
        "core.close.avatar-removed": {"probe"},
        "core.close.slot-freed": {"journal"},
    },
}
"""Cases whose witnesses a person looked up."""


@pytest.mark.parametrize("name", SUITE)
def test_witnesses_of_the_suite(name):
    module, cls, case = name.split(".")
    cls = getattr(importlib.import_module(f"suites.anam.{module}"), cls)
    told = {}
    for each in Texts().comparisons(getattr(cls, case), cls):
        told.setdefault(each.rule, set()).update(each.witnesses)
    assert {rule: told.get(rule) for rule in SUITE[name]} == SUITE[name]


def test_every_case_of_the_suite_has_a_witness():
    texts, without = Texts(), []
    for path in (ROOT / "suites/anam").glob("test_*.py"):
        module = importlib.import_module(f"suites.anam.{path.stem}")
        for cls in vars(module).values():
            if isinstance(cls, type) and issubclass(cls, Cases) and cls.__module__ == module.__name__:
                cases = [name for name in dir(cls) if name.startswith("test_") and getattr(cls, name) is not None]
                without += [name for name in cases if not witnesses(texts.comparisons(getattr(cls, name), cls))]
    assert without == []


def outside(call):
    return call.journal


class Samples:
    async def seen(self, vendor):
        found = vendor.journal.entries
        return found[0]

    def said(self, check, outcome):
        check("a.helped", outcome.error, 1)

    def name(self, check, drive):
        check("a.a", drive.identity, "x")

    def loop(self, check, vendor, drive):
        found = []
        for entry in vendor.journal.entries:
            if entry.body:
                found.append(entry.body)  # noqa: PERF401 - a name that is given by a method
        last = [each for each in found if each]
        check("a.a", last, [])
        check("a.b", (drive.events("x"), last), [])

    async def helper(self, check, vendor, drive):
        outcome = await drive.start()
        check("a.a", await self.seen(vendor), 1)
        check("a.b", outside(vendor), 1)
        self.said(check, outcome)

    async def log(self, check, vendor, room):
        (session,) = vendor.sessions.values()
        check("a.a", session.log.text(), "")
        async with room.probe.watch() as seen:
            check("a.b", seen, 1)
        if (why := session.reason) is not None:
            check("a.c", why, 1)

    async def given(self, drive):
        await drive.started("a.start", size=1)
        await drive.close(rule="a.close")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("name", [("a.a", set())]),
        ("loop", [("a.a", {"journal"}), ("a.b", {"driver", "journal"})]),
        ("helper", [("a.a", {"journal"}), ("a.b", {"journal"}), ("a.helped", {"driver"})]),
        ("log", [("a.a", {"avatar"}), ("a.b", {"probe"}), ("a.c", {"journal"})]),
        ("given", [("a.start", {"driver"}), ("a.close", {"driver"})]),
    ],
)
def test_words_are_followed_to_who_said_them(name, told):
    found = Texts().comparisons(getattr(Samples, name), Samples)
    assert sorted((each.rule, sorted(each.witnesses)) for each in found) == sorted((rule, sorted(who)) for rule, who in told)


def test_case_without_a_text_has_no_witness():
    made = {}
    exec(compile("def case(check, vendor): check('a.b', vendor.journal, 1)", "nowhere.py", "exec"), made)  # noqa: S102 - ours
    assert Texts().comparisons(made["case"], Samples) == []


COMPARED = [
    Comparison("a.a", frozenset({"driver", "journal"})),
    Comparison("a.b", frozenset({"driver"})),
    Comparison("", frozenset({"probe"})),
]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ([], ["journal", "probe", "driver"]),
        (["a.a"], ["journal", "driver"]),
        (["a.b"], ["driver"]),
        (["core.start.answered"], ["journal"]),
        (["a.other"], ["probe"]),
    ],
)
def test_of_a_broken_rule_its_own_witnesses_are_told(broken, told):
    assert witnesses(COMPARED, broken) == told


def test_schema_knows_every_witness():
    described = json.loads(SCHEMA_FILE.read_text())["$defs"]["case"]["properties"]["witness"]["items"]["enum"]
    assert described == list(ORDER)
    assert {name for told in FIXTURES.values() for name in told} <= set(ORDER)
