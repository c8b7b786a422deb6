"""The last look at what is about to be written. It trusts the scrubber in nothing, and refuses rather than repairs.

Three things are looked for in every text of an interaction, decoded: the known secrets of the run, also in base64 and
percent-encoded; every value that the scrubber took out elsewhere; and whatever looks like a secret.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from mockvendors.cassettes.interaction import Headers, Interaction, NotJson, parse
from mockvendors.cassettes.patterns import suspects
from mockvendors.cassettes.standins import ORIGIN, read_stand_in
from mockvendors.errors import HarnessFault

SHORTEST = 6
"""Characters; what is shorter stands in other words by chance."""
_ALIGNMENTS = 3


class SecretFound(HarnessFault):
    """What was to be written holds what looks like a secret; nothing was written."""


@dataclass(frozen=True)
class Finding:
    """What may not be written, and where it stands; never the value itself."""

    place: str
    kind: str


class Scanner:
    """Knows what may not be written in one recording."""

    def __init__(self, public: AbstractSet[str], secrets: Iterable[str] = (), originals: Iterable[str] = ()) -> None:
        self._public = public
        self._secrets = {variant for secret in secrets if len(secret) >= SHORTEST for variant in _variants(secret)}
        self._originals = {text.casefold() for text in originals if len(text) >= SHORTEST and text not in public}

    def check(self, file: str, interactions: Iterable[Interaction], written: bytes = b"", **texts: str) -> None:
        """Raise SecretFound for the first finding in interactions, in other texts, and in the bytes that will be written."""
        for number, interaction in enumerate(interactions, 1):
            for finding in self.find(interaction):
                self._refuse(f"{file}, interaction {number}, {finding.place}", finding.kind)
        for place, text in texts.items():
            for finding in self.text(text, place):
                self._refuse(f"{file}, {finding.place}", finding.kind)
        lower = written.decode(errors="replace").casefold()
        if any(secret in lower for secret in self._secrets):
            self._refuse(file, "a known secret")

    def find(self, interaction: Interaction) -> list[Finding]:
        """Return what may not be written of one interaction."""
        sent, answer = interaction.sent, interaction.answer
        leaves = [
            ("method", sent.method),
            *_url_leaves(sent.url),
            *_header_leaves("request", sent.headers, self._public),
            *_body_leaves("request", sent.body, self._public),
            ("reason", answer.reason),
            *_header_leaves("answer", answer.headers, self._public),
            *_body_leaves("answer", answer.body, self._public),
        ]
        return [finding for place, text in leaves for finding in self.text(text, place)]

    def text(self, text: str | None, place: str) -> list[Finding]:
        """Return what may not be written of one text; None stands for bytes that are no text."""
        if text is None:
            return [Finding(place, "bytes that are no text")]
        lower = text.casefold()
        found = [Finding(place, "a known secret")] if any(secret in lower for secret in self._secrets) else []
        stand_in = read_stand_in(text)
        if stand_in is not None:
            claims = _leaves(stand_in.claims, f"claims in {place}", self._public)
            return found + [finding for where, claim in claims for finding in self.text(claim, where)]
        if text in self._public:
            return found
        if any(original in lower for original in self._originals):
            found.append(Finding(place, "a value that was taken out elsewhere"))
        return found + [Finding(place, suspect.kind) for suspect in suspects(text, self._public)]

    def _refuse(self, place: str, kind: str) -> None:
        remedy = "Report the place, not the value; what stays in clear is marked x-clear in the contract"
        raise SecretFound(f"{place} holds {kind}; nothing was written", remedy)


def _variants(secret: str) -> Iterator[str]:
    """Yield a secret as it may stand in a text: as it is, percent-encoded, in base64 wherever it begins."""
    yield secret.casefold()
    yield quote(secret, safe="").casefold()
    for before in range(_ALIGNMENTS):
        raw = b"\0" * before + secret.encode(errors="surrogatepass")
        whole = len(raw) // _ALIGNMENTS * _ALIGNMENTS
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            core = encode(raw[:whole]).decode()[4 if before else 0 :]
            if len(core) >= SHORTEST:
                yield core.casefold()


def _url_leaves(url: str) -> Iterator[tuple[str, str]]:
    if not url.startswith(f"{ORIGIN}/"):
        yield "host of the URL", url.partition("?")[0]
    try:
        parts = urlsplit(url)
    except ValueError:
        yield "URL", url
        return
    for segment in parts.path.split("/"):
        yield "path", unquote(segment)
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        yield "name in the query", name
        yield "value in the query", value
    yield "fragment", unquote(parts.fragment)


def _header_leaves(side: str, headers: Headers, public: AbstractSet[str]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        yield f"name of a header of the {side}", name.lower() if name.lower() in public else name
        yield f"header {name if name.lower() in public else '*'} of the {side}", value


def _body_leaves(side: str, body: bytes, public: AbstractSet[str]) -> Iterator[tuple[str, str | None]]:
    place = f"body of the {side}"
    try:
        yield from _leaves(parse(body), place, public)
    except NotJson:
        try:
            yield place, body.decode()
        except UnicodeDecodeError:
            yield place, None


def _leaves(value: Any, place: str, public: AbstractSet[str]) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    """Yield every text of a JSON value, names of fields too, with its place; a field that is not public is `*` there."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield f"name of a field in {place}", name
            yield from _leaves(item, f"{place}/{name if name in public else '*'}", public)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{place}/{number}", public)
    elif isinstance(value, str):
        yield place, value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, str(value)
