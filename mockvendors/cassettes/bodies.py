"""Bodies as they were before they were compressed."""

import importlib
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from mockvendors.cassettes.interaction import NotJson, parse

_MOST = 16 * 1024 * 1024
"""Bytes of a body that was decompressed; no vendor's is near it, a bomb is."""
_ANY_ZLIB = 47
_RAW_DEFLATE = -15


class Packed(ValueError):
    """A body cannot be decompressed."""


def unpacked(body: bytes, encoding: str) -> bytes:
    """Return a body without its content codings; one that its client unpacked already stays. Raises Packed."""
    for coding in reversed([part.strip().lower() for part in encoding.split(",")]):
        if coding in ("", "identity") or not body:
            continue
        if coding not in _CODINGS:
            return _plain(body)
        try:
            body = _CODINGS[coding](body)
        except Packed:
            return _plain(body)
    return body


def codings() -> list[str]:
    """Return the content codings that can be taken apart here."""
    return list(_CODINGS)


def _plain(body: bytes) -> bytes:
    """Return a body that is JSON already: some clients hand over what they have unpacked, with the header as it was."""
    try:
        parse(body)
    except NotJson as error:
        raise Packed from error
    return body


def _inflate(body: bytes, *windows: int) -> bytes:
    for window in windows:
        with suppress(zlib.error):
            stream = zlib.decompressobj(window)
            plain = stream.decompress(body, _MOST)
            if stream.eof and not stream.unconsumed_tail:
                return plain
    raise Packed


def _brotli() -> dict[str, Callable[[bytes], bytes]]:
    """Return brotli's coding where a library for it is installed; it is none of our dependencies."""
    for name in ("brotli", "brotlicffi"):
        with suppress(ImportError):
            library: Any = importlib.import_module(name)
            return {"br": partial(_unbrotli, library)}
    return {}


def _unbrotli(library: Any, body: bytes) -> bytes:  # noqa: ANN401 - one of two libraries
    try:
        plain: bytes = library.decompress(body)
    except library.error as error:
        raise Packed from error
    return plain


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: _inflate(body, _ANY_ZLIB),
    "x-gzip": lambda body: _inflate(body, _ANY_ZLIB),
    "deflate": lambda body: _inflate(body, _ANY_ZLIB, _RAW_DEFLATE),
    **_brotli(),
}
