"""Where a request differs from a recorded one, path by path. Both are scrubbed: what stands for a text matches every text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mockvendors.cassettes.interaction import NotJson, Sent
from mockvendors.cassettes.standins import StandIn, alike, read_stand_in

_ANY_TEXT = frozenset({"id", "key", "name", "text", "token"})
"""Kinds that stand for somebody's own words, whatever they are."""
_SECONDS = "exp_in"
"""Claim that stands for the times of a JWT: how long it lives is judged where the token itself can be seen."""
_SHOWN = 80
"""Characters of a value."""
_NOTHING = object()


@dataclass(frozen=True)
class Difference:
    """One place that is not as it was recorded."""

    place: str
    """`method`, `address`, `path`, `query`, `header NAME`, or a JSON pointer into the body."""
    recorded: str
    sent: str

    def __str__(self) -> str:
        return f"{self.place}: recorded {self.recorded}, sent {self.sent}"


def differences(recorded: Sent, sent: Sent) -> list[Difference]:
    """Return what of a request is not as recorded; of headers the media type and the credential's scheme are looked at."""
    return [*_line(recorded, sent), *_headers(recorded, sent), *_bodies(recorded, sent)]


def _line(recorded: Sent, sent: Sent) -> Iterator[Difference]:
    if recorded.method != sent.method:
        yield Difference("method", recorded.method, sent.method)
    old, new = (unquote(request.path).split("/") for request in (recorded, sent))
    if len(old) != len(new) or not all(map(_same_text, old, new)):
        yield Difference("path", "/".join(old), "/".join(new))
    before, after = (_query(request) for request in (recorded, sent))
    yield from _values(before, after, "query")


def _query(request: Sent) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in parse_qsl(urlsplit(request.url).query, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return found


def _headers(recorded: Sent, sent: Sent) -> Iterator[Difference]:
    for name, reduced in (("content-type", _media_type), ("authorization", _scheme)):
        old, new = (reduced(request.header(name)) for request in (recorded, sent))
        if old != new:
            yield Difference(f"header {name}", old or "nothing", new or "nothing")


def _media_type(value: str | None) -> str:
    return (value or "").partition(";")[0].strip().lower()


def _scheme(value: str | None) -> str:
    scheme, space, _ = (value or "").partition(" ")
    return scheme.lower() if space else "a bare credential" if scheme else ""


def _bodies(recorded: Sent, sent: Sent) -> Iterator[Difference]:
    yield from _values(_body(recorded), _body(sent), "")


def _body(request: Sent) -> Any:  # noqa: ANN401 - any JSON value
    """Return a body as JSON; as text where it is none, and nothing where there is none."""
    if not request.body:
        return _NOTHING
    try:
        return request.json()
    except NotJson:
        return request.body.decode(errors="replace")


def _values(old: Any, new: Any, place: str) -> Iterator[Difference]:  # noqa: ANN401 - any JSON values
    if isinstance(old, dict) and isinstance(new, dict):
        old, new = _by_order(old), _by_order(new)
        for name in [*old, *(name for name in new if name not in old)]:
            yield from _values(old.get(name, _NOTHING), new.get(name, _NOTHING), f"{place}/{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _values(before, after, f"{place}/{number}")
    elif isinstance(old, str) and isinstance(new, str):
        yield from _texts(old, new, place)
    elif not _same(old, new, place):
        yield Difference(place or "body", _shown(old), _shown(new))


def _by_order(fields: dict[str, Any]) -> dict[str, Any]:
    """Return an object with its hidden names numbered by their order in it: in a recording they are numbered throughout."""
    found: dict[str, Any] = {}
    hidden = 0
    for name, value in fields.items():
        stand_in = read_stand_in(name)
        is_hidden = stand_in is not None and stand_in.kind == "name"
        hidden += is_hidden
        found[f"<name:{hidden}>" if is_hidden else name] = value
    return found


def _texts(old: str, new: str, place: str) -> Iterator[Difference]:
    before, after = read_stand_in(old), read_stand_in(new)
    if before and after and before.claims is not None and after.claims is not None:
        yield from _values(before.claims, after.claims, f"{place}/(claims)")
    elif not _same_text(old, new):
        yield Difference(place or "body", _named(old, before), _named(new, after))


def _same_text(old: str, new: str) -> bool:
    before, after = read_stand_in(old), read_stand_in(new)
    if before is not None and before.kind in _ANY_TEXT:
        return after is None or after.kind in _ANY_TEXT or after.kind == "uuid"
    if before is not None or after is not None:
        return before is not None and after is not None and before.kind == after.kind
    return alike(old) == alike(new)


def _same(old: Any, new: Any, place: str) -> bool:  # noqa: ANN401 - any JSON values
    if place.endswith(f"/{_SECONDS}"):
        return isinstance(old, int) and isinstance(new, int)
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def _named(text: str, stand_in: StandIn | None) -> str:
    if stand_in is None:
        return _shown(text)
    kind = {"jwt": "JWT", "uuid": "UUID", "moment": "point in time"}.get(stand_in.kind, stand_in.kind)
    return f"some {kind}"


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if value is _NOTHING:
        return "nothing"
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
