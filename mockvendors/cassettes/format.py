"""vcrpy's own YAML format, version 1: a cassette that we write can be played by vcrpy, and the other way round.

vcrpy takes a file as it is and fails somewhere inside when it is broken; here each defect is told with file and place.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec
import yaml
from vcr.request import Request  # type: ignore[import-untyped]  # vcrpy has no types
from vcr.serialize import CASSETTE_FORMAT_VERSION, deserialize, serialize  # type: ignore[import-untyped]  # as above
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]  # as above

from mockvendors.cassettes.interaction import Answer, Interaction, Sent
from mockvendors.errors import UsageFault

AGAIN = "Take it back from version control, or record it again"
_MOST = 64 * 1024 * 1024
"""Bytes; the longest recording that we make has a tenth of it."""
_DEEPEST = 20
"""Levels of YAML; a cassette has eight."""


def dumps(interactions: Iterable[Interaction]) -> bytes:
    """Return a cassette of these interactions. A request header that was sent twice is joined by a comma: vcrpy keeps one."""
    interactions = tuple(interactions)
    data = {
        "requests": [_request(interaction.sent) for interaction in interactions],
        "responses": [_response(interaction.answer) for interaction in interactions],
    }
    return cast("str", serialize(data, yamlserializer)).encode()


def loads(data: bytes, place: str) -> tuple[Interaction, ...]:
    """Return the interactions of a cassette; a UsageFault names `place`, line or interaction, and remedy."""
    if len(data) > _MOST:
        raise UsageFault(f"{place}: {len(data)} bytes are too many for a cassette", AGAIN)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise UsageFault(f"{place}: not UTF-8 at byte {error.start + 1}", AGAIN) from error
    loaded = _loaded(text, place)
    _check(loaded, place)
    requests, responses, *_ = deserialize("", _Loaded(loaded))
    return tuple(Interaction(_sent(request), _answer(response)) for request, response in zip(requests, responses, strict=True))


def _request(sent: Sent) -> Request:
    headers: dict[str, str] = {}
    for name, value in sent.headers:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Request(sent.method, sent.url, sent.body or None, headers)


def _response(answer: Answer) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    status = {"code": answer.status, "message": answer.reason}
    return {"status": status, "headers": headers, "body": {"string": answer.body}}


def _sent(request: Any) -> Sent:  # noqa: ANN401 - vcrpy has no types
    return Sent(request.method, request.uri, tuple(request.headers.items()), request.body or b"")


def _answer(response: dict[str, Any]) -> Answer:
    status = response["status"]
    headers = ((name, value) for name, values in (response.get("headers") or {}).items() for value in _listed(values))
    body = (response.get("body") or {}).get("string") or b""
    return Answer(status["code"], status.get("message") or "", tuple(headers), body)


class _Loaded:
    """A serialiser for vcrpy that hands over what was loaded and checked already."""

    def __init__(self, loaded: Mapping[str, Any]) -> None:
        self._loaded = loaded

    def deserialize(self, _text: str) -> Mapping[str, Any]:
        return self._loaded


def _loaded(text: str, place: str) -> Any:  # noqa: ANN401 - YAML can hold anything
    try:
        _no_bomb(text, place)
        return yamlserializer.deserialize(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = " ".join(str(getattr(error, "problem", None) or type(error).__name__).split())
        raise UsageFault(f"{place}{line}: cut or not YAML: {problem}", AGAIN) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise UsageFault(f"{place}: holds a value that no cassette has ({type(error).__name__})", AGAIN) from error


def _no_bomb(text: str, place: str) -> None:
    """Refuse aliases, by which a small file makes a huge value, and nesting that no cassette has."""
    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise UsageFault(f"{place}:{line}: a YAML alias, which no cassette has", AGAIN)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UsageFault(f"{place}:{line}: nested deeper than any cassette", AGAIN)


def _check(loaded: Any, place: str) -> None:  # noqa: ANN401 - YAML can hold anything
    """Refuse what is no cassette of vcrpy's format 1; its `version` stands at the end, so a cut file has none."""
    if not isinstance(loaded, Mapping) or not isinstance(loaded.get("interactions"), list):
        raise UsageFault(f"{place}: not a cassette of vcrpy: it has no list of interactions", AGAIN)
    version = loaded.get("version")
    if version is None:
        raise UsageFault(f"{place}: cut in the middle: the format version at its end is missing", AGAIN)
    if version != CASSETTE_FORMAT_VERSION or isinstance(version, bool):
        remedy = "Record it again, or read it with the version of mockvendors that wrote it"
        raise UsageFault(f"{place}: cassette format {version!r:.20}; known: {CASSETTE_FORMAT_VERSION}", remedy)
    for number, interaction in enumerate(loaded["interactions"], 1):
        try:
            msgspec.convert(interaction, _Interaction)
        except (msgspec.ValidationError, TypeError) as error:
            raise UsageFault(f"{place}: interaction {number}: {error}", AGAIN) from error


class _Request(msgspec.Struct, forbid_unknown_fields=True):
    method: str
    uri: str
    body: Any
    headers: dict[str, str | list[str]]

    def __post_init__(self) -> None:
        _text(self.body)
        if not all(self.headers.values()):
            raise TypeError("a header of its request has no value")


class _Status(msgspec.Struct):
    code: int
    message: str | None = None


class _Response(msgspec.Struct):
    status: _Status
    headers: dict[str, str | list[str]] | None = None
    body: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        _text((self.body or {}).get("string"))


class _Interaction(msgspec.Struct):
    """What vcrpy takes, where every client and server writes the same."""

    request: _Request
    response: _Response


def _text(body: object) -> None:
    if not isinstance(body, str | bytes | None):
        raise TypeError("a body is not a text")


def _listed(values: str | list[str]) -> list[str]:
    return values if isinstance(values, list) else [values]
