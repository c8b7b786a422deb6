"""Which calls of a recording the vendor accepted, told by what was asked and by whom.

What a call holds of an earlier answer (a token, the id of a session) is another each time: it stands for the call that gave it.
So two starts with two tokens are the same call where the two token calls were the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from mockvendors.cassettes.interaction import Interaction, NotJson, Sent
from mockvendors.cassettes.standins import alike, read_stand_in
from mockvendors.contract import Contract
from mockvendors.drift.concrete import LINKED, Link, given_by

Asked = tuple[str, str, str, frozenset[tuple[str, str]]]
"""Method, path, credential, and the values of the body by their places."""
_PART = re.compile(r"[^/ ?&=]+")
_OF_ONE_CALL = ("token", "jwt")
"""What a client makes anew for each call."""


@dataclass(frozen=True)
class Calls:
    """The calls of one recording."""

    contract: Contract
    accepted: frozenset[Asked]
    operations: frozenset[str]
    """Of which at least one was accepted."""
    ids: frozenset[tuple[str, str, str]]
    """Operation, name of a field, and an id that stood there in an accepted call."""
    origin: Mapping[Link, int]
    """What an answer gave -> the number of the call that it answered."""

    @classmethod
    def of(cls, contract: Contract, interactions: Iterable[Interaction], fields: Iterable[str]) -> "Calls":
        """Read a recording; `fields` hold ids of the vendor's own."""
        origin, numbers, sent = dict[Link, int](), dict[Asked, int](), set[Link]()
        accepted, operations, ids = set[Asked](), set[str](), set[tuple[str, str, str]]()
        fields = tuple(fields)
        for one in interactions:
            asked = _asked(one.sent, origin)
            number = numbers.setdefault(asked, len(numbers))
            sent |= _links(one.sent) - origin.keys()
            if one.answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                continue
            accepted.add(asked)
            origin.update((link, number) for link in given_by(one.answer) if link not in origin and link not in sent)
            operation = contract.operation(one.sent.method, one.sent.path)
            if operation is not None:
                operations.add(operation.id)
                ids |= {(operation.id, name, text) for name in fields for text in _under(name, _json(one.sent))}
        return cls(contract, frozenset(accepted), frozenset(operations), frozenset(ids), origin)

    def accepts(self, sent: Sent) -> bool:
        """Tell whether the same call was accepted, before or after."""
        return _asked(sent, self.origin) in self.accepted

    def knows(self, operation: str, field: str, sent: Sent) -> bool:
        """Tell whether each id that a call holds under a name, one at least, stood there when the operation was accepted."""
        texts = set(_under(field, _json(sent)))
        return bool(texts) and all((operation, field, text) in self.ids for text in texts)


def _asked(sent: Sent, origin: Mapping[Link, int]) -> Asked:
    credential = _PART.sub(lambda found: _given(found[0], origin), sent.header("Authorization") or "")
    path = _PART.sub(lambda found: _given(found[0], origin), sent.url)
    return sent.method, path, credential, frozenset(_values(_json(sent), "", origin))


def _values(value: Any, where: str, origin: Mapping[Link, int]) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _values(item, f"{where}/{name}", origin)
    elif isinstance(value, str):
        stand_in, given = read_stand_in(value), _given(value, origin)
        is_new = given == value and stand_in is not None and stand_in.kind in _OF_ONE_CALL
        yield where, alike(value).partition(" ")[0] if is_new else f"'{given}"
    else:
        yield where, msgspec.json.encode(value).decode()


def _given(text: str, origin: Mapping[Link, int]) -> str:
    """Return a text, or by which call it was given."""
    link = _link(text)
    return f"<of call {origin[link]}>" if link is not None and link in origin else text


def _link(text: str) -> Link | None:
    stand_in = read_stand_in(text)
    return (stand_in.kind, stand_in.number) if stand_in is not None and stand_in.kind in LINKED else None


def _links(sent: Sent) -> set[Link]:
    texts = [*_PART.findall(sent.url), *_texts(_json(sent))]
    return {link for text in texts if (link := _link(text)) is not None}


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _under(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the texts that stand under a name, at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get(name), str):
            yield value[name]
        for item in value.values():
            yield from _under(name, item)


def _json(sent: Sent) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return sent.json() if sent.body else {}
    except NotJson:
        return sent.body.decode(errors="replace")
