"""The text of a list: entries as they were written, and whatever TOML allows."""

import tomllib

import pytest

from mockvendors.conformance.expectations import Expectation, parse
from mockvendors.conformance.expectations_text import cut, written
from mockvendors.conformance.verdict import Verdict

ENTRY = '[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"'
OTHER = '[[ expected ]]  # seen on Monday\n\nmatch = "b"\noutcome = "crash"\nreason = """\n[[expected]]\n"""'


def test_entries_keep_their_words_and_the_comment_right_above():
    was = cut(f"# About the file.\n\n# About a.\n{ENTRY}\n# At the end of a.\n\n\n{ENTRY}\n")
    assert was.head == "# About the file."
    assert was.blocks == (f"# About a.\n{ENTRY}\n# At the end of a.", ENTRY)


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_first_comment_of_a_file_is_about_the_file(gap):
    assert cut(f"# About the file.{gap}{ENTRY}\n") == cut(f"# About the file.\n\n{ENTRY}")


@pytest.mark.parametrize("text", ["", "\n", "# Nothing yet.\n"])
def test_file_without_entries_is_its_head(text):
    assert (cut(text).head, cut(text).blocks) == (text.strip(), ())


@pytest.mark.parametrize(
    "text",
    [
        '# Head.\nexpected = [{match = "a", outcome = "fail", reason = "r"}]  # in one line\n',
        f"# Head.\n{OTHER}\n",
    ],
    ids=["inline", "begin of an entry inside of a text"],
)
def test_what_cannot_be_cut_keeps_its_first_comment(text):
    assert tomllib.loads(text)["expected"]
    assert (cut(text).head, cut(text).blocks) == ("# Head.", None)


@pytest.mark.parametrize(
    "entry",
    [
        Expectation("a", Verdict.FAIL, "r"),
        Expectation('test_x["q\\n"]', Verdict.TIMEOUT, 'a "quoted" \\ reason\n\x7f\x01 é 🙂', "core.x"),
        parse(
            "known.toml",
            f'{ENTRY}\nrule = "core.x"\nversions = ">=1,<2"\nuntil = 2199-01-31\nlink = "https://example.org/1"\n'
            'when = {os = "linux", kind = "agents"}',
        )[0],
    ],
    ids=["least", "odd", "all"],
)
def test_entry_that_is_written_is_read(entry):
    assert parse("known.toml", written(entry, "# above")) == (entry,)
