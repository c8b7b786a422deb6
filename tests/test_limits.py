"""The time limits have one scale, which a person may set, and a wrong one is told before anything begins."""

import pytest

from mockvendors.errors import UsageFault
from mockvendors.limits import scaled


@pytest.mark.parametrize(("scale", "seconds"), [("3", 6.0), ("0.5", 1.0), ("1e1", 20.0), ("", 2.0)])
def test_every_limit_is_multiplied(monkeypatch, scale, seconds):
    monkeypatch.setenv("MOCKVENDORS_TIME_SCALE", scale)
    assert scaled(2.0) == seconds


@pytest.mark.parametrize("scale", ["abc", "0", "-1", "nan", "inf"])
def test_a_scale_that_is_none_is_refused(monkeypatch, scale):
    monkeypatch.setenv("MOCKVENDORS_TIME_SCALE", scale)
    with pytest.raises(UsageFault, match=r"MOCKVENDORS_TIME_SCALE is .* no number above 0"):
        scaled(2.0)
