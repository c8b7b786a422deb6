"""Reusable cases are filled in from the traits of their vendor: rules, rows and needs; what a vendor lacks is left out."""

from dataclasses import replace

import pytest

from mockvendors.conformance import selection
from mockvendors.conformance.base import Cases
from mockvendors.conformance.concurrency import ConcurrencyCases
from mockvendors.conformance.configuration import ConfigurationCases
from mockvendors.conformance.described import Option, Size, Sizes, VendorRules, put
from mockvendors.conformance.options import refuses, sends
from mockvendors.conformance.request import RequestCases
from mockvendors.conformance.size import SizeCases
from mockvendors.conformance.speech import SpeechCases
from mockvendors.conformance.vendor import VendorCases
from suites.anam.traits import ANAM

from .running import case, run

BARE = replace(ANAM, rules=VendorRules(), successes=(), sizes=Sizes())
CLASSES = (RequestCases, SizeCases, ConcurrencyCases, VendorCases)


def suite(kind, traits, **members):
    return type("TestIt", (kind,), {"traits": traits, **members})


def marks(cls, name, mark):
    return [args for each in getattr(cls, name).pytestmark if each.name == mark for args in each.args]


def test_rule_is_the_vendors():
    assert marks(suite(SizeCases, ANAM), "test_asked_size_is_shown", "rule") == ["anam.size.exact"]


def test_rows_are_the_traits_and_need_what_takes_their_options():
    tables = ("test_pair_is_sent", "test_default_of_the_model_is_shown")
    sizes = replace(ANAM.sizes, accepted=(Size(640, 480, {"avatar_model": "cara-9"}),), defaults=(Size(1, 2),))
    cls = suite(SizeCases, replace(ANAM, sizes=sizes))
    (row,), (default,) = (marks(cls, name, "parametrize")[1] for name in tables)
    assert (row.id, row.marks[0].args) == ("cara-9-640x480", ("avatar-model", "video-size"))
    assert (default.id, default.marks[0].args) == ("1x2", ())


@pytest.mark.parametrize("kind", CLASSES)
def test_class_of_which_nothing_is_left_is_refused(kind):
    with pytest.raises(TypeError, match="TestIt: the traits of anam have nothing for its cases"):
        suite(kind, BARE)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(SpeechCases, "test_rate_is_the_vendors"), (ConfigurationCases, "test_trailing_slash_of_the_address")],
)
def test_case_that_the_vendor_lacks_is_left_out_alone(kind, name):
    cls = suite(kind, BARE)
    assert getattr(cls, name) is None
    assert name not in selection.by_case(cls)
    assert selection.by_case(cls)


def test_refused_sizes_are_a_matter_of_the_table():
    cls = suite(SizeCases, replace(ANAM, sizes=replace(ANAM.sizes, refused=())))
    assert cls.test_refused_pair_is_told is None
    assert cls.test_refused_pair_brings_no_avatar is None
    assert cls.test_pair_is_sent is not None


def test_class_of_other_traits_is_filled_in_anew():
    first = suite(SizeCases, ANAM)
    second = suite(first, replace(ANAM, rules=replace(ANAM.rules, size_exact="core.size.forwarded")))
    assert marks(second, "test_asked_size_is_shown", "rule") == ["core.size.forwarded"]
    assert marks(first, "test_asked_size_is_shown", "rule") == ["anam.size.exact"]


def test_case_that_a_suite_leaves_out_stays_out():
    assert suite(RequestCases, ANAM, test_wrong_key=None).test_wrong_key is None


def test_rules_are_found_by_mark_source_and_name():
    named = selection.by_case(suite(RequestCases, ANAM))
    assert named["test_least_options_give_the_least_body"] >= {"anam.body.minimal", "anam.body.persona", "anam.body.environment"}
    assert named["test_unknown_avatar"] == {"anam.avatar.unknown", "core.errors.no-retry"}


def test_case_of_an_option_names_its_rules():
    cls = suite(
        Cases,
        ANAM,
        test_sent=sends("director_notes", {}, by="anam.notes.optional", accepted="anam.notes.type"),
        test_bad=refuses("director_notes", {"long": ("anam.notes.length", {})}),
    )
    named = selection.by_case(cls)
    assert named["test_sent"] == {"anam.notes.optional", "anam.notes.type"}
    assert named["test_bad"] == {"anam.notes.length", "core.errors.no-retry"}
    assert marks(cls, "test_sent", "needs") == ["director-notes"]


@pytest.mark.parametrize(
    ("option", "holder"),
    [("video_width", "/sessionOptions"), ("director_notes", "/personaConfig/directorNotes"), ("mood", "/mood")],
)
def test_what_is_sent_of_an_option_is_read_where_the_least_body_has_nothing(option, holder):
    traits = replace(ANAM, fields={**ANAM.fields, "mood": Option("/mood")})
    assert traits.holder(option) == holder


def test_body_is_put_together_by_pointers():
    assert put([("/a/b", 1), ("/c", None), ("/a/d/e", 2)]) == {"a": {"b": 1, "d": {"e": 2}}, "c": None}


def test_rule_that_no_contract_holds_is_told_once(tmp_path):
    head = "from dataclasses import replace\nANAM = replace(ANAM, rules=replace(ANAM.rules, key='anam.auth.barer'))\n"
    code, output = run(*case(tmp_path, "async def test_it(self, check):\n    pass", head=head))
    assert code == 4, output
    told = "The traits of anam name rules that no contract holds: anam.auth.barer. Nearest: anam.auth.bearer"
    assert output.count(told) == 1, output
    assert "Traceback" not in output


def test_setting_that_a_case_turns_is_missed_before_it_runs(tmp_path):
    head = "from dataclasses import replace\nANAM = replace(ANAM, settings={'mood': 'good'})\n"
    code, output = run(*case(tmp_path, "async def test_it(self, check):\n    pass", head=head))
    assert code == 4, output
    assert "lacks settings that cases turn: mood" in output


def test_limits_turn_their_settings():
    assert ANAM.turned >= {"max_concurrent", "max_session_seconds", "success_status", "token_reuse"}
    assert BARE.turned == {"token_reuse", "double_slash"}


def test_cases_run_in_the_order_in_which_they_stand_in_the_class():
    """A recording depends on it, and who reads a run knows it from the other vendors."""
    cls = suite(SizeCases, ANAM, test_own=lambda _: None)
    stand = [name for name in vars(SizeCases) if name.startswith("test")]
    assert [name for name in vars(cls) if name.startswith("test")] == [*stand, "test_own"]
    assert stand[:2] == ["test_pair_is_sent", "test_asked_size_is_shown"]
