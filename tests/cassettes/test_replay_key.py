"""Whether a request bears its vendor's key, where no mock is there to tell."""

import json

import pytest

from mockvendors.cassettes.interaction import Answer
from mockvendors.conformance.vendor_mode_key import Keyring
from mockvendors.conformance.vendor_mode_witness import WitnessedVendor

from .conftest import ADDRESS, exchange

TOKEN = '<jwt:1 {"kind": "<id:1>"}>'


def bearing(*values):
    return exchange({}, headers=[("Authorization", value) for value in values]).sent


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        (["Bearer k"], True),
        (["bearer k"], True),
        (["Bearer kx"], False),
        (["k"], True),
        ([], False),
        (["Bearer k", "Bearer other"], False),
        ([f"Bearer {TOKEN}"], False),
    ],
)
def test_key_opens(contract, values, opens):
    assert Keyring(contract, "k").opens(bearing(*values)) is opens


@pytest.mark.parametrize(("status", "opens"), [(200, True), (401, False)])
def test_token_of_an_answer_opens_too(contract, status, opens):
    keys = Keyring(contract, "k")
    keys.gave(Answer(status, body=json.dumps({"sessionToken": TOKEN}).encode()))
    assert keys.opens(bearing(f"Bearer {TOKEN}")) is opens


def test_request_with_another_key_is_in_no_journal(contract):
    vendor = WitnessedVendor(contract, ADDRESS, "k", "startSession", lambda _: None)
    for key in ("k", "other"):
        vendor.saw(bearing(f"Bearer {key}"), Answer(200, body=b"{}"))
    assert len(vendor.journal.entries) == 1
