"""A mock of somebody else's that is wrong in a whole run: it is named, and no plugin is judged by it."""

import pytest

from .test_their_suite import told_once
from .theirs import Acme

MOCK = "acme_mock/__init__.py"
WHOSE = "the mock of acme (acme_mock of acme-avatar 0.1.0)"
BEGIN = "        name, room, settings = "
BLAME = f"exit code 7: a fault of {WHOSE}, not of the plugin, which is not judged by this run; see the errors above"


@pytest.fixture
def acme(tmp_path):
    return Acme.copied(tmp_path)


def test_route_that_is_missing_is_told_before_anything_runs(acme):
    acme.change(MOCK, '{"startCall":', '{"startCal":')
    told = f"T{WHOSE[1:]} has no route for startCall (POST /v1/calls) of its contract and a route for startCal"
    told_once(acme.check(), told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"acme.face.unknown"', '"acme.face.unknwn"', "The contract of acme has no rule acme.face.unknwn. Add it to x-rules"),
        (BEGIN, f"        await __import__('asyncio').sleep(60)\n{BEGIN}", f"had no answer of {WHOSE} after "),
        (BEGIN, f"        __import__('time').sleep(5)\n{BEGIN}", f"had no answer of {WHOSE} after "),
    ],
    ids=["rule", "hang", "block"],
)
def test_answer_that_fails_is_the_mocks_fault(acme, old, new, told):
    acme.change(MOCK, old, new)
    code, output = acme.check("-k", "test_unknown_avatar")
    assert code == 7, output
    assert "fault of the mock of acme, not the plugin's: POST /v1/calls " in output
    assert told in output
    assert BLAME in output
    assert "a fault of mockvendors" not in output
    assert "1 error" in output
