"""One call an example: schemathesis' positive and negative data, bodies out of the tables, and what no schema describes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import schemathesis
from hypothesis import given, seed
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as own

from .bodies import WAYS, bodies, names, right, spoilt
from .odd import JSON, oddly
from .odd import WAYS as ODD
from .play import Stage, settings, switches
from .wire import Sent, as_json, bearer

BODY_RULES = ("createSessionToken", "startSession")
"""Operations whose body has rules; the others take any."""
CHECKS = [
    own.status_code_conformance,
    own.content_type_conformance,
    own.response_schema_conformance,
    own.response_headers_conformance,
]
Example = Callable[[Any, dict[str, Any], st.DataObject], None]


class Singles:
    """Every operation, every way to spoil a body, every oddity, every switch: some examples of each."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._tables = stage.raw["x-tables"]
        self._operations = stage.subject.operations()

    def run(self, each: int, start: int) -> None:
        """Run this many examples of each."""
        for operation in self._operations:
            for mode in GenerationMode:
                if mode is GenerationMode.POSITIVE or _name(operation) in BODY_RULES:
                    self._try(self._case, operation.as_strategy(generation_mode=mode), each, start)
        for way in sorted(WAYS):
            self._try(self._start, spoilt(self._tables, way), each, start)
        self._try(self._start, bodies(self._tables), 10 * each, start)
        for odd in sorted(ODD):
            self._try(partial(self._odd, odd), self._plain(), 6 * each, start)
        for name, value in switches(self._stage.raw):
            self._try(self._start, right(self._tables), each, start, {name: value})

    def _try(
        self, example: Example, made: st.SearchStrategy[Any], examples: int, start: int, turned: dict[str, Any] | None = None
    ) -> None:
        @seed(start)
        @self._stage.settings(examples)
        @given(made=made, chosen=settings(self._stage.raw) if turned is None else st.just(turned), data=st.data())
        def run(made: Any, chosen: dict[str, Any], data: st.DataObject) -> None:
            example(made, chosen, data)

        run()

    def _case(self, case: schemathesis.Case, chosen: dict[str, Any], _: st.DataObject) -> None:
        with self._stage.play(chosen) as play:
            response = play.call(case, dict([bearer(play.ledgers[0].key)]))
            checks = [*CHECKS] if "capacity" in chosen else [*CHECKS, not_a_server_error]
            play.validate(case, response, checks)

    def _start(self, body: dict[str, Any], chosen: dict[str, Any], _: st.DataObject) -> None:
        self._stage.start([body], chosen)

    def _odd(self, way: str, sent: Sent, chosen: dict[str, Any], data: st.DataObject) -> None:
        with self._stage.play(chosen) as play:
            ledger = play.ledgers[0]
            play.send(data.draw(oddly(sent.with_header(*bearer(ledger.key)), ledger, way)))

    def _plain(self) -> st.SearchStrategy[Sent]:
        """Return ordinary requests, whose key is filled in later."""
        identifier = st.one_of(st.sampled_from([*self._tables["avatars"], "nobody", "concurrency"]), names)
        taken = bodies(self._tables).map(as_json)

        def sent(operation: Any, name: str, body: bytes) -> Sent:
            method = operation.method.upper()
            return Sent(method, operation.path.replace("{id}", name), (JSON,), body if method == "POST" else body[:1])

        return st.builds(sent, st.sampled_from(self._operations), identifier, taken)


def _name(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])
