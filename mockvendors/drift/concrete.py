"""Recorded requests with concrete values in place of stand-ins, linked as the originals were.

What an earlier answer of the mock gave stands in for what the recorded answer gave at the same place: a token for a token, a
session for a session. What a request holds that no answer gave has a value of its own, the same each time.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import jwt

from mockvendors.cassettes.interaction import Answer, NotJson, Sent
from mockvendors.cassettes.standins import StandIn, read_stand_in

Link = tuple[str, int]
"""Kind and number of a stand-in, by which values of one recording are linked."""
LINKED = frozenset({"uuid", "id", "token", "jwt"})
"""Kinds that an answer may give and a later request may hold."""
IDS = frozenset({"uuid", "id"})
_INSIDE = re.compile(r"<(?:key|token|id|name|text|jwt):\d{1,9}>")
_SIGNING_KEY = "of-a-token-that-nobody-can-verify-0123456789"
_CREDENTIAL = "authorization"


@dataclass(frozen=True)
class Request:
    """A request that can be sent to the mock, and what of it comes from elsewhere."""

    sent: Sent
    ids: frozenset[Link]
    """Ids in path and body that no earlier answer gave."""
    lost: str
    """Where an id or a token that it holds was given, if that answer and the mock's parted; empty otherwise."""
    token: Link | None
    """The token that it comes with, where that is none of the vendor's API keys."""
    unreadable: bool
    """The body is not in the recording, only its length."""


class Concrete:
    """The values of one pass through a cassette."""

    def __init__(self, keys: Mapping[int, str]) -> None:
        """Begin with API keys, by the numbers of their stand-ins; every other key is one that nobody has."""
        self._keys = keys
        self._bound: dict[Link, str] = {}
        self._lost: dict[Link, str] = {}
        self._met: set[Link] = set()
        """In the last request."""
        self._sent: set[Link] = set()
        """In any request, before an answer gave them."""

    def request(self, sent: Sent) -> Request:
        """Return a recorded request as it can be sent."""
        self._met = set()
        headers = tuple((name, self._text(value)) for name, value in sent.headers if name.lower() != _CREDENTIAL)
        credential = sent.header(_CREDENTIAL)
        self._met = set()
        url, (body, unreadable) = self._url(sent.url), self._body(sent.body)
        ids = frozenset(link for link in self._met if link[0] in IDS and link not in self._bound)
        token = _token(credential or "")
        if credential is not None:
            headers = (*headers, ("Authorization", self._text(credential)))
        self._sent |= self._met - set(self._bound)
        lost = next((self._lost[link] for link in sorted(self._met) if link in self._lost), "")
        return Request(Sent(sent.method, url, headers, body), ids, lost, token, unreadable)

    def knows(self, link: Link) -> bool:
        """Tell whether the mock gave what this stands for."""
        return link in self._bound

    def bind(self, recorded: Any, given: Any, place: str) -> None:  # noqa: ANN401 - any JSON value
        """Let what the mock gave stand for what the recorded answer gave; what it did not give is lost since `place`."""
        if isinstance(recorded, str):
            self._bind(recorded, given, place)
        elif isinstance(recorded, dict):  # what stands in a list is given by another answer, and is told again
            others = given if isinstance(given, dict) else {}
            for name, value in recorded.items():
                self.bind(value, others.get(name), place)

    def _bind(self, text: str, given: object, place: str) -> None:
        link = _link(read_stand_in(text))
        if link is None or link in self._bound or link in self._sent:
            return
        if isinstance(given, str):
            self._bound[link] = given
            self._lost.pop(link, None)
        else:
            self._lost[link] = place

    def _url(self, url: str) -> str:
        parts = urlsplit(url)
        path = "/".join(self._segment(segment) for segment in parts.path.split("/"))
        fields = parse_qsl(parts.query, keep_blank_values=True)
        query = urlencode([(self._text(name), self._text(value)) for name, value in fields])
        return f"{path}?{query}" if query else path

    def _segment(self, segment: str) -> str:
        plain = unquote(segment)
        value = self._text(plain)
        return segment if value == plain else quote(value, safe="")

    def _body(self, body: bytes) -> tuple[bytes, bool]:
        stand_in = read_stand_in(body.decode(errors="replace")) if body.startswith(b"<body:") else None
        if stand_in is not None:
            return b"x" * stand_in.number, True
        try:
            value = json.loads(body) if body else None
        except ValueError:
            return self._text(body.decode(errors="replace")).encode(), False
        return (json.dumps(self._value(value), separators=(",", ":")).encode() if body else b""), False

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, dict):
            return {self._text(name): self._value(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        """Return a text with a value for the stand-in that it is, or for those inside of it."""
        stand_in = read_stand_in(text)
        if stand_in is not None:
            return self._for(stand_in, text)
        return _INSIDE.sub(lambda found: self._text(found[0]), text)

    def _for(self, stand_in: StandIn, text: str) -> str:
        kind, number = stand_in.kind, stand_in.number
        if kind == "key":
            return self._keys.get(number, f"key-that-nobody-has-{number}")
        if kind == "text":
            return "x" * number
        if kind == "name":
            return f"unknown_{number}"
        if kind not in LINKED:
            return text
        self._met.add((kind, number))
        return self._bound.get((kind, number)) or self._own(stand_in, text)

    def _own(self, stand_in: StandIn, text: str) -> str:
        """Return the value of what no answer gave."""
        if stand_in.kind == "jwt":
            return jwt.encode(_claims(stand_in.claims or {}), _SIGNING_KEY)
        return own_id((stand_in.kind, stand_in.number)) if stand_in.kind in IDS else text.strip("<>").replace(":", "-")


def given_by(answer: Answer) -> list[Link]:
    """Return what an answer may give, in order: `Concrete.bind` takes it from there."""
    try:
        return list(dict.fromkeys(_given(answer.json())))
    except NotJson:
        return []


def _given(value: Any) -> Iterator[Link]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        for item in value.values():
            yield from _given(item)
    elif isinstance(value, str) and (link := _link(read_stand_in(value))):
        yield link


def own_id(link: Link) -> str:
    """Return the id that stands for one that no answer gave."""
    kind, number = link
    return f"00000000-0000-4000-8000-{number:012d}" if kind == "uuid" else f"id-{number}"


def ids_under(name: str, sent: Sent) -> frozenset[Link]:
    """Return the ids that stand under this name anywhere in a recorded body."""
    try:
        return frozenset(_under(name, sent.json())) if sent.body else frozenset()
    except NotJson:
        return frozenset()


def _under(name: str, value: Any) -> set[Link]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        link = _link(read_stand_in(value[name])) if isinstance(value.get(name), str) else None
        own = {link} if link and link[0] in IDS else set()
        return own.union(*(_under(name, item) for item in value.values()))
    return set().union(*(_under(name, item) for item in value)) if isinstance(value, list) else set()


def _link(stand_in: StandIn | None) -> Link | None:
    return (stand_in.kind, stand_in.number) if stand_in is not None and stand_in.kind in LINKED else None


def _token(credential: str) -> Link | None:
    link = _link(read_stand_in(credential.rpartition(" ")[2]))
    return link if link and link[0] not in IDS else None


def _claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return claims of the same shape that hold now; a stand-in inside stays, since nobody reads the token."""
    now = int(time.time())
    times = {"nbf": now, "exp": now + int(claims["exp_in"])} if isinstance(claims.get("exp_in"), int) else {}
    return {**{name: value for name, value in claims.items() if name != "exp_in"}, **times}
