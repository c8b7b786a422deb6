"""One request to the vendor, and its answer or why there is none."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

import aiohttp
from yarl import URL

from mockvendors import __version__, limits
from mockvendors.replies import MARK
from mockvendors.verify.target import Target
from mockvendors.verify.tries import PLACEHOLDER, Try

LARGEST = 4 * 1024 * 1024
"""Bytes of an answer that are read: a long list of sessions is a few hundred kilobytes."""


@dataclass(frozen=True)
class Answer:
    """What the vendor answered."""

    status: int
    body: object
    """JSON; text where it is none; None where nothing came."""
    is_json: bool
    """Whether it says that it is JSON, and is; also where nothing came."""
    content_type: str
    retry_after: str
    is_mock: bool
    """Whether our own mock gave it."""


class NoAnswer(Exception):
    """There is none; the text says why."""

    def __init__(self, why: str, *, arrived: bool = True) -> None:
        super().__init__(why)
        self.arrived = arrived
        """Whether the vendor may have had the request."""


class Wire:
    """Sends requests to one target; an async context manager. It follows no redirect, so that the key goes nowhere else."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.calls = 0
        """How many requests were sent."""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=limits.scaled(limits.VERIFY_CALL)),
            headers={"User-Agent": f"{MARK}{__version__}"},
            trust_env=self._target.url.startswith("https://"),
        )
        self._session._retry_connection = False  # noqa: SLF001 - else it sends some calls again by itself, counted by nobody
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def send(self, attempt: Try, kept: Mapping[str, str]) -> Answer:
        """Send the request of a try with the values that were kept; raises NoAnswer."""
        values = {**kept, "key": self._target.key}
        data = attempt.raw
        if data is None and attempt.body is not None:
            data = json.dumps(filled(attempt.body, kept)) + " " * attempt.blanks
        authorization = None if attempt.authorization is None else filled(attempt.authorization, values)
        path = str(filled(attempt.path, {name: quote(value, safe="") for name, value in kept.items()}))
        return await self.call(attempt.method, path, data, authorization, attempt.content_type)

    async def call(
        self, method: str, path: str, data: str | None = None, authorization: str | None = None, content_type: str = ""
    ) -> Answer:
        """Send one request; raises NoAnswer."""
        headers = {"Accept": "application/json"}
        if authorization is not None:
            headers["Authorization"] = authorization
        if data is not None:
            headers["Content-Type"] = content_type
        self.calls += 1
        url = URL(self._target.url + path, encoded=True)
        try:
            async with self._session.request(
                method, url, headers=headers, data=None if data is None else data.encode(), allow_redirects=False
            ) as response:
                return _answer(response, await _read(response))
        except TimeoutError:
            raise NoAnswer(f"no answer within {limits.scaled(limits.VERIFY_CALL):g} s") from None
        except aiohttp.ClientConnectorError as error:
            raise NoAnswer(f"no connection: {_told(error)}", arrived=False) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NoAnswer(f"no connection: {_told(error)}") from None

    async def stop(self, method: str, path: str) -> Answer:
        """Send the call that stops a session."""
        return await self.call(method, path, authorization=f"Bearer {self._target.key}")


def filled(value: Any, kept: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with what was kept in the place of {names}."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda found: kept.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {name: filled(item, kept) for name, item in value.items()}
    if isinstance(value, list):
        return [filled(item, kept) for item in value]
    return value


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return the body; raises NoAnswer where it is too long."""
    received = bytearray()
    async for chunk in response.content.iter_any():
        received += chunk
        if len(received) > LARGEST:
            raise NoAnswer(f"an answer of more than {LARGEST} bytes")
    return bytes(received)


def _answer(response: aiohttp.ClientResponse, raw: bytes) -> Answer:
    is_json = not raw
    body: object = None
    if raw:
        try:
            body = json.loads(raw)
            is_json = response.content_type == "application/json"
        except (ValueError, RecursionError):
            body = raw.decode(errors="replace")
    is_mock = MARK in response.headers.get("Server", "")
    return Answer(response.status, body, is_json, response.content_type, response.headers.get("Retry-After", ""), is_mock)


def _told(error: Exception) -> str:
    """Return the cause in a few words; the errors of the library repeat whole requests."""
    cause = getattr(error, "os_error", None) or error
    number = getattr(cause, "errno", None)
    if isinstance(cause, OSError) and not isinstance(cause, socket.gaierror) and number:
        return os.strerror(number)
    return getattr(cause, "strerror", None) or type(cause).__name__
