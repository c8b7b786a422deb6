"""`make mutants`: what it is asked for, and what the proof keeps and takes from before."""

import subprocess
import sys
from dataclasses import replace

import pytest
from msgspec import structs

from mockvendors.errors import UsageFault
from mockvendors.mutants import Kind, Mutant, Outcome

from . import __main__ as tool
from . import judged, page, proof, rules
from .samples import failed

STATUS = next(mutant for mutant in judged.mutants() if mutant.name == "status_lost")


def seen(by=(STATUS.rule,), **more):
    """Return the proof of a whole run in which these rules failed a mutant; by default its own alone."""
    outcome = Outcome(STATUS, Kind.CAUGHT, tuple(failed(rule) for rule in by))
    return structs.replace(proof.proof(outcome), **more)


# what is asked for


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "tests.mutants", *arguments], cwd=judged.ROOT, capture_output=True, text=True, check=False
    )


def test_unknown_name_is_one_line_and_exit_code_4():
    done = command("--only", "statuslost")
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("mutants: no mutant and no rule of one is called 'statuslost'. Nearest: status_lost")
    assert done.stderr.count("\n") == 1


def test_unknown_rule_is_told_the_nearest_rule():
    with pytest.raises(UsageFault, match=r"'core.errors.puase'. Nearest: core.errors.pause"):
        tool.chosen(["core.errors.puase"])


def test_help_teaches_with_an_example():
    done = command("--help")
    assert done.returncode == 0
    assert "make mutants ONLY=status_lost" in done.stdout


def test_nothing_but_outcomes_of_before_is_overwritten(tmp_path):
    mine, other = tmp_path / "found.json", tmp_path / "other.json"
    mine.write_text('{"totals": {}, "mutants": []}')
    other.write_text('{"totals": {}}')
    tool.free(mine)
    tool.free(tmp_path / "new.json")
    with pytest.raises(UsageFault, match=r"other.json is there already"):
        tool.free(other)
    with pytest.raises(UsageFault):
        tool.free(tmp_path)


@pytest.mark.parametrize(
    ("only", "names"),
    [(["status_lost"], {"status_lost"}), (["core.errors.max-retry"], {"max_retry_ignored", "max_retry_off_by_one"})],
)
def test_mutants_are_chosen_by_name_or_rule(only, names):
    assert names <= {mutant.name for mutant in tool.chosen(only)}
    assert {mutant.rule for mutant in tool.chosen(only)} == {mutant.rule for mutant in judged.mutants() if mutant.name in names}


def test_all_are_chosen_where_nothing_is_said():
    found = tool.chosen(())
    assert len(found) == len(judged.mutants()) + len(judged.REFERENCES)
    assert [mutant.name for mutant in found[:3]] == list(judged.REFERENCES)  # the longest runs begin first


# what a run proves


def test_its_own_is_what_no_other_rule_failed():
    assert seen().own
    assert not seen(by=[STATUS.rule, "core.errors.retry"]).own
    assert not seen(by=["core.errors.retry"]).own


def test_a_rule_that_implies_another_is_failed_by_both_and_no_more(monkeypatch):
    monkeypatch.setitem(rules.IMPLIED, STATUS.rule, rules.Implied(frozenset({"core.errors.family"}), "so"))
    assert seen(by=[STATUS.rule, "core.errors.family"]).own
    assert not seen().own
    assert not seen(by=[STATUS.rule, "core.errors.family", "core.errors.retry"]).own


def test_a_fault_proves_nothing():
    assert proof.proof(Outcome(STATUS, Kind.FAULT)) is None


def test_a_proof_holds_for_the_mutant_and_the_suite_that_it_was_made_with():
    assert proof.holds(seen(), STATUS)
    assert not proof.holds(seen(file="0" * 16), STATUS)
    assert not proof.holds(seen(suite="0" * 16), STATUS)
    assert not proof.holds(seen(), replace(STATUS, rule="core.errors.retry"))
    assert not proof.holds(None, STATUS)


def test_a_mutants_digest_changes_with_what_it_imports(tmp_path, monkeypatch):
    monkeypatch.setattr(judged, "FOLDER", tmp_path)
    (tmp_path / "reference.py").write_text("import os\n")
    (tmp_path / "wrong.py").write_text("import reference\nfrom reference import *\n")
    before = judged.digest("wrong")
    (tmp_path / "other.py").write_text("")
    assert judged.digest("wrong") == before
    (tmp_path / "reference.py").write_text("import sys\n")
    assert judged.digest("wrong") != before


def test_the_suites_digest_is_of_its_case_classes_too():
    files = sorted((judged.ROOT / "suites" / "anam").glob("*.py"))
    assert judged.ROOT / "mockvendors/conformance/errors.py" in set(proof.classes(files))
    assert all(path.is_file() for path in proof.classes(files))


def test_next_comes_one_mutant_a_rule_and_first_what_was_its_own_before():
    rows = (("a", "core.x"), ("b", "core.x"), ("c", "core.y"), ("d", "core.z"))
    found = [Mutant(name, "Wrong.", rule, "") for name, rule in rows]
    proofs = {"b": structs.replace(seen(), mutant="b", rule="core.x", by={"core.x": 1})}
    first = proof.next_round({"core.x", "core.y"}, found, proofs, ())
    assert [mutant.name for mutant in first] == ["b", "c"]
    assert [mutant.name for mutant in proof.next_round({"core.x"}, found, proofs, {"b"})] == ["a"]


def test_what_was_seen_is_kept_and_a_later_run_stands_for_an_earlier(tmp_path, monkeypatch):
    monkeypatch.setattr(proof, "SEEN", tmp_path / "mutants" / "seen.jsonl")
    proof.remember(seen(date="2026-01-01"))
    proof.remember(seen(date="2026-01-02"))
    assert proof.read(proof.SEEN) == {"status_lost": seen(date="2026-01-02")}


def test_a_line_that_is_none_is_told_with_its_place(tmp_path):
    (tmp_path / "seen.jsonl").write_text('{"mutant": "status_lost"}\n')
    with pytest.raises(UsageFault, match=r"seen.jsonl:1: no line of a proof"):
        proof.read(tmp_path / "seen.jsonl")


def test_the_page_keeps_what_stands_around_its_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    page.PAGE.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    page.write({"status_lost": seen()}, [STATUS], [STATUS.rule, "core.errors.retry"])
    text = page.PAGE.read_text()
    assert text.startswith(f"before\n{page.BEGIN}\n")
    assert text.endswith(f"{page.END}\nafter\n")
    assert "| `core.errors.status-kept` | `status_lost` |" in text
    assert "| `core.errors.retry` | **none yet** |" in text
    assert "old" not in text


def test_what_met_other_rules_comes_last():
    alike = [replace(STATUS, name=name) for name in ("token_kind", "status_lost")]
    proofs = {"status_lost": seen(by=[STATUS.rule, "core.errors.retry"])}
    order = sorted(alike, key=lambda mutant: (proof.likely(mutant, proofs.get(mutant.name)), mutant.name))
    assert [mutant.name for mutant in order] == ["token_kind", "status_lost"]
    proofs["status_lost"] = seen()
    assert min(alike, key=lambda mutant: proof.likely(mutant, proofs.get(mutant.name))).name == "status_lost"
