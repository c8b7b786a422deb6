"""Profiles: frozen, true to the contracts, and what a rule outside of one changes."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from mockvendors import paths
from mockvendors.conformance import profile, profile_choice
from mockvendors.conformance.base import Cases
from mockvendors.conformance.profile import Profile, check_rules, choose, load, names
from mockvendors.conformance.selection import by_case
from mockvendors.contract import Contract, core_rules
from mockvendors.errors import UsageFault
from mockvendors.report.read import read

from .running import LIMIT, ROOT, case, run

PROGRAM = Path(sys.executable).with_name("mockvendors")

FROZEN = {
    "avatar-core/2026.1": "sha256:82b66621a6bff83da47803098a6a17c65dad3e061a439686786891723d94aeb4",
    "anam/2026.1": "sha256:4d85b21fd275b728e973f3b410e36be25037eca6e23c56aaf5990e0f7851b04b",
}
"""The rules of each released profile. They never change: a rule that is new, or gone, makes a new profile."""
VENDORS = ("anam",)
OURS = sorted({name for vendor in VENDORS for name in names(vendor)})


def test_profiles_are_frozen():
    assert {name: choose("anam", name).digest for name in OURS} == FROZEN


def test_no_other_file_lies_there():
    """A misnamed one would be silently overlooked."""
    found = {path.relative_to(paths.contracts()).as_posix() for path in paths.contracts().glob("*/profiles/*")}
    folder = {profile.CORE: "core"}
    families = (name.split("/") for name in OURS)
    assert found == {f"{folder.get(family, family)}/profiles/{release}.yaml" for family, release in families}


@pytest.mark.parametrize("name", OURS)
def test_every_rule_exists_and_is_no_assumption(name):
    known = {**core_rules(), **Contract.load("anam").rules}
    found = choose("anam", name).rules
    check_rules(name, found, known)
    assert [rule for rule in sorted(found) if known[rule].level == "assumed"] == []


def test_profile_of_every_vendor_asks_nothing_of_one():
    assert [rule for rule in choose("anam", "avatar-core/2026.1").rules if not rule.startswith("core.")] == []


def test_every_rule_of_a_profile_is_judged_by_the_suite():
    modules = [importlib.import_module(f"suites.anam.{path.stem}") for path in (ROOT / "suites/anam").glob("test_*.py")]
    classes = [cls for module in modules for cls in vars(module).values() if isinstance(cls, type) and issubclass(cls, Cases)]
    judged = {rule for cls in classes if hasattr(cls, "traits") for rules in by_case(cls).values() for rule in rules}
    assert choose("anam").rules - judged - profile_choice.BY_EVERY_START == set()


# a vendor of somebody else, and mistakes


@pytest.fixture
def acme(tmp_path, monkeypatch):
    """Install a vendor, and return what writes a profile of its own."""
    info = tmp_path / "acme_mock-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme_mock\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mockvendors.vendors]\nacme = acme_mock:VENDOR\n")
    contract = tmp_path / "acme" / "contract.yaml"
    (tmp_path / "acme_mock.py").write_text(
        "from pathlib import Path\nfrom mockvendors.registry import Registration\n"
        f"VENDOR = Registration(Path({str(contract)!r}), None)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "acme_mock", raising=False)

    def write(release, text):
        path = contract.parent / "profiles" / f"{release}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


def own(release, more="rules: [acme.face]"):
    return f"profile: acme/{release}\n{more}\n"


@pytest.mark.usefixtures("acme")
def test_vendor_without_a_profile_has_that_of_every_vendor():
    assert choose("acme").name == "avatar-core/2026.1"


def test_newest_of_its_own_is_chosen_by_its_number(acme):
    for release in ("2026.9", "2026.10", "2025.11"):
        acme(release, own(release))
    assert names("acme") == ["avatar-core/2026.1", "acme/2025.11", "acme/2026.9", "acme/2026.10"]
    assert choose("acme").name == "acme/2026.10"
    assert choose("acme", "acme/2026.9").name == "acme/2026.9"


def test_included_rules_are_its_rules(acme):
    acme("2026.1", own("2026.1", "includes: [avatar-core/2026.1]\nrules: [acme.face]"))
    assert choose("acme").rules == {"acme.face"} | choose("acme", "avatar-core/2026.1").rules


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (own("2026.2"), "says that it is 'acme/2026.2'. There lies acme/2026.1: name it so, or move it"),
        (own("2026.1", "rule: [a.b]"), "has an unknown field 'rule'. A profile has includes, profile, rules"),
        (own("2026.1", "rules: a.b"), "rules is no list of names"),
        (own("2026.1", "rules: [a.b, 7]"), "rules is no list of names"),
        (own("2026.1", "rules: [a.b, a.b]"), "rules names a.b twice. Remove one of them"),
        (own("2026.1", "includes: [acme/2026.1]"), "includes 'acme/2026.1', which is none of an earlier time"),
        (own("2026.1", "includes: [avatar-core/1999.1]"), "includes 'avatar-core/1999.1', which is none of an earlier time"),
        ("[", "2026.1.yaml:2: not YAML"),
        ("- a", "not a mapping"),
    ],
)
def test_what_is_no_profile_is_told(acme, text, told):
    acme("2026.1", text)
    with pytest.raises(UsageFault) as caught:
        load("acme/2026.1", "acme")
    assert told in str(caught.value)
    assert "2026.1.yaml" in str(caught.value)


@pytest.mark.usefixtures("acme")
def test_unknown_profile_names_the_nearest():
    with pytest.raises(UsageFault) as caught:
        choose("acme", "avatar-core/2026.2")
    assert str(caught.value) == "there is no profile 'avatar-core/2026.2' for the vendor acme. Nearest: avatar-core/2026.1"


def test_rule_that_no_contract_holds_is_told():
    with pytest.raises(
        UsageFault, match=r"the profile acme/2026.1 names the rule 'acme.fase', which no contract holds. Nearest: ac"
    ):
        check_rules("acme/2026.1", ["acme.face", "acme.fase"], ["acme.face"])


# what counts


@pytest.mark.parametrize(("rules", "scored"), [({"a.old"}, True), ({"a.new"}, False), ({"a.new", "a.old"}, True), (set(), True)])
def test_case_counts_by_its_rules(rules, scored):
    assert Profile("a/2026.1", frozenset({"a.old"})).scores(rules) is scored


BROKEN = 'async def test_it(self, check):\n    check("anam.size.pair", 1, 2)'


@pytest.mark.parametrize(
    ("options", "told", "not_conformant"),
    [
        ((), ["1 fail", "profile: anam/2026.1", "conformant: no: 1 failed"], True),
        (
            ("--conformance-profile=avatar-core/2026.1",),
            [
                "1 fail",
                "profile: avatar-core/2026.1 · 1 not scored: 1 fail",
                "conformant: cannot be said: no case judges core.close.avatar-removed and 61 more of avatar-core/2026.1",
            ],
            False,
        ),
    ],
)
def test_rule_outside_of_the_profile_fails_the_run_and_does_not_count(tmp_path, options, told, not_conformant):
    report = tmp_path / "run.jsonl"
    code, output = run(*case(tmp_path, BROKEN, "anam.size.pair"), *options, f"--conformance-report={report}")
    assert code == 1, output
    lines = output.splitlines()
    assert [line for line in lines if line in told] == told, output
    (line,), footer = read(report).cases, read(report).footer
    (judged,) = footer.judged
    assert (line.verdict, line.scored) == ("fail", not_conformant)
    assert judged.conformant is (False if not_conformant else None)
    assert judged.not_scored == ({} if not_conformant else {"fail": 1})
    assert judged.profile == read(report).header.suites[0].profile == told[1].removeprefix("profile: ").split(" ")[0]
    assert len(judged.unjudged) == len(choose("anam", judged.profile).rules) - not_conformant
    assert judged.whole


def test_unknown_profile_is_told_once_before_anything():
    code, output = run("suites/anam", "--conformance-profile=anam/2026.2")
    assert code == 4, output
    assert output.count("there is no profile 'anam/2026.2' for the vendor anam. Nearest: anam/2026.1") == 1
    assert "Traceback" not in output


def test_check_judges_by_a_profile_too():
    done = subprocess.run(
        [PROGRAM, "check", "anam", "--profile", "avatar-core/2026.1", "--rule", "core.config.job"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "profile: avatar-core/2026.1\n" in done.stdout
