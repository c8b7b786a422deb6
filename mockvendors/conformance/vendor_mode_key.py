"""Whether a request bears its vendor's key, where no mock is there to tell."""

from collections.abc import Iterator
from typing import Any

from mockvendors.cassettes.interaction import Answer, NotJson, Sent, parse
from mockvendors.contract import Contract


class Keyring:
    """One key, and what the vendor has given for it: a token out of an answer opens it too."""

    def __init__(self, contract: Contract, api_key: str) -> None:
        self._headers = set(_headers(contract))
        self._opening = {api_key}

    def credential(self, sent: Sent) -> str | None:
        """Return the credential of a request without its scheme; None where there is none."""
        given = [value for name, value in sent.headers if name.lower() in self._headers]
        first, _, rest = ", ".join(given).partition(" ")
        return (rest or first) if given else None

    def opens(self, sent: Sent) -> bool:
        """Tell whether a request bears the key, or what was given for it."""
        return self.credential(sent) in self._opening

    def gave(self, answer: Answer) -> None:
        """Take what an answer gives; tokens are among it."""
        if answer.status // 100 == 2:  # noqa: PLR2004 - HTTP's own
            try:
                self._opening |= set(_texts(parse(answer.body)))
            except NotJson:
                return


def _headers(contract: Contract) -> Iterator[str]:
    """Yield the headers, in lower case, in which the contract has a credential."""
    for scheme in contract.raw["components"].get("securitySchemes", {}).values():
        yield scheme["name"].lower() if scheme["type"] == "apiKey" else "authorization"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
