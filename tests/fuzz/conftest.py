"""The contract, read once for all tests of this directory."""

import pytest

from .subject import Subject


@pytest.fixture(scope="session")
def subject():
    return Subject("anam")
