"""What stands inside of a value that is taken out as a whole, and may come back alone: in a cause, in another field."""

import binascii
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

_DEEPEST = 5
"""Levels of texts in texts."""
_FORM = re.compile(r"[^\s=&]+=\S*")
_EVENT = re.compile(r"^data:[ ]?(.*)$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]++)\s*=\s*(?:\"([^\"]*)\"|([^\s,;]+))")
_PUBLIC_PARAMETERS = frozenset({"algorithm", "charset", "nc", "qop", "stale", "uri"})
_WORD = re.compile(r"[^\s,;=\"]+")


def of_text(text: str, depth: int = 0) -> Iterator[str]:
    """Yield the texts in one that is JSON, a form, the parts of a multipart body, or a stream of events."""
    if depth > _DEEPEST:
        return
    if text.lstrip()[:1] in ("{", "[", '"'):
        yield from _of_json(text, depth)
    elif text.startswith("--"):
        inner = list(_of_multipart(text))
        yield from inner
        yield from (one for each in inner for one in of_text(each, depth + 1))
    elif _FORM.fullmatch(text):
        fields = [value for _, value in parse_qsl(text)]
        yield from fields
        yield from (one for each in fields for one in of_text(each, depth + 1))
    else:
        for event in _EVENT.findall(text):
            yield event
            yield from of_text(event, depth + 1)


def of_credential(scheme: str, secret: str) -> Iterator[str]:
    """Yield the parts of a credential: user and password of Basic, parameters of Digest, the words of an unknown scheme."""
    if scheme == "basic":
        yield from _of_basic(secret)
    elif scheme == "digest":
        yield from _parameters(secret)
    elif scheme not in ("bearer", "token"):
        yield from _parameters(secret)
        yield from _WORD.findall(secret)[1:]


def of_cookies(name: str, value: str) -> Iterator[str]:
    """Yield the values of cookies, as they came and decoded; of Set-Cookie that of the first pair, which alone is one."""
    pairs = value.split(";")[: 1 if name == "set-cookie" else None]
    for pair in pairs:
        _, _, text = pair.strip().partition("=")
        text = text.strip('"')
        yield text
        plain = unquote(text)
        if plain != text:
            yield plain
        yield from of_text(plain)


def _of_multipart(text: str) -> Iterator[str]:
    """Yield what each part holds behind its headers; the first line is the boundary."""
    text = text.replace("\r\n", "\n")
    for part in text.split(text.partition("\n")[0])[1:]:
        yield part.partition("\n\n")[2].strip("\n")


def _of_basic(secret: str) -> Iterator[str]:
    try:
        plain = binascii.a2b_base64(secret + "==").decode()
    except (binascii.Error, ValueError):
        return
    yield plain
    yield from filter(None, plain.partition(":")[::2])


def _parameters(secret: str) -> Iterator[str]:
    for name, quoted, bare in _PARAMETER.findall(secret):
        if name.lower() not in _PUBLIC_PARAMETERS:
            yield quoted or bare


def _of_json(text: str, depth: int) -> Iterator[str]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    if not isinstance(value, str) or value != text:
        yield from _leaves(value, depth)


def _leaves(value: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        yield value
        yield from of_text(value, depth + 1)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item, depth)
