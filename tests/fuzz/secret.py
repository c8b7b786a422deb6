"""No key, token or join token that was sent or given stands in an answer or in the journal, but where a token is given."""

from collections.abc import Iterator

from mockvendors.journal import Entry

from .defect import Defect
from .ledger import Ledger
from .oracle import Expected, NotJson, decoded, parse
from .rules import part
from .wire import Got, Sent

SHORTEST = 16
"""Characters: what is shorter may stand anywhere by chance."""


def check_answer(sent: Sent, got: Got, expected: Expected, ledgers: list[Ledger]) -> None:
    """Raise Defect where body or headers of an answer hold a secret."""
    places = {"body": got.body.decode(errors="replace"), **got.headers}
    for secret in _secrets(sent, expected, ledgers):
        for place, text in places.items():
            if secret in text:
                raise Defect(
                    "secret told", f"the answer's {place} holds {secret[:6]}..., {len(secret)} characters that were a secret"
                )


def check_entry(sent: Sent, entry: Entry, ledgers: list[Ledger]) -> None:
    """Raise Defect where an entry of the journal holds a secret."""
    text = repr(entry)
    if any(secret in text for secret in [*_given(ledgers), *_joins(sent)]):
        raise Defect("journal", f"it holds a secret: {entry}")


def _secrets(sent: Sent, expected: Expected, ledgers: list[Ledger]) -> Iterator[str]:
    credentials = [value.rpartition(" ")[2] for value in sent.header("Authorization")]
    yield from _given(ledgers)
    yield from (secret for secret in [*credentials, *_joins(sent)] if len(secret) >= SHORTEST)
    config = expected.config or {}
    yield from _join(config)


def _given(ledgers: list[Ledger]) -> Iterator[str]:
    for ledger in ledgers:
        yield from (ledger.key, *ledger.tokens)


def _joins(sent: Sent) -> Iterator[str]:
    try:
        body = parse(decoded(sent))
    except NotJson:
        return
    yield from _join(body)


def _join(body: object) -> Iterator[str]:
    token = part(body, "environment").get("livekitToken") if isinstance(body, dict) else None
    if isinstance(token, str) and len(token) >= SHORTEST:
        yield token
