"""What an accepted call must tell, and what it changes in the ledger."""

from typing import Any

from .defect import Defect
from .ledger import SURELY_RUNS, GivenToken, Ledger, Started
from .oracle import Expected, Oracle
from .wire import Got, Sent


def check(oracle: Oracle, sent: Sent, got: Got, expected: Expected) -> None:
    """Raise Defect where an answer contradicts what was answered before, a table or a setting."""
    ledger, reply = expected.ledger, got.json if got.body else None
    if ledger is None:
        return
    due, seen = _due(oracle, got, expected, ledger, reply)
    if seen != due:
        raise Defect("wrong facts", f"{sent.method} {sent.target} told {seen}, though {due} is due")


def _due(oracle: Oracle, got: Got, expected: Expected, ledger: Ledger, reply: Any) -> tuple[object, object]:
    """Return what must be told, and what is."""
    name, avatars = expected.operation, oracle.tables["avatars"]
    due: tuple[object, object] = (None, None)
    if name == "startSession":
        due = (ledger.settings["success_status"], False), (got.status, reply["sessionId"] in ledger.sessions)
    elif name == "createSessionToken":
        due = False, reply["sessionToken"] in ledger.tokens
    elif name == "getConcurrency":
        due = _slots(ledger, reply)
    elif name == "listSessions":
        due = list(reversed(ledger.sessions)), [row["id"] for row in reply["data"]]
    elif name in ("getSession", "stopSession"):
        due = _session(ledger.sessions[expected.params["id"]], expected, reply)
    elif name == "listAvatars":
        due = [{"id": key, **row} for key, row in avatars.items()], reply["data"]
    elif name == "getAvatar":
        key = expected.params["id"]
        due = {"id": key, **avatars.get(key, avatars[oracle.tables["stand_in"]["avatar"]["value"]])}, reply
    return due


def _slots(ledger: Ledger, reply: Any) -> tuple[object, object]:
    limit, (least, most) = ledger.settings["max_concurrent"], ledger.slots
    due = (limit, limit is None or reply["active"] < limit, True)
    return due, (reply["limit"], reply["canStartSession"], least <= reply["active"] <= most)


def _session(session: Started, expected: Expected, reply: Any) -> tuple[object, object]:
    running = False if expected.operation == "stopSession" else session.running
    seen = reply["endTime"] is None
    due = (expected.params["id"], session.label, session.model, seen if running is None else running)
    return due, (reply["id"], reply["clientLabel"], reply["personaConfig"]["avatarVersion"], seen)


def learn(oracle: Oracle, got: Got, expected: Expected) -> None:
    """Write into the ledger what an accepted call gave and changed."""
    ledger = expected.ledger
    if ledger is None:
        return
    if expected.operation == "createSessionToken":
        ledger.tokens[got.json["sessionToken"]] = GivenToken(expected.config or {}, ledger.settings["token_seconds"] <= 0)
    elif expected.operation == "startSession":
        if expected.token is not None:
            expected.token.used = True
        config: Any = expected.config or {}
        ledger.sessions[got.json["sessionId"]] = Started(config.get("clientLabel"), expected.model, _runs(oracle, config, ledger))
    elif expected.operation == "stopSession":
        ledger.sessions[expected.params["id"]].running = False
    elif expected.operation == "deleteSession":
        del ledger.sessions[expected.params["id"]]


def _runs(oracle: Oracle, config: Any, ledger: Ledger) -> bool | None:
    plan = oracle.tables["plans"][ledger.settings["plan"]]["max_session_seconds"]
    bounds = [config["personaConfig"].get("maxSessionLengthSeconds"), ledger.settings["max_session_seconds"], plan]
    return True if min((bound for bound in bounds if bound is not None), default=SURELY_RUNS) >= SURELY_RUNS else None
