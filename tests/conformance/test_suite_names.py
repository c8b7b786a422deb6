"""The names of a suite are looked up: rules in the lines of its cases, and what its traits say of the contract."""

import importlib
import inspect
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

from mockvendors import conformance
from mockvendors.conformance import suite_source, suite_traits
from mockvendors.conformance.base import Cases
from mockvendors.conformance.described import Option
from mockvendors.contract import Contract, core_rules
from mockvendors.drivers.claims import OF_FRAMEWORK, OF_PROTOCOL
from mockvendors.errors import UsageFault
from suites.anam.traits import ANAM

from .running import ROOT

METHOD = "class A:\n    async def test_it(self, check):\n        self.each(check)\n    def each(self, check):\n"
FIXTURE = "@pytest.fixture\n"
HELPED = (
    "class {0}:\n    async def test_it(self, check):\n        self.each(check)\n"
    '    def each(self, check):\n        check("{1}", 1)\n'
)
NO_CASE = """
def helper(found):
    check("no.case", 1)
"""


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('check("acme.call.one", 1, 1)', ["acme.call.one"]),
        ('await drive.started("acme.call.one")', ["acme.call.one"]),
        ('await drive.started(rule="acme.call.one")', ["acme.call.one"]),
        ('drive.hold(outcome, "acme.call.one")', ["acme.call.one"]),
        ('await drive.close("avatar", "acme.call.one")', ["acme.call.one"]),
        ('self.rule(vendor, "acme.call.one")', ["acme.call.one"]),
        ("check(self.rules.key, 1, 1)", []),
        ('other.check("no.rule", 1, 1)', []),
        ("check()", []),
    ],
)
def test_rules_are_read_where_a_case_names_them(tmp_path, line, named):
    path = tmp_path / "test_it.py"
    path.write_text(f"{NO_CASE}\nasync def test_it(self, drive, check, vendor):\n    {line}\n")
    assert suite_source.in_source(path) == [(name, "test_it.py:6") for name in named]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            'def check(vendor, text): ...\nasync def test_it(self, drive):\n    check(drive, "no.rule")\n    check("no.rule")\n',
            [],
        ),
        ('def check(vendor, text):\n    check("no.rule", text)\n', []),
        ('def each(check):\n    check("no.rule")\nasync def test_it(self, drive):\n    each(len)\n', []),
        ('async def test_it(self, check, drive):\n    check = drive.check\n    check("no.rule")\n', []),
        ('async def test_it(self, check, drive):\n    def each(check):\n        check("no.rule")\n    each(len)\n', []),
        ('def each(check):\n    check("a.rule", 1)\nasync def test_it(self, check):\n    each(check)\n', ["a.rule"]),
        (
            f'{METHOD}        check("a.rule", 1)\n        self.rule(1, "b.rule")\n',
            ["a.rule", "b.rule"],
        ),
        ('def make():\n    async def case(self, check):\n        check("a.rule", 1)\n    return case\n', ["a.rule"]),
        (f'{FIXTURE}async def begun(self, drive):\n    await drive.started("a.rule")\n', ["a.rule"]),
        (f'{FIXTURE}async def begun(self, check):\n    check = len\n    check("no.rule")\n', []),
        (f'{FIXTURE}def check():\n    return len\nasync def test_it(self, check):\n    check("no.rule")\n', []),
        ('@fixture(name="check")\ndef other():\n    return len\nasync def test_it(self, check):\n    check("no.rule")\n', []),
        (f'{FIXTURE}def check(check):\n    return check\nasync def test_it(self, check):\n    check("a.rule")\n', ["a.rule"]),
        (f"{HELPED.format('A', 'a.rule')}{HELPED.format('B', 'b.rule')}", ["a.rule", "b.rule"]),
        (f"{HELPED.format('A', 'a.rule')}{HELPED.format('B', 'b.rule').replace('each(check)', 'each(len)', 1)}", ["a.rule"]),
        (
            (
                'class A:\n    def each(self, check):\n        check("a.rule", 1)\n'
                "class B(A):\n    async def test_it(self, check):\n        self.each(check)\n"
            ),
            ["a.rule"],
        ),
        (
            (
                'def each(check):\n    check("a.rule", 1)\nclass A:\n    def each(self, check):\n        check("no.rule", 1)\n'
                "async def test_it(self, check):\n    each(check)\n"
            ),
            ["a.rule"],
        ),
        ('async def test_it(self, check):\n    def inner():\n        check("a.rule", 1)\n    inner()\n', ["a.rule"]),
    ],
    ids=[
        "helper",
        "in-helper",
        "parameter",
        "bound",
        "nested",
        "handed",
        "handed-to-method",
        "made",
        "fixture",
        "bound-in-fixture",
        "own-fixture",
        "own-fixture-of-that-name",
        "wrapped",
        "two-classes",
        "other-class",
        "inherited",
        "function-and-method",
        "closure",
    ],
)
def test_only_what_a_case_was_given_names_a_rule(tmp_path, text, named):
    path = tmp_path / "test_it.py"
    path.write_text(text)
    assert [name for name, _ in suite_source.in_source(path)] == named


