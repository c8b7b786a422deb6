"""Taking secrets out of a single thing, where no redactor is kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from mockvendors.redact.patterns import without_credentials
from mockvendors.redact.redactor import Redactor
from mockvendors.redact.tokens import encodings, fingerprint, spellings, without


def redact(value: Any, known: Iterable[str] = ()) -> Any:  # noqa: ANN401 - any JSON value
    """Return a deep copy of a JSON value without secrets; `known` are secrets to remove wherever they stand."""
    return Redactor(known).value(value)


def redact_text(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without secrets."""
    return Redactor(known).text(text)


def redact_headers(headers: Mapping[str, str], known: Iterable[str] = ()) -> dict[str, str]:
    """Return headers by lower-case name, without secrets; what was sent twice is joined by a comma."""
    return Redactor(known).headers(headers)


def without_tokens(text: str, known: Iterable[str] = ()) -> str:
    """Return a text for people without known secrets, JWTs and other credentials that are told by their form.

    Names are not looked at: of a program's line such as `api_key = options.key` a person is to see all.
    """
    secrets = list(known)
    for secret in secrets:
        text = without(text, dict.fromkeys(spellings(secret), fingerprint(secret)))
    text = without_credentials(text)
    for secret in secrets:
        text = without(text, dict.fromkeys(encodings(secret), fingerprint(secret)))
    return text
