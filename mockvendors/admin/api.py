"""The admin API at one address: who may call, what is called, and every error in one shape."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec
from aiohttp import web

from mockvendors.admin.document import document
from mockvendors.admin.guard import refusal
from mockvendors.admin.messages import Problem
from mockvendors.admin.scope import Mock
from mockvendors.admin.table import ROWS, Asked, Row
from mockvendors.errors import UsageFault

PREFIX = "/_mock"
_DOCUMENT = "/openapi.json"


class Admin:
    """Answers what stands below /_mock."""

    def __init__(self, mock: Mock, addresses: Callable[[str], str], token: str | None) -> None:
        """Look after `mock`; `addresses` gives a vendor's base URL, and without a token only this machine may call."""
        self._mock = mock
        self._addresses = addresses
        self._token = token
        self._over = asyncio.Event()

    def close(self) -> None:
        """Let streams end."""
        self._over.set()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one call."""
        no = refusal(request, self._token)
        if no is not None:
            return _problem(*no)
        path = request.raw_path.partition("?")[0].removeprefix(PREFIX).rstrip("/")
        if path == _DOCUMENT and request.method == "GET":
            return _json(200, document())
        row, name = _find(request.method, path)
        return _nowhere(request.method, path) if row is None else await self._answer(row, request, name)

    async def _answer(self, row: Row, request: web.BaseRequest, name: str) -> web.StreamResponse:
        try:
            answer = await row.answer(await self._asked(row, request, name))
        except UsageFault as fault:
            return _problem(400, fault.cause, fault.remedy)
        except LookupError as error:
            return _problem(404, str(error.args[0]), "GET /_mock/sessions names those there are")
        except web.HTTPRequestEntityTooLarge as error:
            return _problem(413, error.text or "The body is too large", "Send less")
        return answer if isinstance(answer, web.StreamResponse) else _json(row.status, answer)

    async def _asked(self, row: Row, request: web.BaseRequest, name: str) -> Asked:
        query = _query(row, request)
        body = _body(row, await request.read())
        return Asked(self._mock, request, self._addresses, query, body, self._over, name)


def _find(method: str, path: str) -> tuple[Row | None, str]:
    for row in ROWS:
        if row.method == method and (name := _named(row.path, path)) is not None:
            return row, name
    return None, ""


def _named(pattern: str, path: str) -> str | None:
    """Return what a path names (empty: nothing), or None where it is another path."""
    before, brace, after = pattern.partition("{id}")
    if not brace:
        return "" if path == pattern else None
    inside = path.removeprefix(before).removesuffix(after)
    if not path.startswith(before) or not path.endswith(after) or not inside or "/" in inside:
        return None
    return unquote(inside)


def _nowhere(method: str, path: str) -> web.Response:
    allowed = sorted(
        {row.method for row in ROWS if _named(row.path, path) is not None} | ({"GET"} if path == _DOCUMENT else set())
    )
    if not allowed:
        return _problem(404, f"There is no {PREFIX}{path}", f"GET {PREFIX}{_DOCUMENT} tells what there is")
    answer = _problem(405, f"{PREFIX}{path} does not take {method}", f"It takes {', '.join(allowed)}")
    answer.headers["Allow"] = ", ".join(allowed)
    return answer


def _query(row: Row, request: web.BaseRequest) -> Any:  # noqa: ANN401 - a value of the row's type
    given: Mapping[str, str] = request.query
    twice = sorted(name for name in given if len(request.query.getall(name)) > 1)
    if twice:
        raise UsageFault(f"{twice[0]} is given twice", "Give it once")
    astray = sorted(set(given) & _fields(row.body) - _fields(row.query))
    if astray:
        raise UsageFault(f"{astray[0]} stands in the query", f"Send it in the body, as JSON: {row.method} takes it there")
    return _checked(lambda: msgspec.convert(dict(given), row.query, strict=False), "The query")


def _body(row: Row, raw: bytes) -> Any:  # noqa: ANN401 - a value of the row's type
    if raw.strip() not in {b"", b"{}"} and not _fields(row.body):
        words = ", ".join(sorted(_fields(row.query)))
        raise UsageFault(
            f"{row.method} {PREFIX}{row.path} takes no body", f"It takes {words} in the query" if words else "Leave it out"
        )
    return _checked(lambda: msgspec.json.decode(raw or b"{}", type=row.body), "The body")


def _fields(kind: type[msgspec.Struct]) -> set[str]:
    return set(kind.__struct_fields__)


def _checked(make: Callable[[], Any], what: str) -> Any:  # noqa: ANN401 - what `make` makes
    try:
        return make()
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        remedy = f"GET {PREFIX}{_DOCUMENT} tells what it takes"
        raise UsageFault(f"{what} is wrong: {str(error).replace('`', '')}", remedy) from None


def _problem(status: int, cause: str, remedy: str) -> web.Response:
    return _json(status, Problem(error=cause, remedy=remedy))


def _json(status: int, value: object) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode(value), content_type="application/json")
