"""A vendor as the cases ask it, of which nothing is known but what was exchanged with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from mockvendors.cassettes.interaction import Answer, NotJson, Sent, parse
from mockvendors.conformance.vendor_mode_key import Keyring
from mockvendors.conformance.verdict import NotVerified
from mockvendors.contract import Contract
from mockvendors.contract.document import merge
from mockvendors.faults import Address, Calls, Fault, Planned
from mockvendors.journal import Entry, Journal
from mockvendors.redact import Redactor, fingerprint

Asked = Callable[[str], None]
"""Hears what a case asks of the mock; may raise NotVerified."""
RULE = "x-mockvendors-rule"
"""Header by which a mock names the rule that a request broke."""


class WitnessedVendor:
    """The journal is made of requests and answers, the sessions of the answers that began one."""

    def __init__(self, contract: Contract, base_url: str, api_key: str, start: str, asked: Asked) -> None:
        """`start` is the operation that starts an avatar."""
        self.contract = contract
        self.base_url = base_url
        self.api_key = api_key
        self.keys = Keyring(contract, api_key)
        self.journal = Journal()
        self.sessions = BegunSessions(session_pointer(contract, start))
        self.faults = _Faults(asked)
        self.settings: dict[str, object] = {name: setting.default for name, setting in contract.settings.items()}
        self.tables: Mapping[str, Any] = contract.tables
        self._start = start
        self._asked = asked
        self._redact = Redactor([api_key])

    def set(self, name: str, value: object) -> None:
        """Hear that a case turns a switch."""
        self._asked(f"{name}={value}")
        self.settings[name] = value

    def overlay(self, patch: Mapping[str, Any]) -> None:
        """Hear that a case changes a table."""
        self._asked(f"another table of {', '.join(patch)}")
        self.tables = merge(self.tables, patch)

    def saw(self, sent: Sent, answer: Answer | None) -> None:
        """Note a request, and its answer where there was one; one with another key is nobody's, as at a mock."""
        operation = self.contract.operation(sent.method, urlsplit(sent.url).path)
        is_start = operation is not None and operation.id == self._start
        session = self.sessions.begun(answer) if answer is not None and is_start else None
        if self.keys.opens(sent):
            self._note(self._open(sent, operation.id if operation else None), answer, session)
        if answer is not None:
            self.keys.gave(answer)

    def _note(self, entry: Entry, answer: Answer | None, session: str | None) -> None:
        if answer is None:
            self.journal.close(entry, note="not recorded")
            return
        broken = answer.header(RULE)
        answered = self._redact.body(_value(answer.body)) if answer.body else b""
        self.journal.close(entry, status=answer.status, answered=answered, broken=(broken,) if broken else (), session=session)

    def _open(self, sent: Sent, operation: str | None) -> Entry:
        parts = urlsplit(sent.url)
        return self.journal.open(
            tenant=fingerprint(self.api_key),
            operation=operation,
            method=sent.method,
            path=self._redact.target(f"{parts.path}?{parts.query}" if parts.query else parts.path),
            headers=self._redact.headers(dict(sent.headers)),
            sent=self._redact.body(_value(sent.body)) if sent.body else b"",
        )


class BegunSessions(Mapping[str, Any]):
    """Ids of the sessions that were begun, oldest first; of what became of them nothing is known."""

    def __init__(self, pointer: str | None) -> None:
        """`pointer` leads to the id in an answer; None where the contract names none."""
        self._pointer = pointer
        self._ids: list[str] = []

    def begun(self, answer: Answer) -> str | None:
        """Take the id of a session out of the answer to a start; None where it began none."""
        if answer.status // 100 != 2 or self._pointer is None:  # noqa: PLR2004 - HTTP's own
            return None
        found = _value(answer.body)
        for part in self._pointer.strip("/").split("/"):
            found = found.get(part) if isinstance(found, dict) else None
        if isinstance(found, str):
            self._ids.append(found)
            return found
        return None

    def __getitem__(self, session: str) -> Any:
        raise NotVerified("what only a mock knows of its sessions is in no recording")

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def _known(self) -> list[str]:
        if self._pointer is None:
            raise NotVerified("the contract does not say where an answer holds the id of a session (no link from a start)")
        return self._ids


class _Faults:
    """Faults that were asked for, as a mock would have planned them."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._planned: list[Planned] = []

    def __iter__(self) -> Iterator[Planned]:
        return iter(self._planned)

    def add(
        self,
        fault: Fault,
        operation: str | None = None,
        calls: int | str | Iterable[int] | Calls | None = None,
        session: int | None = None,
    ) -> None:
        """Hear that a case asks for a fault."""
        self._asked(fault.name)
        self._planned.append(Planned(fault, Address(operation, Calls.of(calls), session)))


def session_pointer(contract: Contract, operation: str) -> str | None:
    """Return the pointer to a session's id in the answer to a start, from the links of the contract."""
    for link in _links(contract, operation).values():
        for value in link.get("parameters", {}).values():
            if str(value).startswith("$response.body#/"):
                return str(value).partition("#")[2]
    return None


def linked(contract: Contract, operation: str, name: str) -> str:
    """Return the operation to which a link of this name leads from the answer to another; empty where there is none."""
    return str(_links(contract, operation).get(name, {}).get("operationId", ""))


def _links(contract: Contract, operation: str) -> dict[str, Any]:
    known = contract.operations[operation]
    found: dict[str, Any] = {}
    for status, reply in contract.raw["paths"][known.path][known.method.lower()]["responses"].items():
        node = contract.raw["components"]["responses"][reply["$ref"].rpartition("/")[2]] if "$ref" in reply else reply
        if str(status).startswith("2"):
            found |= node.get("links", {})
    return found


def _value(body: bytes) -> Any:
    try:
        return parse(body)
    except NotJson:
        return body.decode(errors="replace")
