"""One recorded answer beside the mock's: status, headers, shape, texts, the broken rule. Both are scrubbed in the same way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from mockvendors.cassettes.fields import Field, reply_field
from mockvendors.cassettes.interaction import Answer, NotJson, Sent
from mockvendors.cassettes.standins import alike, read_stand_in
from mockvendors.contract import Contract, Operation
from mockvendors.drift.difference import Difference
from mockvendors.drift.places import field_at, field_id, named_fields, reply_ids
from mockvendors.drift.shape import NOTHING, Shape
from mockvendors.drift.usual import Usual

RULE = "X-Mockvendors-Rule"
_PRESENT = ("Retry-After", "Location")
"""Headers that a client acts on; there or not, since their values are of one moment."""
_TYPED = "Content-Type"
_WRONG = HTTPStatus.BAD_REQUEST
_STAND_IN = re.compile(r"<(?:key|token|id|name|text|jwt):\d{1,9}>|00000000-0000-4000-8000-\d{12}|host-\d{1,9}\.invalid")


@dataclass(frozen=True)
class Pair:
    """The two answers to one request."""

    usual: Usual
    operation: Operation | None
    sent: Sent
    """As it is recorded."""
    recorded: Answer
    mock: Answer
    broken: tuple[str, ...]
    """Rules that the request broke at the mock."""

    @property
    def contract(self) -> Contract:
        """What the mock keeps to."""
        return self.usual.contract

    def differences(self) -> tuple[Difference, ...]:
        """Return what differs; where one of them refuses and the other does not, nothing more is compared."""
        if (self.recorded.status >= _WRONG) != (self.mock.status >= _WRONG):
            return (self._refusal(),)
        found = [*self._status(), *self._headers(), *self._body()]
        return tuple(found or self._rule())

    @property
    def place(self) -> tuple[str, ...]:
        """What the contract says of this answer of the mock: the rule of a refusal, or the documented status."""
        if self.broken:
            return self.broken[:1]
        return reply_ids(self.contract, self.operation, self.mock.status)[-1:] if self.operation else ()

    def _refusal(self) -> Difference:
        recorded, mock = (
            f"{self.recorded.status} {_words(self.recorded)}".strip(),
            f"{self.mock.status} {_words(self.mock)}".strip(),
        )
        if self.mock.status >= _WRONG:
            named = "" if mock.endswith(tuple(f"({rule})" for rule in self.broken)) else f" ({', '.join(self.broken)})"
            return Difference("accepted", "", str(self.recorded.status), f"{mock}{named}", self.broken)
        return Difference("refused", "", recorded, mock, self._suspected() or self.place)

    def _suspected(self) -> tuple[str, ...]:
        """Return what the vendor may have refused: what its words name, what only this request holds or lacks, best both."""
        if self.operation is None:
            return ()
        named = named_fields(self.contract, self.operation, _words(self.recorded))
        suspects = self.usual.suspects(self.operation, self.sent)
        both = tuple(field for field in named if field in suspects)
        return both or named or suspects or reply_ids(self.contract, self.operation, self.recorded.status)[-1:]

    def _status(self) -> Iterator[Difference]:
        if self.recorded.status != self.mock.status:
            yield Difference("status", "", str(self.recorded.status), str(self.mock.status), self.place)

    def _headers(self) -> Iterator[Difference]:
        if self.recorded.body and self.mock.body:
            recorded, mock = _media(self.recorded), _media(self.mock)
            if recorded != mock:
                yield Difference("header", _TYPED, recorded, mock, self.place)
        for name in _PRESENT:
            recorded, mock = (NOTHING if answer.header(name) is None else "present" for answer in (self.recorded, self.mock))
            if recorded != mock:
                yield Difference("header", name, recorded, mock, self.place)

    def _body(self) -> Iterator[Difference]:
        (kind, recorded), (own, mock) = _parsed(self.recorded), _parsed(self.mock)
        if kind != own:
            typed = kind == "no JSON" and own == "JSON" and _media(self.recorded) != _media(self.mock)
            if not typed:  # its Content-Type says it already
                yield Difference("body", "", kind, own, self.place)
            return
        field = reply_field(self.contract, self.operation, self.mock.status)
        if kind != "JSON" or field is None or (self.operation is None and self.mock.status < _WRONG):
            return
        shapes = list(Shape(self.place).differences(recorded, mock, field))
        yield from dict.fromkeys(shapes)
        yield from self._values(recorded, field, {difference.where for difference in shapes})
        if self.mock.status >= _WRONG:
            yield from self._texts(recorded, mock, field)

    def _values(self, recorded: Any, field: Field, known: set[str]) -> Iterator[Difference]:  # noqa: ANN401 - any JSON value
        """Yield values that the contract does not allow, beside wrong types and missing names."""
        for violation in self.operation.check_reply(self.mock.status, recorded) if self.operation else ():
            keyword = violation.expected.partition(" ")[0]
            if keyword in ("type", "required", "status", "no") or violation.where in known:
                continue
            own = field_id(field_at(field, violation.where))
            yield Difference("value", violation.where, repr(violation.actual), violation.expected, (own,) if own else self.place)

    def _texts(self, recorded: Any, mock: Any, field: Field) -> Iterator[Difference]:  # noqa: ANN401 - any JSON value
        """Yield causes in other words, where the contract states the words: our own remarks end in the rule that they name."""
        if not (isinstance(recorded, Mapping) and isinstance(mock, Mapping)):
            return
        for name, text in recorded.items():
            own, child = mock.get(name), field.child(name)
            if not (isinstance(text, str) and isinstance(own, str) and child and child.clear):
                continue
            hidden = read_stand_in(text) or read_stand_in(own)
            if not hidden and not _same_words(text, own) and not own.endswith(tuple(f"({rule})" for rule in self.broken)):
                yield Difference("text", f"/{name}", text, own, self.place)

    def _rule(self) -> Iterator[Difference]:
        recorded, mock = self.recorded.header(RULE), self.mock.header(RULE)
        if recorded and mock and recorded != mock:
            yield Difference("rule", RULE, recorded, mock, self.place)


def _same_words(one: str, other: str) -> bool:
    """Tell whether two texts say the same; a stand-in says whatever stands at its place, since short ids stay in clear."""
    if alike(one) == alike(other):
        return True
    return any(re.fullmatch(_pattern(text), beside, re.DOTALL) for text, beside in ((one, other), (other, one)))


def _pattern(text: str) -> str:
    return "(?:.+?)".join(re.escape(part) for part in _STAND_IN.split(text))


def _media(answer: Answer) -> str:
    return (answer.header(_TYPED) or NOTHING).partition(";")[0].strip().lower()


def _parsed(answer: Answer) -> tuple[str, Any]:
    if not answer.body:
        return "no body", None
    try:
        return "JSON", answer.json()
    except NotJson:
        return "no JSON", None


def _words(answer: Answer) -> str:
    """Return the texts of an error's body in one line."""
    try:
        body = answer.json()
    except NotJson:
        return ""
    texts = [value for value in body.values() if isinstance(value, str)] if isinstance(body, dict) else []
    return ": ".join(texts) if answer.status >= _WRONG else ""
