"""The admin API against its own document: schemathesis makes the calls, its checks judge the answers.

Each operation gets a mock of its own with one key, a running session, an accepted and a refused request, so that what is asked
for is there. Names that exist (`tenant`, a session's id, a fault) are put in the place of made-up ones half of the time.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import requests
import schemathesis
from hypothesis import given, seed
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup

from mockvendors.admin.document import document
from mockvendors.contract import Contract
from mockvendors.faults import to_data, to_text
from tests.faults.samples import SAMPLES

from .defect import Defect
from .harness import VENDOR, RunningMock
from .ledger import Ledger
from .play import SHRINKING, as_sent, example_settings
from .single import CHECKS
from .wire import LIMIT, Sent, as_json, bearer

START, JSON = "/v1/engine/session", ("Content-Type", "application/json")
AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
Case = Any
Known = Mapping[str, Any]


def play_admin(examples: int, start: int, told: Counter[tuple[str, int]], only: str = "") -> Defect | None:
    """Return what the seed `start` finds wrong, None when nothing is; count the answers of each operation in `told`."""
    contract = Contract.load(VENDOR)
    schema = schemathesis.openapi.from_dict(document(), config=schemathesis.Config.from_dict({}))
    for found in schema.get_all_operations():
        operation = found.ok()
        raw = operation.definition.raw
        if only not in ("", raw["operationId"]):
            continue
        modes = GenerationMode if raw.get("parameters") or "requestBody" in raw else [GenerationMode.POSITIVE]
        for mode in modes:  # where nothing is taken, nothing can be wrong
            try:
                _Round(contract, operation, mode, told).run(examples, start)
            except Defect as defect:
                return defect
    return None


class _Round:
    """Some examples of one operation in one mode."""

    def __init__(self, contract: Contract, operation: Any, mode: GenerationMode, told: Counter[tuple[str, int]]) -> None:
        self._contract = contract
        self._operation = operation
        self._mode = mode
        self._told = told
        self._name = str(operation.definition.raw["operationId"])
        self._session = requests.Session()
        self._session.trust_env = False

    def run(self, examples: int, start: int) -> None:
        with RunningMock(self._contract) as mock, self._session:
            ledger = mock.open({})
            known = _prepare(mock, ledger)

            @seed(start)
            @example_settings(examples, SHRINKING)
            @given(case=self._operation.as_strategy(generation_mode=self._mode), data=st.data())
            def run(case: Case, data: st.DataObject) -> None:
                _follow_nothing(case)
                if self._mode is GenerationMode.POSITIVE:
                    _aim(case, data, known)
                self._judge(mock, case)

            run()

    def _judge(self, mock: RunningMock, case: Case) -> None:
        response = case.call(base_url=mock.base, session=self._session, timeout=LIMIT)
        self._told[self._name, response.status_code] += 1
        line = as_sent(response.request).curl(mock.base)
        try:
            case.validate_response(response, checks=[*CHECKS, not_a_server_error])
        except FailureGroup as failures:
            kinds = sorted({type(failure).__name__ for failure in failures.exceptions})
            raise _defect(f"schemathesis {', '.join(kinds)}", str(failures.exceptions[0]), line) from failures
        for fault in mock.take_faults():
            raise _defect("harness fault", fault, line)


def _defect(kind: str, detail: str, line: str) -> Defect:
    defect = Defect(kind, detail)
    defect.story = (line,)
    return defect


def _prepare(mock: RunningMock, ledger: Ledger) -> Known:
    """Let there be something to look at; return the names by which it is known."""
    good, half = (
        {"personaConfig": {"avatarId": AVATAR}},
        {"personaConfig": {"avatarId": AVATAR}, "sessionOptions": {"videoWidth": 1}},
    )
    started = mock.line.send(Sent("POST", START, (bearer(ledger.key), JSON), as_json(good)))
    mock.line.send(Sent("POST", START, (bearer(ledger.key), JSON), as_json(half)))
    (tenant,) = {name for customers in mock._server.tenants.values() for name in (one.name for one in customers)}
    mock.line.send(Sent("GET", "/nowhere"))
    return {
        "tenant": [tenant],
        "vendor": ["anam"],
        "session": [started.json["sessionId"]],
        "operation": ["startSession", "getSession"],
        "broken": ["anam.size.both-or-neither"],
        "method": ["POST"],
        "path": [START],
        "api_key": ["a-key", "another"],
        "settings": [{}, {"plan": "free"}, {"max_concurrent": 1}, {"plan": "none"}],
        "fault": [to_text(fault) for fault in SAMPLES],
        "request": [{"operation": "startSession", "body": good}, {"status": 400}, {"headers": {"x": "y"}, "body": None}],
        "wish": [*map(to_text, SAMPLES), *map(to_data, SAMPLES), "status", {"fault": "stall", "calls": [1]}],
    }


def _follow_nothing(case: Case) -> None:
    """Ask for no stream: it has no end. tests/admin/test_journal.py reads one; what is no `true` stays, and is refused."""
    asked = (case.query or {}).get("follow")
    if str(asked[0] if isinstance(asked, list) and len(asked) == 1 else asked).lower() == "true":
        case.query = {name: value for name, value in case.query.items() if name != "follow"}


def _aim(case: Case, data: st.DataObject, known: Known) -> None:
    """Put what exists in the place of what was made up, or leave it out, each half of the time."""
    if "id" in (case.path_parameters or {}) and data.draw(st.booleans()):
        case.path_parameters["id"] = known["session"][0]
    case.query = {name: value for name, value in (case.query or {}).items() if data.draw(st.integers(0, 3))}
    _name(case.query, data, known)
    if isinstance(case.body, dict):
        if isinstance(case.body.get("fault"), str | dict):
            case.body["fault"] = data.draw(st.sampled_from([case.body["fault"], *known["wish"]]))
        _name(case.body, data, {name: values for name, values in known.items() if name != "fault"})


def _name(fields: dict[str, Any], data: st.DataObject, known: Known) -> None:
    for name in list(fields):
        if name in known and data.draw(st.booleans()):
            fields[name] = data.draw(st.sampled_from(known[name]))
        elif name in ("tenant", "vendor") and data.draw(st.integers(0, 3)):
            del fields[name]
