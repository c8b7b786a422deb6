"""Holds one exchange against contract, oracle and journal, and writes into the ledger what the key was given."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import jsonschema

from . import rules, secret, words
from .defect import Defect
from .figures import Figures
from .harness import RunningMock
from .ledger import Ledger
from .oracle import Expected, Oracle
from .told import Told
from .wire import MARK, Got, Sent

RULE = "x-mockvendors-rule"


class Judge:
    """All checks on one exchange, the outermost first."""

    def __init__(self, raw: Mapping[str, Any], mock: RunningMock, figures: Figures) -> None:
        self._raw = raw
        self._oracle = Oracle(raw)
        self._mock = mock
        self._told = Told(raw["x-tables"], urlsplit(mock.base).netloc)
        self._figures = figures
        self._bodies = self._validator(raw["components"]["schemas"]["SessionRequest"])
        self._error = self._validator({"$ref": "#/components/schemas/Error"})
        self._replies: dict[tuple[str, int], jsonschema.Draft202012Validator | None] = {}
        for node in self._oracle.operations.values():
            for status, reply in node["responses"].items():
                self._replies[node["operationId"], int(status)] = self._reply(reply)

    def judge(self, sent: Sent, got: Got, ledgers: list[Ledger]) -> None:
        """Raise Defect where the answer is not what had to be expected; else remember what was given."""
        expected = self._oracle.expect(sent, ledgers)
        self._figures.count(sent, got, expected)
        faults = self._mock.take_faults()
        secret.check_answer(sent, got, expected, ledgers)
        self._shape(sent, got, expected)
        self._verdict(got, expected)
        self._agree(expected)
        self._journal(sent, got, expected, ledgers)
        if got.status < 300:
            self._told.check(sent, got, expected)
            self._told.learn(got, expected)
            self._plan(got, expected)
        elif got.body:
            words.check(self._oracle, got, expected)
        if faults:
            raise Defect("harness fault", faults[0])

    def _shape(self, sent: Sent, got: Got, expected: Expected) -> None:
        """Check status, type and schema; a refusal of no operation has the shape of every error."""
        if got.status >= 500 and not {"anam.session.capacity"} & expected.broken:
            raise Defect("server error", f"{got.status} {got.body[:300]!r}")
        if expected.operation is None:
            schema: jsonschema.Draft202012Validator | None = self._error
        elif (expected.operation, got.status) not in self._replies:
            raise Defect("undocumented status", f"{expected.operation} answered {got.status}")
        else:
            schema = self._replies[expected.operation, got.status]
        if sent.method == "HEAD":
            return
        if schema is None:
            if got.body or "content-type" in got.headers:
                raise Defect("reply outside the schema", f"{got.status} with a body: {got.body[:300]!r}")
            return
        if got.kind != "application/json":
            raise Defect("reply outside the schema", f"{got.status} is of type {got.kind or 'none'}")
        if got.charset not in ("", "utf-8"):
            raise Defect("reply outside the schema", f"{got.status} is JSON in {got.charset}, which is always UTF-8 (RFC 8259)")
        problem = next(iter(schema.iter_errors(got.json)), None)
        if problem is not None:
            raise Defect("reply outside the schema", f"{got.status}: {problem.message} in {got.body[:300]!r}")

    def _verdict(self, got: Got, expected: Expected) -> None:
        """Check acceptance against the oracle, and the rule that a refusal names."""
        named = got.headers.get(RULE)
        broken = ", ".join(sorted(expected.broken))
        if got.status < 300:
            if expected.broken and not expected.open:
                raise Defect("accepted what breaks a rule", f"{got.status}, though it breaks {broken}")
            return
        if not expected.broken:
            raise Defect("refused what keeps all rules", f"{got.status} {named}: {got.body[:500]!r}")
        if named not in expected.broken:
            raise Defect("wrong rule named", f"{named}, but broken is {broken}")
        if expected.first is not None and named != expected.first:
            raise Defect("wrong rule named", f"{named}, but {expected.first} stands first of {broken}")
        rule = self._raw["x-rules"][named]
        if got.status != rule["status"]:
            raise Defect("wrong status", f"{got.status} for {named}, whose status is {rule['status']}")
        if got.body and (got.json["error"], got.json.get("reason")) != (rule["error"], rule.get("reason")):
            raise Defect("wrong error text", f"{got.body[:300]!r} for {named}")

    def _agree(self, expected: Expected) -> None:
        """Check the oracle's rules against the schema, by a validator that the mock does not use."""
        if expected.config is None:
            return
        broken = rules.broken(dict(expected.config))
        problem = next(iter(self._bodies.iter_errors(expected.config)), None)
        if bool(broken) != (problem is not None):
            said = problem.message[:300] if problem else "the schema finds nothing"
            raise Defect("oracle and schema disagree", f"the oracle finds {sorted(broken)}; {said}")

    def _journal(self, sent: Sent, got: Got, expected: Expected, ledgers: list[Ledger]) -> None:
        """Check that the journal has the request once, as it was answered, and no secret."""
        entries = self._mock.entries(sent.header(MARK)[0])
        if len(entries) != 1:
            raise Defect("journal", f"{len(entries)} entries of one request")
        entry = entries[0]
        named = got.headers.get(RULE)
        if entry.status != got.status or (entry.broken[0] if entry.broken else None) != named:
            raise Defect("journal", f"the journal has {entry.status} {entry.broken}, the answer was {got.status} {named}")
        if not set(entry.broken) <= expected.broken:
            raise Defect("wrong rule named", f"{entry.broken}, but broken is {', '.join(sorted(expected.broken))}")
        secret.check_entry(sent, entry, ledgers)

    def _plan(self, got: Got, expected: Expected) -> None:
        if expected.operation != "startSession" or expected.ledger is None:
            return
        size = self._mock.size(expected.ledger, got.json["sessionId"])
        if size is not None and size != expected.size:
            raise Defect("wrong size", f"the avatar gets {size}, though {expected.size} is due")

    def _reply(self, node: Mapping[str, Any]) -> jsonschema.Draft202012Validator | None:
        while "$ref" in node:
            *_, kind, name = node["$ref"].split("/")
            node = self._raw["components"][kind][name]
        schema = node.get("content", {}).get("application/json", {}).get("schema")
        return None if schema is None else self._validator(schema)

    def _validator(self, schema: Mapping[str, Any]) -> jsonschema.Draft202012Validator:
        return jsonschema.Draft202012Validator({**schema, "components": self._raw["components"]})
