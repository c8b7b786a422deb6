"""One run: try after try, with a pause between calls, and nothing left running at its end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from mockvendors import limits
from mockvendors.evidence import Exchange, RightIsRefused
from mockvendors.redact import Redactor
from mockvendors.verify.judge import Outcome, exchange, judge, untried
from mockvendors.verify.keeping import at
from mockvendors.verify.open_sessions import OpenSessions
from mockvendors.verify.plan import Plan, controls, cost
from mockvendors.verify.report import Report
from mockvendors.verify.target import Target
from mockvendors.verify.tries import Try, placeholders
from mockvendors.verify.wire import Answer, NoAnswer, Wire

Tell = Callable[[Outcome], None]
Halt = Literal["", "unreachable", "key", "other"]
_IN_A_ROW = 3
"""So many calls without an answer, or answered 429, end a run."""


@dataclass
class _State:
    """What a run knows so far."""

    kept: dict[str, str]
    outcomes: list[Outcome] = field(default_factory=list)
    silent: int = 0
    """Calls in a row without an answer."""
    slowed: int = 0
    """Calls in a row that were answered 429."""
    refused: dict[int, str] = field(default_factory=dict)
    """Controls that were not answered as expected -> what came instead, in words."""
    answered: list[tuple[Try, Exchange]] = field(default_factory=list)
    """Every try that was answered, with its answer."""
    key_works: bool = False
    asked_again: bool = False
    """The vendor was asked whether it still takes the key."""
    again: int | None = None
    """What it answered to that; None: nothing yet, or no answer."""
    spent: bool = False
    """Too little of the budget is left for the next try."""
    is_mock: bool = False
    halt: Halt = ""
    cause: str = ""
    """Why the run was ended before its end, for a person."""


class Runner:
    """Does what a plan says; `report` tells how far it came, at any time."""

    def __init__(self, plan: Plan, target: Target, *, pause: float, tell: Tell) -> None:
        """Prepare; `pause` is in seconds, between two calls; `tell` hears every outcome at once."""
        self._plan = plan
        self._target = target
        self._pause = pause
        self._tell = tell
        self._redact = Redactor([target.key])
        self._wire = Wire(target)
        self._sessions = OpenSessions(plan.tries, self._wire, pause)
        self._state = _State(dict(plan.given))
        self._secret = frozenset(name for attempt in plan.send for name in placeholders(attempt.authorization))

    async def run(self) -> Report:
        """Send what the plan has; also after a Ctrl-C what was started is stopped."""
        async with self._wire:
            try:
                for number, attempt in enumerate(self._plan.send):
                    await self._one(attempt)
                    await self._sessions.stop(self._needed(number + 1))
                    self._look_at_sessions()
            finally:
                await self._sessions.stop(frozenset())
        return self.report

    @property
    def report(self) -> Report:
        """What is known."""
        state = self._state
        return Report(
            self._plan,
            self._target.url,
            tuple(state.outcomes),
            tuple(state.answered),
            tuple(self._sessions.all),
            self._wire.calls,
            state.halt,
            state.cause,
            state.is_mock,
        )

    async def _one(self, attempt: Try) -> None:
        state = self._state
        missing = attempt.needs - set(state.kept)
        state.spent |= self._left < cost(attempt)
        if state.halt or state.spent or missing:
            if attempt.is_control:
                state.refused[attempt.number] = "was not sent"
            budget = self._plan.no_budget if state.spent else ""
            outcome = untried(attempt, state.cause or budget or self._lacks(min(missing)))
            self._note([outcome], aloud=not state.halt)  # one cause is told once
            return
        if self._wire.calls:
            await asyncio.sleep(self._pause)
        try:
            answer = await self._wire.send(attempt, state.kept)
        except NoAnswer as error:
            self._silence(attempt, error)
            return
        except asyncio.CancelledError:
            if attempt.starts:
                self._sessions.perhaps(attempt, "interrupted before it was answered")
            raise
        state.silent = 0
        await self._answered(attempt, answer)

    async def _answered(self, attempt: Try, answer: Answer) -> None:
        state = self._state
        state.is_mock |= answer.is_mock
        state.answered.append((attempt, exchange(self._plan.tries, attempt, answer)))
        done = answer.status < HTTPStatus.MULTIPLE_CHOICES
        if done and attempt.starts:
            self._sessions.started(attempt, at(answer.body, attempt.starts))
        if done:
            self._sessions.stopped_by(attempt, state.kept)
        if attempt.is_control and answer.status not in attempt.status:
            state.refused[attempt.number] = f"was answered {answer.status}"
        refused = answer.status == HTTPStatus.UNAUTHORIZED and attempt.has_key and answer.status not in attempt.status
        if refused and await self._refused_key(attempt):
            return
        self._keep(attempt, answer)
        self._note(judge(self._plan.tries, attempt, answer, self._redact, [self._control(attempt)]))
        state.key_works |= attempt.has_key and answer.status in attempt.status
        await self._slow_down(answer)

    def _control(self, attempt: Try) -> RightIsRefused:
        """Return what is known of the right body of a call: a try is made from it, so that no other control is needed.

        A control that is to be refused shows nothing where the try gets the same status: what it was refused for may be
        the same, for example a path that is gone; unless the call was accepted.
        """
        refused: dict[tuple[str, int | None], str] = {}
        for control in reversed(controls(self._plan.tries, attempt)):
            if control.operation is None:
                continue
            call, got = control.operation.id, self._state.refused.get(control.number)
            if got:
                refused[call, None] = f"{control.text!r}, which holds the right body, {got}"
            elif not control.is_done and not self._accepted(call):
                told = f"{control.text!r} gets it too, and nothing was accepted"
                refused |= {(call, status): told for status in control.status if status not in attempt.status}
        return RightIsRefused(refused)

    def _accepted(self, call: str) -> bool:
        """Tell whether a call with the key was accepted so far."""
        return any(
            one.operation is not None and one.operation.id == call and one.status < HTTPStatus.MULTIPLE_CHOICES
            for attempt, one in self._state.answered
            if attempt.has_key
        )

    def _keep(self, attempt: Try, answer: Answer) -> None:
        if answer.status not in attempt.status:
            return
        for keep in attempt.keep:
            value = keep.of(answer.body)
            if value is not None and keep.name not in self._plan.given:
                self._state.kept[keep.name] = value
                if keep.name in self._secret:
                    self._redact.learn(value)

    def _silence(self, attempt: Try, error: NoAnswer) -> None:
        """Note that a call was not answered; what it may have started is told."""
        state, why = self._state, str(error)
        state.silent += 1
        if attempt.is_control:
            state.refused[attempt.number] = "had no answer"
        if attempt.starts and error.arrived:
            self._sessions.perhaps(attempt, why)
        self._note([untried(attempt, why)])
        if state.silent == _IN_A_ROW:
            self._end("unreachable", f"{_IN_A_ROW} calls in a row had no answer ({why}): nothing more was sent")

    async def _refused_key(self, attempt: Try) -> bool:
        """Tell whether a 401 says nothing about the rule; end the run where the vendor refuses the key at the first call too."""
        if self._state.key_works and attempt is not self._plan.tries.tries[0]:
            await self._ask_again()
            again = self._state.again
            if again != HTTPStatus.UNAUTHORIZED:
                if again is None:
                    self._note([untried(attempt, "answered 401, and nobody knows whether the key still works")])
                return again is None
        cause = "the vendor refuses the key (401): nothing more was sent"
        self._note([untried(attempt, cause)])
        self._end("key", cause)
        return True

    async def _ask_again(self) -> None:
        """Send the first call again, once in a run and if the budget has a call for it."""
        if self._state.asked_again or self._left < 1:
            return
        self._state.asked_again = True
        try:
            self._state.again = (await self._wire.send(self._plan.tries.tries[0], self._state.kept)).status
        except NoAnswer:
            return

    @property
    def _left(self) -> int:
        """How many calls of the budget are left, but for the stops of what runs."""
        return self._plan.budget - self._wire.calls - self._sessions.running

    async def _slow_down(self, answer: Answer) -> None:
        state = self._state
        if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
            state.slowed = 0
            return
        state.slowed += 1
        if state.slowed == _IN_A_ROW:
            self._end("other", f"{_IN_A_ROW} calls in a row were answered 429: nothing more was sent (try a longer --pause)")
        elif answer.retry_after.isdigit():
            await asyncio.sleep(min(int(answer.retry_after), limits.scaled(limits.VERIFY_CALL)))

    def _look_at_sessions(self) -> None:
        if self._sessions.left and not self._state.halt:
            self._end("other", f"a session could not be stopped ({self._sessions.left[0].why}): nothing more was sent")

    def _end(self, halt: Halt, cause: str) -> None:
        self._state.halt, self._state.cause = halt, cause

    def _needed(self, first: int) -> frozenset[str]:
        """Return the names that the tries from `first` on still need; none where the run is at its end."""
        if self._state.halt:
            return frozenset()
        return frozenset(name for attempt in self._plan.send[first:] for name in attempt.needs)

    def _lacks(self, name: str) -> str:
        return f"no {name}: no answer gave one (--value {name}=...)"

    def _note(self, outcomes: list[Outcome], *, aloud: bool = True) -> None:
        for outcome in outcomes:
            self._state.outcomes.append(outcome)
            if aloud:
                self._tell(outcome)
