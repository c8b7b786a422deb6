"""Texts that may stay in clear, without what is somebody's own inside of them: causes of errors, names of programs."""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial

from mockvendors.cassettes.dress import runs_of, variants, views
from mockvendors.cassettes.patterns import Suspect, replace, suspects
from mockvendors.cassettes.quotations import quotations
from mockvendors.cassettes.standins import StandIns, read_stand_in, without_stand_ins

_LONGEST = 500
"""Characters of a text that stays; a cause is a sentence or two."""
_SHORTEST = 3
"""Characters of an original that is looked for as a word."""
_ANYWHERE = 6
"""Characters of an original that is looked for inside of words too."""
_WORD = re.compile(r"[^\W_]")
_IDENTIFIER = re.compile(r"[A-Za-z]+(?:[_-][A-Za-z]+)*\d{0,2}")
_LONGEST_NAME = 40


class Cleaner:
    """Cleans texts in the words of one recording."""

    def __init__(self, public: AbstractSet[str], stand_ins: StandIns) -> None:
        self._public = public
        self._stand_ins = stand_ins

    def clean(self, text: str) -> str:
        """Return a text with stand-ins for known originals, for what looks like a secret, and for what it quotes.

        One that says more when it is decoded has a stand-in as a whole.
        """
        if not text or text in self._public:
            return text
        stand_in = read_stand_in(text)
        if stand_in is not None:
            return text if stand_in.claims is None else f"<jwt:{stand_in.number}>"
        if len(text) > _LONGEST:
            return self._stand_ins.text(text)
        cleaned = self._without_parts(self._without_originals(replace(text, self._public, self._stand_in)))
        for start, end in reversed(quotations(cleaned)):
            cleaned = cleaned[:start] + self._quoted(cleaned[start:end]) + cleaned[end:]
        return self._stand_ins.text(text) if self._says_more(cleaned) else cleaned

    def is_plain_name(self, name: str) -> bool:
        """Tell whether the name of a field that the contract does not know may stay: an identifier, and clean."""
        if len(name) > _LONGEST_NAME or not _IDENTIFIER.fullmatch(name):
            return False
        return name in self._public or self.clean(name) == name

    def _without_originals(self, text: str) -> str:
        """Return a text without known originals; of the longer first, so that none hides in another."""
        lower = text.casefold()
        found = [original for original in self._stand_ins.originals if original.casefold() in lower]
        for original in sorted(found, key=len, reverse=True):
            if original in self._public or len(original) < _SHORTEST:
                continue
            pattern = re.escape(original)
            if len(original) < _ANYWHERE:
                pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
            stand_in = self._stand_ins.originals[original]
            text = without_stand_ins(text, partial(re.sub, pattern, _constant(stand_in), flags=re.IGNORECASE))
        return text

    def _without_parts(self, text: str) -> str:
        """Return a text without runs of letters and digits that repeat a part of a secret."""
        for run in reversed(list(runs_of(text, self._stand_ins.parts))):
            if run[0] not in self._public:
                text = text[: run.start()] + self._stand_ins.text(run[0]) + text[run.end() :]
        return text

    def _says_more(self, text: str) -> bool:
        """Tell whether a text that was cleaned holds, encoded, what it may not hold."""
        for number, view in enumerate(views(text)):
            lower = view.casefold()
            if any(variant in lower for secret in self._stand_ins.secrets for variant in variants(secret)):
                return True
            if number and (
                next(suspects(view, self._public), None) or self._without_parts(self._without_originals(view)) != view
            ):
                return True
        return False

    def _stand_in(self, suspect: Suspect) -> str:
        kind = {"a JWT": "jwt", "an id": "uuid"}.get(suspect.kind, "token")
        if suspect.kind == "user info of a URL":
            self._stand_ins.text(suspect.text)
            return ""
        return self._stand_ins.numbered(kind, suspect.text)

    def _quoted(self, inner: str) -> str:
        """Return what stands for a quotation, unless it is a word of the contract."""
        stand_in = read_stand_in(inner)
        if not _WORD.search(inner) or inner in self._public or (stand_in is not None and stand_in.claims is None):
            return inner
        return self._stand_ins.text(inner)


def _constant(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _: text
