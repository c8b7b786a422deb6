"""The last look at what is about to be written. It trusts the scrubber in nothing, and refuses rather than repairs.

Three things are looked for in every text of an interaction, as it stands there and decoded as often as it was encoded
(percent-encoding, escapes of JSON, entities of HTML): the known secrets of the run, also in base64 and in part; every value that
the scrubber took out elsewhere; and whatever looks like a secret.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mockvendors.cassettes.dress import SHORTEST, parts, runs_of, variants, views
from mockvendors.cassettes.interaction import Headers, Interaction, NotJson, parse
from mockvendors.cassettes.patterns import suspects
from mockvendors.cassettes.standins import ORIGIN, read_stand_in
from mockvendors.errors import HarnessFault


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
        known = frozenset(secret for secret in secrets if len(secret) >= SHORTEST)
        self._secrets = {variant for secret in known for variant in variants(secret)}
        self._parts = parts(known)
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
        return self._findings(list(_all_leaves(interaction, self._public)))

    def text(self, text: str, place: str) -> list[Finding]:
        """Return what may not be written of one text."""
        return self._findings([(place, text)])

    def _findings(self, leaves: list[tuple[str, str | None]]) -> list[Finding]:
        leaves = [inner for leaf in leaves for inner in self._opened(*leaf)]
        found = [Finding(place, "bytes that are no text") for place, text in leaves if text is None]
        texts = [(place, text) for place, text in leaves if text is not None]
        found += _holding(texts, self._secrets, "a known secret")
        texts = [(place, text) for place, text in texts if text not in self._public and read_stand_in(text) is None]
        found += [Finding(place, "a part of a known secret") for place, text in texts if any(runs_of(text, self._parts))]
        found += _holding(texts, self._originals, "a value that was taken out elsewhere")
        return found + [Finding(place, suspect.kind) for place, text in texts for suspect in suspects(text, self._public)]

    def _opened(self, place: str, text: str | None) -> Iterator[tuple[str, str | None]]:
        """Yield a text, what it says decoded, and the claims in it where it stands for a JWT."""
        yield from ((place, view) for view in ([text] if text is None else views(text)))
        stand_in = read_stand_in(text) if text is not None else None
        if stand_in is not None and stand_in.claims is not None:
            for inner in _leaves(stand_in.claims, f"claims in {place}", self._public):
                yield from self._opened(*inner)

    def _refuse(self, place: str, kind: str) -> None:
        remedy = "Report the place, not the value; what stays in clear is marked x-clear in the contract"
        raise SecretFound(f"{place} holds {kind}; nothing was written", remedy)


def clear_text(interaction: Interaction, public: AbstractSet[str]) -> str:
    """Return what stays in clear of a scrubbed interaction without being public, and decoded, in lower case, a line each."""
    texts = [text for _, text in _all_leaves(interaction, public) if text and text not in public and read_stand_in(text) is None]
    return "\n".join(view for text in texts for view in views(text)).casefold()


def _holding(texts: list[tuple[str, str]], values: AbstractSet[str], kind: str) -> list[Finding]:
    """Return where one of these values stands; all texts are looked through at once, since nearly always none does."""
    together = "\n".join(text for _, text in texts).casefold()
    present = [value for value in values if value in together]
    return [Finding(place, kind) for place, text in texts if any(value in text.casefold() for value in present)]


def _all_leaves(interaction: Interaction, public: AbstractSet[str]) -> Iterator[tuple[str, str | None]]:
    sent, answer = interaction.sent, interaction.answer
    yield "method", sent.method
    yield from _url_leaves(sent.url)
    yield from _header_leaves("request", sent.headers, public)
    yield from _body_leaves("request", sent.body, public)
    yield "reason", answer.reason
    yield from _header_leaves("answer", answer.headers, public)
    yield from _body_leaves("answer", answer.body, public)


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
