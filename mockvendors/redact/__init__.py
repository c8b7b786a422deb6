"""Taking secrets out of what is about to be stored or shown: keys become fingerprints, JWTs their claims."""

from mockvendors.redact.forms import CLOUDS, PREFIXES, Found, secrets
from mockvendors.redact.once import redact, redact_headers, redact_text, without_tokens
from mockvendors.redact.redactor import Redactor
from mockvendors.redact.tokens import claims, fingerprint

__all__ = [
    "CLOUDS",
    "PREFIXES",
    "Found",
    "Redactor",
    "claims",
    "fingerprint",
    "redact",
    "redact_headers",
    "redact_text",
    "secrets",
    "without_tokens",
]
