"""One recorded request with its answer, free of the library that stores it."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]
"""Names as they were sent, each with one value."""


class NotJson(ValueError):
    """A body is no JSON in UTF-8."""


@dataclass(frozen=True)
class Sent:
    """What a client sent."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    @property
    def path(self) -> str:
        """Path as it was sent, percent-encoded, without the query."""
        return urlsplit(self.url).path

    def header(self, name: str) -> str | None:
        """Return the first value under this name, in whatever case."""
        return _header(self.headers, name)

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the body as JSON; raises NotJson."""
        return parse(self.body)


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value under this name, in whatever case."""
        return _header(self.headers, name)

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the body as JSON; raises NotJson."""
        return parse(self.body)


@dataclass(frozen=True)
class Interaction:
    """A request with its answer."""

    sent: Sent
    answer: Answer


def parse(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value in UTF-8 bytes; raises NotJson for all else, for NaN and for what is nested too deeply."""
    try:
        return json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotJson(type(error).__name__) from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _header(headers: Headers, name: str) -> str | None:
    return next((value for own, value in headers if own.lower() == name.lower()), None)
