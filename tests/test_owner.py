"""Whose line an error went through last: a package of ours below somebody else's folder stays ours."""

from pathlib import Path

import pytest

import mockvendors
from mockvendors.errors import UsageFault
from mockvendors.owner import ends_in, last_line
from mockvendors.registry import registration

ABOVE = Path(mockvendors.__file__).parents[1]


def test_a_line_of_ours_is_not_told_as_somebody_elses():
    with pytest.raises(UsageFault) as caught:
        registration("nobody")
    assert last_line(ABOVE, caught.value.__traceback__).startswith(f"{__file__}:")
    assert last_line(Path(__file__), caught.value.__traceback__).startswith(f"{__file__}:")
    assert last_line(ABOVE / "suites", caught.value.__traceback__) is None
    assert "registry.py:" in last_line(ABOVE / "mockvendors", caught.value.__traceback__)


def test_an_error_ends_where_its_last_line_of_theirs_or_ours_is():
    with pytest.raises(UsageFault) as caught:
        registration("nobody")
    assert not ends_in(ABOVE, caught.value.__traceback__), "it comes out of our registry"
    assert ends_in(ABOVE / "mockvendors", caught.value.__traceback__)
    with pytest.raises(KeyError) as theirs:
        {}["a"]
    assert ends_in(ABOVE / "tests", theirs.value.__traceback__)
    assert not ends_in(ABOVE / "suites", theirs.value.__traceback__)
    assert not ends_in(ABOVE, None)
