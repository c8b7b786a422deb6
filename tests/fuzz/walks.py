"""Sequences of calls on tokens and sessions that were given before: denser than links, which make a request anew at each step.

A step names what it acts on by number, so that a walk that fails stays one while steps are taken out of it.
"""

from dataclasses import dataclass
from typing import Any

from hypothesis import given, seed
from hypothesis import strategies as st

from .bodies import right
from .odd import JSON
from .play import Play, Stage, settings
from .wire import Got, Sent, as_json, bearer

START = "/v1/engine/session"
CALLS = {
    "ask for a token": ("POST", "/v1/auth/session-token"),
    "start": ("POST", START),
    "start by token": ("POST", START),
    "stop": ("POST", "/v1/sessions/{id}/stop"),
    "read": ("GET", "/v1/sessions/{id}"),
    "delete": ("DELETE", "/v1/sessions/{id}"),
    "list": ("GET", "/v1/sessions"),
    "slots": ("GET", "/v1/sessions/concurrency"),
}
TOKEN, BY_TOKEN = "ask for a token", "start by token"
SCENES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    ({}, ("start",)),
    ({}, ("start", "stop", "delete")),
    ({}, (TOKEN, BY_TOKEN, BY_TOKEN)),
    ({"token_reuse": "allow"}, (TOKEN, BY_TOKEN)),
    ({"token_seconds": 0}, (TOKEN, BY_TOKEN)),
    ({"max_concurrent": 1}, ("start", "stop")),
    ({"max_concurrent": 2}, ("start", "start")),
    ({"success_status": 201}, ("start",)),
    ({"max_session_seconds": 0.001}, ("start",)),
]
"""What a walk may begin with, so that there is something to walk on: settings and calls."""


@dataclass(frozen=True)
class Step:
    """One call."""

    call: str
    of: int
    """Which token or session, counted from the first that was given."""
    who: str
    body: dict[str, Any]


class Walks:
    """Walks by two keys."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._plain = {"personaConfig": {"avatarId": next(iter(stage.raw["x-tables"]["avatars"]))}}

    def run(self, each: int, start: int) -> None:
        """Run this many walks of each scene, and as many again with settings of any kind."""
        for chosen, opening in SCENES:
            self._try(st.just(chosen), opening, each, start)
        self._try(settings(self._stage.raw), ("start",), each, start)

    def _try(self, turned: st.SearchStrategy[dict[str, Any]], opening: tuple[str, ...], examples: int, start: int) -> None:
        first = [Step(call, 0, "owner", self._plain) for call in opening]

        @seed(start)
        @self._stage.settings(examples)
        @given(chosen=turned, steps=st.lists(self._steps(), min_size=6, max_size=16))
        def run(chosen: dict[str, Any], steps: list[Step]) -> None:
            with self._stage.play(chosen, {}) as play:
                walk = Walk(play)
                for step in [*first, *steps]:
                    walk.take(step)

        run()

    def _steps(self) -> st.SearchStrategy[Step]:
        bodies = st.one_of(st.just(self._plain), st.just({}), right(self._stage.raw["x-tables"]))
        who = st.sampled_from([*["owner"] * 8, "other", "nobody"])
        return st.builds(Step, st.sampled_from(sorted(CALLS)), st.integers(0, 3), who, bodies)


class Walk:
    """One walk: what it was given, and where it goes."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._tokens: list[str] = []
        self._sessions: list[str] = []

    def take(self, step: Step) -> None:
        """Make the call of a step, and keep what it gives."""
        method, target = CALLS[step.call]
        target = target.replace("{id}", _one(self._sessions, step.of, "nobody"))
        body = as_json(step.body) if step.call in ("ask for a token", "start", "start by token") else b""
        headers = (*self._credential(step), *([JSON] if body else []))
        self._keep(self._play.send(Sent(method, target, headers, body)))

    def _credential(self, step: Step) -> list[tuple[str, str]]:
        owner, other = (ledger.key for ledger in self._play.ledgers)
        if step.call == "start by token":
            return [bearer(_one(self._tokens, step.of, "eyJ"))]
        return {"owner": [bearer(owner)], "other": [bearer(other)], "nobody": []}[step.who]

    def _keep(self, got: Got) -> None:
        told = got.json if got.status < 300 and got.body else {}
        self._tokens += [told["sessionToken"]] if "sessionToken" in told else []
        self._sessions += [told["sessionId"]] if "sessionId" in told else []


def _one(given: list[str], number: int, otherwise: str) -> str:
    return given[number % len(given)] if given else otherwise
