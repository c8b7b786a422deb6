"""Scrubbing: deny by default. What is not listed as clear has a stand-in of its own type and length.

In clear stay: method, status, known paths; of the headers media types, Retry-After, Server, User-Agent, Allow and the scheme of
Authorization; of JSON bodies the structure, flags, numbers of known fields, words of the contract, and texts that the contract
marks `x-clear`, which are cleaned all the same. Of any other body type and length are written.
"""

import json
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from mockvendors.cassettes.bodies import Packed, unpacked
from mockvendors.cassettes.fields import Field, reply_field, request_field
from mockvendors.cassettes.headers import HeaderScrubber
from mockvendors.cassettes.interaction import Answer, Headers, Interaction, NotJson, Sent, parse
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.standins import ORIGIN, UPSTREAM, StandIns, read_stand_in
from mockvendors.cassettes.text import Cleaner
from mockvendors.cassettes.values import Values
from mockvendors.cassettes.vocabulary import FRAME, MEDIA_TYPES, METHODS, PHRASES, public_words
from mockvendors.contract import Contract, Operation

BINARY = "application/octet-stream"


class Scrubber:
    """Scrubs the interactions of one recording; the same original has the same stand-in in all of them."""

    def __init__(self, contract: Contract, upstream: Upstream | None = None, secrets: Iterable[str] = ()) -> None:
        self.public = public_words(contract)
        self._contract = contract
        self._upstream: Upstream | None = None
        self._stand_ins = StandIns("\n".join([*self.public, *FRAME]).casefold())
        self._cleaner = Cleaner(self.public, self._stand_ins)
        self._values = Values(self._stand_ins, self._cleaner, self.public)
        self._headers = HeaderScrubber(self._stand_ins, self._cleaner, self._values, self._location)
        for secret in secrets:
            self._stand_ins.secret(secret)
            self._stand_ins.originals.setdefault(secret, "<key>")
        if upstream is not None:
            self.behind(upstream)

    @property
    def secrets(self) -> frozenset[str]:
        """Known secrets of the run: those that were named, and every credential that was met."""
        return frozenset(self._stand_ins.secrets)

    @property
    def originals(self) -> frozenset[str]:
        """All that was taken out so far."""
        return frozenset(self._stand_ins.originals) - self.public

    def behind(self, upstream: Upstream) -> None:
        """Take paths for those below this upstream, and let its host stand nowhere."""
        self._upstream = upstream
        for host in {upstream.authority, upstream.host, f"{upstream.host}:{upstream.port}"}:
            self._stand_ins.stand_for(host, UPSTREAM)

    def stand_in(self, original: str) -> str:
        """Return what stands for an id that is known before it is met."""
        return self._values.string(original, None, "id")

    def interaction(self, raw: Interaction) -> Interaction:
        """Return an interaction without what is anybody's own; scrubbing twice is scrubbing once."""
        self._once(raw)  # learns what stands in it anywhere, so that no text that stays repeats it
        return self._once(raw)

    def line(self, method: str, url: str) -> tuple[str, str]:
        """Return method and path for a log line."""
        path = unquote(self.url(url).removeprefix(ORIGIN))
        return (method if method in METHODS else "OTHER"), path

    def url(self, url: str) -> str:
        """Return a URL with stand-ins for host, ids, unknown segments and values of the query."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return f"{ORIGIN}/{quote(self._values.string(url, None, 'id'), safe='')}"
        for secret in (parts.username, parts.password):
            if secret:
                self._headers.credential(unquote(secret))
        below = self._upstream.path(url) if self._upstream else None
        path, _, query = below.partition("?") if below is not None else (parts.path or "/", "", parts.query)
        fields = parse_qsl(query, keep_blank_values=True)
        values = [(self._values.parameter(name, value), self._query(name, value)) for name, value in fields]
        return f"{ORIGIN}{'/'.join(self._segments(path))}" + (f"?{urlencode(values)}" if values else "")

    def sent(self, raw: Sent) -> Sent:
        """Return a request alone without what is anybody's own, for finding it among recorded ones."""
        url = self.url(raw.url)
        field = request_field(self._contract, self._operation(raw.method, urlsplit(url).path))
        method = raw.method if raw.method in METHODS else "OTHER"
        return Sent(method, url, self._headers.scrub(raw.headers), self._body(raw.body, raw.headers, field))

    def answer(self, raw: Answer, sent: Sent) -> Answer:
        """Return the answer to a request that was scrubbed, in the same way."""
        operation = self._operation(sent.method, urlsplit(sent.url).path)
        field = reply_field(self._contract, operation, raw.status)
        reason = raw.reason if raw.reason in PHRASES else ""
        return Answer(raw.status, reason, self._headers.scrub(raw.headers), self._body(raw.body, raw.headers, field))

    def _once(self, raw: Interaction) -> Interaction:
        sent = self.sent(raw.sent)
        return Interaction(sent, self.answer(raw.answer, sent))

    def _operation(self, method: str, path: str) -> Operation | None:
        """Return the operation of a path, with another method where it does not take this one."""
        segments = [unquote(segment) for segment in path.split("/")]
        fitting = [operation for operation in self._contract.operations.values() if operation.match(segments) is not None]
        fitting.sort(key=lambda operation: (operation.method != method, operation.path.count("{")))
        return fitting[0] if fitting else None

    def _segments(self, path: str) -> list[str]:
        """Return the segments of a path, with a stand-in for each that is no word of the contract."""
        plain = [(segment, unquote(segment)) for segment in path.split("/")]
        return [
            segment if not text or text in self.public else quote(self._values.string(text, None, "id"), safe="")
            for segment, text in plain
        ]

    def _query(self, name: str, value: str) -> str:
        return value if value in ("", "true", "false") else self._values.string(value, None, name)

    def _location(self, value: str) -> str:
        """Return where a redirect leads: below the upstream, or to a stranger."""
        ours = value.startswith(("/", ORIGIN)) or (self._upstream is not None and self._upstream.path(value) is not None)
        return self.url(value) if ours else self._values.string(value, None, "")

    def _body(self, body: bytes, headers: Headers, field: Field | None) -> bytes:
        """Return a body, unpacked and scrubbed; what is neither JSON nor a word of the contract has a stand-in."""
        if not body:
            return body
        sent = {name.lower(): value for name, value in headers}
        kind = self._headers.media_type(sent.get("content-type", BINARY))
        try:
            body = unpacked(body, sent.get("content-encoding", ""))
        except Packed:
            return _sealed(body, kind)
        try:
            return json.dumps(self._values.value(parse(body), field), separators=(",", ":")).encode()
        except NotJson:
            return self._other(body, kind)

    def _other(self, body: bytes, kind: str) -> bytes:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return _sealed(body, kind)
        stand_in = read_stand_in(text)
        if text in self.public or (stand_in is not None and stand_in.kind == "body"):
            return text.encode()
        self._values.string(text, None, "")  # it is known, with what stands in it
        return _sealed(body, kind)


def _sealed(body: bytes, kind: str) -> bytes:
    media = kind.partition(";")[0]
    return f"<body:{len(body)} {media if media in MEDIA_TYPES else BINARY}>".encode()