def test_reusable_cases_name_rules_that_there_are():
    folder = Path(inspect.getfile(conformance)).parent
    named = {name for path in folder.glob("*.py") for name, _ in suite_source.in_source(path)}
    assert len(named) > 40
    assert named <= {*core_rules(), *Contract.load("anam").rules}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"token": "/environment/livekitTokn"}, "token: '/environment/livekitTokn', which is to nothing that the contract"),
        ({"token": "environment"}, "token: 'environment', which is no JSON pointer. Begin it with /"),
        ({"token": ANAM.url}, "is refused by the contract"),
        ({"fields": {**ANAM.fields, "name": Option("/personaConfg/name")}}, "'/personaConfg/name', which is to nothing"),
        (
            {"constants": {"/personaConfig/typ": "x"}},
            "constants['/personaConfig/typ']: '/personaConfig/typ', which is to nothing",
        ),
        ({"rules": replace(ANAM.rules, body={"/personaConfg": "anam.body.persona"})}, "rules.body['/personaConfg']"),
        ({"words": "/massage"}, "say words='/massage', which no refusal of startSession has (nearest: /message)"),
        ({"start": "startSesion"}, "start='startSesion', which is no operationId of the contract. Nearest: startSession"),
        ({"first": {"call.one": "begin"}}, "first['call.one']='begin', which is no operationId"),
        ({"options": {"name": 3}}, "is refused by the contract, anam."),
        ({"description": ANAM.description.with_name("plugins.py")}, "plugins.py, and there is no such file"),
        ({"variables": {"url": "ANAM_API_URL"}}, "say nothing of variables['key']"),
        ({"model": "avatar_modl"}, "name the option 'avatar_modl', of which Traits.fields have no value"),
        (
            {"hard_limit": "anam.session.spent"},
            "name rules that no contract holds: anam.session.spent. Nearest: anam.session.spend",
        ),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
def test_traits_are_held_against_the_contract(wrong, told):
    with pytest.raises(UsageFault) as caught:
        suite_traits.hold(replace(ANAM, **wrong))
    assert told in str(caught.value)


def test_traits_of_another_form_are_told_in_one_line():
    with pytest.raises(UsageFault, match="The traits of anam have not the form of traits: AttributeError: 'set' object"):
        suite_traits.hold_all([replace(ANAM, first={"call.one"})])


def test_right_traits_are_held_to_nothing():
    suite_traits.hold(ANAM)
    suite_traits.hold_all([ANAM, ANAM])


def needed():
    """Return what the marks of the reusable cases name; what is filled in from a suite's traits is no text yet."""
    for module in pkgutil.iter_modules(conformance.__path__):
        importlib.import_module(f"{conformance.__name__}.{module.name}")
    waiting, found = [Cases], set()
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.startswith(f"{conformance.__name__}."):
            marks = [mark for case in vars(cls).values() for mark in getattr(case, "pytestmark", ())]
            found |= {name for mark in marks if mark.name == "needs" for name in mark.args if isinstance(name, str)}
    return found


def test_capabilities_of_the_frameworks_are_what_reusable_cases_need_beside_the_protocols():
    assert needed() - OF_PROTOCOL == OF_FRAMEWORK
    assert replace(ANAM, fields={}, first={}).claimable == OF_PROTOCOL | OF_FRAMEWORK


def test_each_capability_that_every_suite_may_need_is_documented():
    page = (ROOT / "docs" / "driver-protocol.md").read_text()
    told = page.partition("**Capabilities**")[2].partition("\n|")[0]
    assert {name for name in OF_PROTOCOL | OF_FRAMEWORK if f"`{name}`" not in told} == set()
