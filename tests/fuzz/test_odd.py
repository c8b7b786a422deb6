"""Odd requests are odd in ways about which servers agree."""

import gzip
import itertools

from .ledger import Ledger
from .odd import JSON, WAYS
from .wire import Sent, as_json


def test_no_gzip_is_cut_however_ways_come_together():
    sent = Sent("POST", "/v1/engine/session", (JSON,), as_json({"personaConfig": {"avatarId": "x"}}))
    ledger = Ledger("mock_key", {})
    for first, second, third in itertools.product(sorted(set(WAYS) - {"large"}), repeat=3):
        for one in WAYS[first](sent, ledger)[:5]:
            for two in WAYS[second](one, ledger)[-5:]:
                for three in WAYS[third](two, ledger)[-2:]:
                    assert not _cut(three), f"{first}, {second}, {third}: {three.body!r}"


def _cut(sent: Sent) -> bool:
    """Whether a server may take what the oracle does not: gzip without its end."""
    if sent.header("Content-Encoding") != ["gzip"] or not sent.body:
        return False
    try:
        gzip.decompress(sent.body)
    except gzip.BadGzipFile:
        return len(sent.body) < 2
    except EOFError:
        return True
    return False
