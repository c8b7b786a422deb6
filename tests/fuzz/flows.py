"""Calls that follow from each other, along the links of the contract and those that schemathesis infers from it.

An OpenAPI link can fill parameters and bodies, not the Authorization header; the step from a token to its start does that here.
"""

from contextlib import ExitStack
from typing import Any, ClassVar

import schemathesis
from hypothesis import seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput
from schemathesis.specs.openapi import checks as own

from .odd import oddly
from .play import Stage, settings
from .single import CHECKS
from .wire import bearer

STEPS = 14
REST = 3
"""Calls along the links between two things from outside of them."""
RESOURCES = [own.use_after_free, own.ensure_resource_availability]
"""What schemathesis knows of things that are made and deleted."""


class Flows:
    """Sequences of calls by two keys."""

    def __init__(self, stage: Stage) -> None:
        base = stage.subject.links.as_state_machine()
        # schemathesis takes `stop` for a way to make sessions; with made-up ids it would be half of all calls.
        hidden = {name: None for name in base.root_rules if name.endswith("_stop")}
        self._machine = type("Flow", (Moves, base), {**hidden, "stage": stage})
        self._settings = stage.settings

    def run(self, examples: int, start: int) -> None:
        """Run this many sequences."""
        seed(start)(self._machine)
        self._machine.run(settings=hypothesis_settings(self._settings(examples), stateful_step_count=STEPS))


class Moves:
    """What is added to schemathesis' state machine: credentials, settings, oddities, and the judge."""

    stage: ClassVar[Stage]
    recorder: Any

    def setup(self) -> None:
        self._open = ExitStack()
        self.play = self._open.enter_context(self.stage.play({}, {}))
        self.who = "owner"
        self.rested_at = 0

    def teardown(self) -> None:
        self._open.close()
        super().teardown()

    def rested(self) -> bool:
        """Tell whether some calls of the links came since the last thing from outside of them."""
        return len(self.play.sent) >= self.rested_at

    def _moved(self) -> None:
        self.rested_at = len(self.play.sent) + REST

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Turn switches before the first call."""
        self.stage.mock.turn(self.play.ledgers[0], data.draw(settings(self.stage.raw)))
        self._moved()

    @precondition(rested)
    @rule(data=st.data())
    def turn(self, data: st.DataObject) -> None:
        """Turn switches while sessions run."""
        self.stage.mock.turn(self.play.ledgers[0], data.draw(settings(self.stage.raw)))
        self._moved()

    @precondition(rested)
    @rule(who=st.sampled_from(["other key", "token", "nobody"]))
    def next_call_by(self, who: str) -> None:
        """Let somebody else make the next call."""
        self.who = who
        self._moved()

    @precondition(rested)
    @rule(data=st.data())
    def odd(self, data: st.DataObject) -> None:
        """Repeat a request oddly."""
        sent, _ = data.draw(st.sampled_from(self.play.sent))
        self.play.send(data.draw(oddly(sent.bare(), self.play.ledgers[0])))
        self._moved()

    def step(self, input: StepInput) -> StepOutput:  # noqa: A002 - schemathesis' name
        """Make the call of a link, and have it judged."""
        who, self.who = self.who, "owner"
        secret = self._secret(input, who)
        response = self.play.call(input.case, dict([bearer(secret)]) if secret else {})
        self.recorder.record_response(case_id=input.case.id, response=response)
        checks = [*CHECKS, *RESOURCES] if who == "owner" else CHECKS
        self.play.validate(input.case, response, checks, recorder=self.recorder)
        return StepOutput(response, input.case)

    def _secret(self, step: StepInput, who: str) -> str | None:
        """Return what the call is authorised by: the token along the link that gives one, else a key."""
        owner, other = self.play.ledgers
        if step.transition is not None and who == "owner":
            parent = self.recorder.find_response(case_id=step.transition.parent_id)
            given = _json(parent).get("sessionToken")
            if given is not None:
                return str(given)
        tokens = list(owner.tokens) or [owner.key]
        return {"owner": owner.key, "other key": other.key, "token": tokens[-1], "nobody": None}[who]


def _json(response: schemathesis.Response | None) -> dict[str, Any]:
    return response.json() if response is not None and response.content else {}
