"""The document: who was judged, each change under its reason, every case, and nothing but that between the marks."""

import pytest

from mockvendors.errors import UsageFault
from mockvendors.history import into
from mockvendors.history.changes import changes
from mockvendors.history.document import render
from tests.report import samples

from .plans import because, plan, reports


def rendered(*change):
    return render(plan(*change), reports(), changes(plan(*change), reports()))


def part(text, begin, end):
    return text.partition(begin)[2].partition(end)[0].split("\n\n")


def test_head_says_by_what_and_who():
    head, table, *_ = rendered().split("\n\n")
    by = "mockvendors 0.1.0 · commit abc1234 · suite 000000000000 · toy contract 2026.11.1"
    assert head == f"Judged 2026-11-21 · {by} · LiveKit 1.11.0 · Linux · time limits x1"
    assert table.splitlines()[0] == "|  | who | with | in | fail | not claimed | pass |"
    assert table.splitlines()[3] == "| **1.9.1** | livekit-plugins-toy 1.9.1 | livekit-agents 1.9.1 |  | 2 | 1 | 1 |"


def test_changes_stand_under_their_reason_and_those_without_are_marked():
    said = rendered(because("1.9.1", "1.10.0", "*", "It was | mended.", outcomes=("fail", "pass")))
    assert part(said, "### 1.2.0 → 1.9.1: 1 case", "###")[1] == "**unexplained**"
    _, first, table, second, *_ = part(said, "### 1.9.1 → 1.10.0: 2 cases", "##")
    assert first == "**unexplained**"
    assert "| `TestToy::test_2` | not claimed | pass |" in table
    assert second == "It was \\| mended. (its changelog)"


def test_reasons_stand_in_the_order_of_the_history():
    later, former = (because("1.9.1", "1.10.0", f"*test_{number}", why) for number, why in ((3, "First."), (2, "Second.")))
    told = part(rendered(later, former), "### 1.9.1 → 1.10.0: 2 cases", "##")
    assert [text for text in told if text.startswith(("First", "Second"))] == [
        "First. (its changelog)",
        "Second. (its changelog)",
    ]


def test_versions_that_say_the_same_are_told_so():
    same = {"1": samples.version("1", c1="pass"), "2": samples.version("2", c1="pass")}
    said = render(plan(versions=same), same, [])
    assert "### 1 → 2: nothing" in said
    assert "0 cases of 1; the other 1 pass everywhere" in said


def test_table_has_what_does_not_pass_everywhere_in_the_order_of_the_history():
    table = part(rendered(), "## Cases that do not pass everywhere", "<details>")[2].splitlines()
    assert table == [
        "| case | rule | 1.2.0 | 1.9.1 | 1.10.0 |",
        "| --- | --- | --- | --- | --- |",
        "| `TestToy::test_2` | `toy.rule.2` | - | - | **pass** |",
        "| `TestToy::test_3` | `toy.rule.3` | pass | **fail** | **pass** |",
        "| `TestToy::test_4` | `toy.rule.4` | fail | fail | fail |",
    ]
    assert "| `TestToy::test_1` | `toy.rule.1` | pass | pass | pass |" in rendered().partition("<details>")[2]


def test_columns_stand_as_the_history_has_them_whatever_their_versions():
    forked = {version: reports()[version] for version in ("1.10.0", "1.2.0")}
    said = render(plan(versions=forked), forked, [])
    assert "| case | rule | 1.10.0 | 1.2.0 |" in said
    assert "| `TestToy::test_2` | `toy.rule.2` | pass | **-** |" in said


def test_cases_of_one_function_are_one_row_and_a_port_is_none():
    def version(number, verdict, port):
        cases = [
            samples.case(
                f"5[{each}]", verdict, rule="toy.rule.5", seen="a call", expected="1", actual=f"http://127.0.0.1:{port}/v1"
            )
            for each in "ab"
        ]
        return samples.report(f"{number}.jsonl", (samples.who(number), cases))

    two = {"1": version("1", "fail", 4711), "2": version("2", "pass", 4712)}
    said = render(plan(versions=two), two, changes(plan(versions=two), two))
    assert "| `TestToy::test_5[a, b]` | fail | pass | a call: expected `1`, was `http://127.0.0.1:PORT/v1` |" in said
    assert "4711" not in said


# the place in a document


def test_what_is_around_the_marks_stays(tmp_path):
    file = tmp_path / "page.md"
    file.write_text(f"# Mine\n\n{into.BEGIN}\nold\n{into.END}\n\nmine too\n")
    into.put(file, "new\n")
    assert file.read_text() == f"# Mine\n\n{into.BEGIN}\nnew\n{into.END}\n\nmine too\n"


@pytest.mark.parametrize("text", ["", into.BEGIN, into.END + into.BEGIN, into.BEGIN * 2 + into.END, into.BEGIN + into.END * 2])
def test_a_document_without_a_place_is_refused_and_left(tmp_path, text):
    file = tmp_path / "page.md"
    file.write_text(text)
    with pytest.raises(UsageFault, match="has no place for a history"):
        into.put(file, "new")
    assert file.read_text() == text
