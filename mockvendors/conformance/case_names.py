"""Cases of one name, from two folders of one vendor's cases: told before anything runs."""

from collections.abc import Iterable

import pytest

from mockvendors.conformance.implementation import of_case
from mockvendors.conformance.known import case_id
from mockvendors.errors import UsageFault


def hold(cases: Iterable[pytest.Item]) -> None:
    """Raise UsageFault where two cases have one name: nobody could tell which of them a report or a recording means."""
    met: dict[tuple[str, str, str], pytest.Item] = {}
    for case in cases:
        vendor = case.cls.traits.vendor  # type: ignore[attr-defined]  # a case is a method of a class with traits
        key = (of_case(case).text, vendor, case_id(case))
        if key in met:
            told = f"two cases of {vendor} are called {key[-1]}, in {met[key].path.parent} and in {case.path.parent}"
            raise UsageFault(f"{told}: no report and no recording could tell them apart", "Run their folders one by one")
        met[key] = case
