"""Whose line an error went through last: a package of ours below somebody else's folder stays ours."""

from pathlib import Path

import pytest

import mockvendors
from mockvendors.errors import UsageFault
from mockvendors.owner import last_line
from mockvendors.registry import registration

ABOVE = Path(mockvendors.__file__).parents[1]


def test_a_line_of_ours_is_not_told_as_somebody_elses():
    with pytest.raises(UsageFault) as caught:
        registration("nobody")
    assert last_line(ABOVE, caught.value.__traceback__).startswith(f"{__file__}:")
    assert last_line(Path(__file__), caught.value.__traceback__).startswith(f"{__file__}:")
    assert last_line(ABOVE / "suites", caught.value.__traceback__) is None
    assert "registry.py:" in last_line(ABOVE / "mockvendors", caught.value.__traceback__)
