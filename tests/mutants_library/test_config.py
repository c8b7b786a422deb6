"""A vendor's configuration of generic mutants: what is chosen, and how a mistake in it is told."""

import pytest

from mockvendors.errors import UsageFault
from mockvendors.mutants import config
from mockvendors.mutants.config import Config, choose
from mockvendors.mutants.generic import catalogue


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / "mutants.toml").write_text(text)
        return config.read(tmp_path / "mutants.toml", "acme")

    return read


def test_without_a_file_everything_applies_that_needs_no_more_than_the_usual_names():
    chosen = choose(config.read(None, "acme"))
    assert {each.name for each in chosen.apply} | set(chosen.left) == set(catalogue())
    assert chosen.left["size_swapped"] == "[names] gives no width and no height"
    assert chosen.left["two_posts"] == "[rules] names no rule of the vendor's own for it"
    assert "key_not_needed" in {each.name for each in chosen.apply}  # ACME_API_KEY


def test_file_names_rules_and_leaves_out(read):
    found = read(
        '[names]\nwidth = "/w"\nheight = "/h"\n[rules]\ntwo_posts = "acme.one"\n[leave_out]\ntoken_name = "it has none"\n'
    )
    chosen = choose(found)
    rules = {each.name: each.rule for each in chosen.apply}
    assert rules["two_posts"] == "acme.one"
    assert rules["size_swapped"] == "core.size.forwarded"
    assert chosen.left["token_name"] == "it has none"
    assert "token_name" not in rules


def test_only_some():
    chosen = choose(config.read(None, "acme"), ["token_kind", "status_lost"])
    assert {each.name for each in chosen.apply} == {"token_kind", "status_lost"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[name]\n", "table 'name' is unknown. Nearest: names"),
        ("[names]\nwidht = '/w'\n", "[names] 'widht' is unknown. Nearest: width"),
        ("[leave_out]\ntoken_nam = 'none'\n", "[leave_out] 'token_nam' is unknown. Nearest: token_name"),
        ("[rules]\nstatus_los = 'a'\n", "[rules] 'status_los' is unknown. Nearest: status_lost"),
        ("[leave_out]\ntoken_name = ''\n", "[leave_out] token_name is ''. Write a text that is not empty"),
        ("[leave_out]\ntoken_name = 1\n", "[leave_out] token_name is 1. Write a text"),
        ("leave_out = 1\n", "leave_out is no table. Write [leave_out]"),
        ("[leave_out]\ntoken_name = 'a'\n[rules]\ntoken_name = 'b'\n", "token_name is left out and has a rule. Remove one"),
        ("[names\n", "(at line 1"),
        ("[names]\nkey = '\udcff'\n", "Correct it"),
    ],
)
def test_mistake_is_one_line_with_file_place_and_remedy(tmp_path, text, says):
    file = tmp_path / "mutants.toml"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageFault) as told:
        config.read(file, "acme")
    assert says in str(told.value)
    assert str(file) in str(told.value)
    assert "\n" not in str(told.value)


def test_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageFault, match="cannot be read: No such file"):
        config.read(tmp_path / "none.toml", "acme")


@pytest.mark.parametrize(
    ("only", "says"),
    [
        ("token_kin", "there is no mutant 'token_kin'. Nearest: token_kind"),
        ("zzz", "there is no mutant 'zzz'. `mockvendors mutants --list` names them"),
        ("two_posts", "the mutant two_posts is left out"),
    ],
)
def test_only_one_that_is_not_there_is_told(only, says):
    with pytest.raises(UsageFault) as told:
        choose(Config(), [only])
    assert says in str(told.value)
