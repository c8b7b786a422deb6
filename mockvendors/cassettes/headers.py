"""Headers: of the listed ones what a client or a rule looks at; of credentials the scheme; of the rest the name."""

import re
from collections.abc import Callable, Iterable

from mockvendors.cassettes import inside
from mockvendors.cassettes.interaction import Headers
from mockvendors.cassettes.standins import StandIns, read_stand_in
from mockvendors.cassettes.text import Cleaner
from mockvendors.cassettes.values import Values
from mockvendors.cassettes.vocabulary import HEADERS, MEDIA_TYPES, METHODS, NAMED_HEADERS
from mockvendors.redact import claims as jwt_claims

_DROPPED = frozenset(
    {
        *("accept-encoding", "connection", "content-encoding", "content-length", "date", "expect", "host", "keep-alive", "te"),
        *("proxy-authenticate", "proxy-connection", "trailer", "transfer-encoding", "upgrade"),
    }
)
"""Of the connection, or of a body as it is no longer."""
_SCHEMES = frozenset({"basic", "bearer", "digest", "token"})
_SECRET = re.compile(r"auth|api[-_]?key|^key$|[-_]key$|token|secret|cookie|credential", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,6}")
_CHARSET = re.compile(r"charset=\"?(utf-?8|us-ascii|iso-8859-1)\"?", re.IGNORECASE)
_JWT_DOTS = 2
_COOKIES = frozenset({"cookie", "set-cookie"})
_DIGIT = re.compile(r"\d")
"""A word without one is no key: as a known secret it would be looked for in every dress, and found in other words."""


class HeaderScrubber:
    """Scrubs headers in the words of one recording."""

    def __init__(self, stand_ins: StandIns, cleaner: Cleaner, values: Values, url: Callable[[str], str]) -> None:
        self._stand_ins = stand_ins
        self._cleaner = cleaner
        self._values = values
        self._kinds: dict[str, Callable[[str], str]] = {
            "accept": self._media_types,
            "allow": self._methods,
            "content-type": self._media_types,
            "location": url,
            "retry-after": self._seconds,
            "server": cleaner.clean,
            "user-agent": cleaner.clean,
            "www-authenticate": self._challenge,
            "x-mockvendors-rule": cleaner.clean,
        }

    def scrub(self, headers: Headers) -> Headers:
        """Return headers without what is anybody's own; one whose name is in no list is left out, and its value is known."""
        for name, value in headers:
            if not self._stays(name) and name.lower() not in _DROPPED:
                self._value(name.lower(), value)
        return tuple((str(name), self._value(name.lower(), value)) for name, value in headers if self._stays(name))

    def credential(self, value: str) -> str:
        """Return a credential's scheme with a stand-in, which is the one that the same token has in a body."""
        scheme, space, secret = value.partition(" ")
        if not space or scheme.lower() not in _SCHEMES:
            scheme, space, secret = "", "", value
        secret = secret.strip()
        if not secret or read_stand_in(secret) is not None:
            return value
        self._stand_ins.secret(secret)
        self._learn(inside.of_credential(scheme.lower(), secret))
        if (claims := jwt_claims(secret)) is not None:
            self._values.claims(claims)
        kind = "jwt" if secret.startswith("ey") and secret.count(".") == _JWT_DOTS else "key"
        return f"{scheme}{space}{self._stand_ins.get(secret) or self._stand_ins.numbered(kind, secret)}"

    def media_type(self, value: str) -> str:
        """Return a media type that is a known one, with its character set; a stand-in for another."""
        kind = value.partition(";")[0].strip().lower()
        charset = _CHARSET.search(value)
        if kind not in MEDIA_TYPES:
            return self._values.string(kind, None, "")
        return f"{kind}; charset={charset[1].lower()}" if charset else kind

    def _stays(self, name: str) -> bool:
        return name.lower() in self._kinds or name.lower() in HEADERS | NAMED_HEADERS

    def _value(self, name: str, value: str) -> str:
        if name in self._kinds:
            return self._kinds[name](value)
        if name in _COOKIES:
            self._learn(inside.of_cookies(name, value))
        return self.credential(value) if _SECRET.search(name) else self._values.string(value, None, "")

    def _learn(self, texts: Iterable[str]) -> None:
        """Know the parts of a credential, which an answer may repeat alone."""
        for text in texts:
            if text not in self._values.public:
                self._stand_ins.part(text)
                if _DIGIT.search(text) and read_stand_in(text) is None:
                    self._stand_ins.secret(text)

    def _media_types(self, value: str) -> str:
        return ", ".join(self.media_type(part) for part in value.split(","))

    def _methods(self, value: str) -> str:
        return ", ".join(method for method in map(str.strip, value.split(",")) if method in METHODS)

    def _seconds(self, value: str) -> str:
        return value if _SECONDS.fullmatch(value) else self._values.string(value, None, "")

    def _challenge(self, value: str) -> str:
        scheme = value.partition(" ")[0]
        return scheme if scheme.lower() in _SCHEMES else self._values.string(value, None, "")
