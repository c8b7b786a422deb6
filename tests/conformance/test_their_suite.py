"""Somebody else's suite that is wrong says so before anything runs, in one paragraph, and nobody's plugin is judged by it."""

import pytest

from .theirs import PLUGIN, Acme

CASES = "acme_suite/test_acme.py"
DESCRIPTION = "acme_suite/plugin.py"
TRAITS = "acme_suite/traits.py"
SENT = 'sends("mood", "calm", "lively", by="acme.body.mood")'
OWN = "    traits = ACME\n\n    test_mood_is_sent = "
"""Where a case of the suite's own can stand: at the beginning of its last class."""
NOTHING = "mockvendors: nothing was judged"


@pytest.fixture
def acme(tmp_path):
    return Acme.copied(tmp_path)


def told_once(done, told, code=4):
    """Hold a run to one paragraph and its exit code."""
    returned, output = done
    assert returned == code, output
    assert output.count(told) == 1, output
    assert output.count("ERROR: ") == 1, output
    assert NOTHING in output
    assert "Traceback" not in output
    assert " passed" not in output


def own_case(acme, text):
    acme.change(CASES, OWN, f"    traits = ACME\n\n{text}\n    test_mood_is_sent = ")


# rules


def test_copy_as_it_is_is_right(acme):
    code, output = acme.check("--rule", "acme.body.mood")
    assert code == 0, output
    assert "3 pass" in output
    assert "warning: " not in output


def test_rule_of_a_mark_is_looked_up_although_its_case_is_deselected(acme):
    acme.change(CASES, SENT, SENT.replace("body.mood", "body.moood"))
    done = acme.check("-k", "TestToken")
    told = "name rules that no contract holds: 'acme.body.moood' in test_acme.py::TestMood::test_mood_is_sent[calm]"
    told_once(done, f"{told} (nearest: acme.body.mood). Correct them; `mockvendors contract acme`")


def test_two_workers_tell_an_unknown_rule_once(acme):
    acme.change(CASES, '("acme.body.mood", "furious")', '("acme.boddy.mood", "furious")')
    told_once(acme.check("-n", "2"), "'acme.boddy.mood' in test_acme.py::TestMood::test_bad_mood_is_refused[unknown]")


def test_rule_in_the_lines_of_a_case_is_looked_up(acme):
    own_case(acme, '    async def test_of_mine(self, drive, check):\n        check("acme.call.won", 1, 1)\n')
    told_once(acme.check("-k", "TestToken"), "name rules that no contract holds: 'acme.call.won' in test_acme.py:7")


def test_rule_that_a_base_class_in_a_folder_of_the_suite_names_is_the_suites(acme):
    (acme.folder / "acme_suite" / "lib").mkdir()
    acme.add("acme_suite/lib/__init__.py", "")
    text = "from mockvendors.conformance.base import Cases\n\n\nclass Base(Cases):\n"
    acme.add("acme_suite/lib/cases.py", text + '    async def test_of_mine(self, check):\n        check("acme.typo", 1, 1)\n')
    acme.change(CASES, "from .traits import ACME", "from .lib.cases import Base\nfrom .traits import ACME")
    acme.add(CASES, "\n\nclass TestOfMine(Base):\n    traits = ACME\n")
    code, output = acme.check("-k", "test_of_mine")
    assert code == 7, output
    assert "fault of the suite of acme, not the plugin's: a case names the rule 'acme.typo'" in output
    assert "mockvendors' own suite" not in output


# capabilities


def test_capability_that_nobody_can_claim_is_told(acme):
    own_case(acme, '    @pytest.mark.needs("viedo-size")\n    async def test_of_mine(self, drive):\n        pass\n')
    acme.change(CASES, "from mockvendors.conformance.base", "import pytest\nfrom mockvendors.conformance.base")
    told_once(acme.check("-k", "TestToken"), "'viedo-size' in test_acme.py::TestMood::test_of_mine (nearest: video-size)")


