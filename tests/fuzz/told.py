"""What an accepted call must tell, and what it changes in the ledger."""

from collections.abc import Mapping
from typing import Any

import jwt

from . import looks
from .defect import Defect
from .ledger import GivenToken, Ledger, Started
from .oracle import Expected
from .wire import Got, Sent

NEVER = 1e9
"""Seconds: no example lasts so long."""
ROUND = 1e-3
"""Seconds: the claims of a token are floats."""
Facts = tuple[object, object]
"""What must be told, and what is."""


class Told:
    """The facts of a contract's tables, and of a mock at this host."""

    def __init__(self, tables: Mapping[str, Any], host: str) -> None:
        self._tables = tables
        self._host = host

    def check(self, sent: Sent, got: Got, expected: Expected) -> None:
        """Raise Defect where an answer contradicts what was answered before, a table, a setting or the clock."""
        if expected.ledger is None:
            return
        due, seen = self._facts(got, expected, expected.ledger)
        if seen != due:
            raise Defect("wrong facts", f"{sent.method} {sent.target} told {seen}, though {due} is due")

    def learn(self, got: Got, expected: Expected) -> None:
        """Write into the ledger what an accepted call gave and changed."""
        ledger = expected.ledger
        if ledger is None:
            return
        config: Any = expected.config or {}
        if expected.operation == "createSessionToken":
            ledger.tokens[got.json["sessionToken"]] = GivenToken(config, ledger.settings["token_seconds"] <= 0)
        elif expected.operation == "startSession":
            if expected.token is not None:
                expected.token.used = True
            longest = self._longest(config, ledger)
            started = Started(config.get("clientLabel"), expected.model, got.between, longest, got.sent_at + longest)
            ledger.sessions[got.json["sessionId"]] = started
        elif expected.operation == "deleteSession":
            del ledger.sessions[expected.params["id"]]

    def _facts(self, got: Got, expected: Expected, ledger: Ledger) -> Facts:
        reply = got.json if got.body else None
        due: Facts = (None, None)
        match expected.operation:
            case "startSession":
                due = self._started(got, ledger, reply)
            case "createSessionToken":
                due = _token(ledger, reply["sessionToken"])
            case "getConcurrency":
                due = self._slots(ledger, reply)
            case "listSessions":
                due = list(reversed(ledger.sessions)), [row["id"] for row in reply["data"]]
                for row in reply["data"] if due[0] == due[1] else ():
                    self._look(ledger, row["id"], row, got)
            case "stopSession":
                ledger.sessions[expected.params["id"]].stop(got.between)
                self._look(ledger, expected.params["id"], reply, got)
            case "getSession":
                self._look(ledger, expected.params["id"], reply, got)
            case "listAvatars":
                due = [self._avatar(name) for name in self._tables["avatars"]], reply["data"]
            case "getAvatar":
                due = self._avatar(expected.params["id"]), reply
        return due

    def _look(self, ledger: Ledger, name: str, row: Mapping[str, Any], got: Got) -> None:
        looks.check(self._tables, name, ledger.sessions[name], row, got)

    def _avatar(self, name: str) -> dict[str, Any]:
        avatars = self._tables["avatars"]
        return {"id": name, **avatars.get(name, avatars[self._tables["stand_in"]["avatar"]["value"]])}

    def _started(self, got: Got, ledger: Ledger, reply: Any) -> Facts:
        """The table `engine` has the values of what only the WebRTC path needs, by the fields' names."""
        engine = {name: row["value"] for name, row in self._tables["engine"].items()}
        due = {"engineHost": self._host, **engine, "status": ledger.settings["success_status"], "known": False}
        seen = {**reply, **reply["clientConfig"], "status": got.status, "known": reply["sessionId"] in ledger.sessions}
        return due, {name: seen.get(name) for name in due}

    def _slots(self, ledger: Ledger, reply: Any) -> Facts:
        limit, (least, most) = ledger.settings["max_concurrent"], ledger.slots
        wait = self._tables["told"]["estimatedWaitSeconds"]["value"]
        due = (limit, limit is None or reply["active"] < limit, wait, True)
        return due, (reply["limit"], reply["canStartSession"], reply["estimatedWaitSeconds"], least <= reply["active"] <= most)

    def _longest(self, config: Any, ledger: Ledger) -> float:
        plan = self._tables["plans"][ledger.settings["plan"]]["max_session_seconds"]
        bounds = [config["personaConfig"].get("maxSessionLengthSeconds"), ledger.settings["max_session_seconds"], plan, NEVER]
        return float(min(bound for bound in bounds if bound is not None))


def _token(ledger: Ledger, token: str) -> Facts:
    """A signed JWT that is new, and valid as long as the setting says."""
    try:
        head, claims = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
        seconds = claims["exp"] - claims["iat"]
    except (jwt.PyJWTError, KeyError, TypeError) as error:
        raise Defect("wrong facts", f"the session token is no JWT that ends: {error!r}") from error
    wanted = ledger.settings["token_seconds"]
    signed = head.get("alg") not in (None, "none") and not token.endswith(".")
    return (False, True, wanted), (token in ledger.tokens, signed, wanted if abs(seconds - wanted) < ROUND else seconds)
