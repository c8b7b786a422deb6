"""The sessions that a run has started, meant or not: each is stopped through the vendor's own call."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote

from mockvendors.verify.tries import Tries, Try
from mockvendors.verify.wire import NoAnswer, Wire, filled

State = Literal["running", "stopped", "left running", "unknown"]
_TIMES = 3
"""So often a stop is asked for: what runs costs money."""
_OVER = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass
class Session:
    """One session that was, or may have been, started."""

    id: str
    """Empty where the answer named none."""
    attempt: Try
    state: State
    why: str = ""
    """Why it could not be stopped, or why nobody knows."""


class OpenSessions:
    """Knows what was started and stops it."""

    def __init__(self, tries: Tries, wire: Wire, pause: float) -> None:
        self._tries = tries
        self._wire = wire
        self._pause = pause
        self.all: list[Session] = []

    @property
    def left(self) -> list[Session]:
        """Those that could not be stopped."""
        return [session for session in self.all if session.state == "left running"]

    @property
    def running(self) -> int:
        """How many are still to be stopped."""
        return sum(session.state == "running" for session in self.all)

    def started(self, attempt: Try, session: object) -> None:
        """Note a start; one whose id the answer does not tell can be stopped by nobody here."""
        if isinstance(session, str) and session:
            self.all.append(Session(session, attempt, "running"))
        else:
            why = f"the answer has no text at {attempt.starts}"
            self.all.append(Session("", attempt, "left running", why))

    def perhaps(self, attempt: Try, why: str) -> None:
        """Note a start whose answer did not come."""
        self.all.append(Session("", attempt, "unknown", why))

    def stopped_by(self, attempt: Try, kept: Mapping[str, str]) -> None:
        """Note that a try has itself stopped a session."""
        for session in self.all:
            if attempt.operation is self._tries.stop and session.id and session.id in filled(attempt.path, kept).split("/"):
                session.state = "stopped"

    async def stop(self, needed: frozenset[str]) -> None:
        """Stop what runs, but for sessions under whose names later tries need something."""
        for session in self.all:
            if session.state == "running" and not needed & {keep.name for keep in session.attempt.keep}:
                await self._stop(session)

    async def _stop(self, session: Session) -> None:
        stop = self._tries.stop
        session.state, session.why = "left running", "the contract has no call that stops it"
        if stop is None:
            return
        path = stop.path.replace(f"{{{self._tries.stop_parameter}}}", quote(session.id, safe=""))
        for number in range(_TIMES):
            if number:
                await asyncio.sleep(self._pause)
            try:
                answer = await self._wire.stop(stop.method, path)
            except NoAnswer as error:
                session.why = f"{stop.method} {path}: {error}"
                continue
            if answer.status < HTTPStatus.MULTIPLE_CHOICES or answer.status in _OVER:
                session.state, session.why = "stopped", ""
                return
            session.why = f"{stop.method} {path} was answered {answer.status}"