def test_capability_of_the_suites_own_is_declared(acme):
    own_case(acme, '    @pytest.mark.needs("winks")\n    async def test_of_mine(self, drive):\n        pass\n')
    acme.change(CASES, "from mockvendors.conformance.base", "import pytest\nfrom mockvendors.conformance.base")
    acme.change(TRAITS, '    words="/problem/text",', '    words="/problem/text",\n    capabilities=("winks",),')
    code, output = acme.check("-k", "test_of_mine")
    assert code == 5, output
    assert "1 not claimed" in output


def test_claim_that_no_case_needs_is_told_with_the_nearest(acme):
    acme.change("acme_suite/plugin.py", '"video-size"}', '"viedo-size"}')
    code, output = acme.check("-k", "TestMood")
    assert code == 0, output
    assert output.count("claims 'viedo-size', which no case of the suite needs") == 1
    assert "(nearest: video-size" in output


# traits


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('token="/room/token"', 'token="/room/tokn"', "say token: '/room/tokn', which is to nothing that the contract describes"),
        ('"video-size", 640)', '"video-size")', "name the option 'video_width', of which Traits.fields have no value"),
    ],
    ids=["pointer", "value"],
)
def test_traits_are_held_against_the_contract(acme, old, new, told):
    acme.change(TRAITS, old, new)
    told_once(acme.check("-k", "TestToken"), told)


def test_pointer_to_where_no_token_can_be_accuses_no_plugin(acme):
    """Only a start shows it: the contract allows any text at both places."""
    acme.change("acme_mock/contract.yaml", 'pattern: "^(ws|http)s?://[^/]"', "minLength: 1")
    acme.change(TRAITS, 'token="/room/token",', 'token="/room/url",')
    acme.change(TRAITS, '    url="/room/url"', '    url="/room/token"')
    code, output = acme.check("-k", "test_identity or test_kind")
    assert code == 7, output
    assert "fault of the suite of acme, not the plugin's: a token stands at /room/token of the start" in output
    assert "exit code 7: a fault of the suite of acme, not of the plugin" in output


# what cannot be loaded


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (CASES, "class TestMood(Cases):", "class TestMood(Cases:", "test_acme.py:69: SyntaxError: "),
        (
            CASES,
            "from .traits import ACME",
            "from .traits import ACNE",
            "test_acme.py:18: ImportError: cannot import name 'ACNE'",
        ),
        (TRAITS, "size_pair=", "size_pear=", "traits.py:23: TypeError: VendorRules.__init__() got an unexpected keyword"),
        (TRAITS, "ADA = ", "WORDS = open('words.txt')\nADA = ", "traits.py:8: FileNotFoundError: "),
        (TRAITS, "ADA = ", "raise SystemExit(3)\nADA = ", "traits.py:8: SystemExit: 3"),
        (CASES, 'sends("mood", "calm"', 'sends("modo", "calm"', "the option 'modo', which Traits.fields of acme do not describe"),
    ],
    ids=["syntax", "name", "keyword", "data", "exit", "option"],
)
def test_suite_that_cannot_be_loaded_is_told_with_its_line(acme, file, old, new, told):
    acme.change(file, old, new)
    told_once(acme.check(), told)


def test_class_of_which_nothing_is_left_is_told_with_its_line(acme):
    bare = "class TestSize(SizeCases):\n    traits = replace(ACME, sizes=Sizes(), rules=VendorRules())"
    acme.change(CASES, "class TestSize(SizeCases):\n    traits = ACME", bare)
    acme.change(CASES, "from .traits", "from dataclasses import replace\nfrom .traits")
    acme.change(CASES, "from .traits", "from mockvendors.conformance.described import Sizes, VendorRules\nfrom .traits")
    told_once(acme.check(), "TestSize: the traits of acme have nothing for its cases")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["serial", "workers"])
def test_suite_that_cannot_be_loaded_is_all_that_is_told_with_a_rule(acme, workers):
    acme.change(TRAITS, "size_pair=", "size_pear=")
    told_once(acme.check("--rule", "acme.body.mood", *workers), "'size_pear' (nearest: size_pair")


def test_two_workers_tell_a_suite_that_cannot_be_loaded_once(acme):
    acme.change(TRAITS, "size_pair=", "size_pear=")
    told_once(acme.check("-n", "2"), "'size_pear' (nearest: size_pair")


def test_file_that_is_no_suite_stays_pytests(acme):
    acme.add("test_users_own.py", "import nobody_has_this\n")
    code, output = acme.pytest(acme.folder / "test_users_own.py")
    assert code == 2, output
    assert "ModuleNotFoundError: No module named 'nobody_has_this'" in output
    assert NOTHING not in output


def test_pytest_tells_the_same_as_check(acme):
    acme.change(TRAITS, "size_pair=", "size_pear=")
    told_once(acme.pytest("--pyargs", "acme_suite"), "'size_pear' (nearest: size_pair")


def test_smoke_tells_traits_that_cannot_be_loaded(acme):
    acme.change(TRAITS, "size_pair=", "size_pear=")
    code, output = acme.run("-m", "mockvendors", "smoke", "acme", "--implementation", "exec:true")
    assert code == 4, output
    assert "traits.py:23: TypeError: " in output
    assert "Traceback" not in output


# the lines of a case


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            "async def test_of_mine(self, drive, vendor):\n        vendor.no_such_thing()",
            "AttributeError: 'Tenant' object has no",
        ),
        ("async def test_of_mine(self, drvie):\n        pass", "fixture 'drvie' not found"),
    ],
    ids=["raises", "fixture"],
)
def test_mistake_in_a_case_is_the_suites(acme, case, told):
    own_case(acme, f"    {case}\n")
    code, output = acme.check("-k", "test_of_mine")
    assert code == 7, output
    assert told in output
    assert "conformant: cannot be said: 1 ended in a fault of the suite of acme, 1 case of" in output
    assert "exit code 7: a fault of the suite of acme (test_acme.py), not of the plugin" in output
    assert "a fault of mockvendors" not in output


# the description of the plugin


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("def make(plugin", "def make(plugin:", ":12 cannot be loaded: SyntaxError: "),
        ("def make(", "def mke(", " lacks make(plugin, options, vendor, connection) (nearest: mke)"),
    ],
    ids=["syntax", "make"],
)
def test_description_that_cannot_be_used_is_told_once(acme, old, new, told):
    acme.change(DESCRIPTION, old, new)
    told_once(acme.check("-k", "TestMood"), f"{DESCRIPTION}{told}", code=7)


def test_smoke_tells_a_description_that_cannot_be_used(acme):
    acme.change(DESCRIPTION, "def make(", "def mke(")
    code, output = acme.run("-m", "mockvendors", "smoke", "acme", f"--implementation=agents:{acme.folder / PLUGIN}")
    assert code == 7, output
    assert "lacks make(plugin, options, vendor, connection) (nearest: mke). Correct it: docs/add-a-vendor.md" in output
    assert "FAIL" not in output


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"mood": "mood", ', "", ":14 failed: KeyError: 'mood'"),
        ("plugin.AvatarSession(", "plugin.Avatarsession(", ":18 asks the plugin for 'Avatarsession', which it does not offer"),
    ],
    ids=["option", "name"],
)
def test_mistake_in_the_description_is_the_suites(acme, old, new, told):
    acme.change(DESCRIPTION, old, new)
    code, output = acme.check("-k", "test_bad_mood_is_refused")
    assert code == 7, output
    assert f"fault of the suite of acme, not the plugin's: the description {acme.folder / DESCRIPTION}{told}" in output
    assert "exit code 7: a fault of the suite of acme, not of the plugin" in output
    assert "report it" not in output


# nothing that fits


def test_words_that_fit_no_case_are_told_with_the_nearest(acme):
    code, output = acme.check("-k", "missing_kye")
    assert code == 5, output
    assert "nothing was judged: -k 'missing_kye' leaves none of the 142 cases of acme (nearest: test_missing_key" in output
    assert "--collect-only -q lists them all" in output


def test_rule_among_the_words_is_told_where_it_belongs(acme):
    code, output = acme.check("-k", "acme.size.pair", "-n", "2")
    assert code == 5, output
    assert output.count("--rule acme.size.pair selects by that rule") == 1


def test_rule_that_the_contract_holds_and_no_case_checks(acme):
    told_once(acme.check("--rule", "acme.reply"), "no case checks the rule 'acme.reply', which the contract of acme holds")
