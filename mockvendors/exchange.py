"""What one request goes through once it is read: faults, contract, vendor, answer."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import NoReturn

import msgspec
from msgspec.structs import replace

from mockvendors import limits
from mockvendors.at_work import Work, clock
from mockvendors.avatar.behaviour import Behaviour
from mockvendors.contract import Operation
from mockvendors.faults import Where
from mockvendors.incoming import Incoming
from mockvendors.replies import Cut, Refused, Reply
from mockvendors.vendor import Call, Credential, Route, Vendor, check

_RIGHT = Behaviour()
_TURNS = 5
"""Of the event loop, until a client is known to have left: its end is read, the connection is lost, the request is cancelled."""


class Trace(msgspec.Struct):
    """What the journal tells of a request besides its answer."""

    broken: tuple[str, ...] = ()
    session: str | None = None
    """The session that the vendor's own answer speaks of, also where that answer is lost."""
    left_after: float = 0.0
    """Seconds that the vendor's handler had worked on it when its client left; 0 where it was not at work then."""
    acted: list[str] = []
    """Names of the faults that acted, in the order in which they did."""


class Hung(Exception):
    """A vendor's handler does not come to its end."""


class Exchange(msgspec.Struct, frozen=True):
    """What a fault may act on, and the way through contract and vendor that it may let the request go."""

    vendor: Vendor
    routes: Mapping[str, Route]
    incoming: Incoming
    credential: Credential
    operation: Operation
    params: Mapping[str, str]
    number: int
    trace: Trace

    async def answer(self) -> Reply:
        """Return the answer of the vendor, as its faults make it; raises Cut where there is none."""
        tenant = self.credential.tenant
        if tenant is None or next(iter(tenant.faults), None) is None:
            return await self._vendor_answer()
        return await tenant.faults.answer(self._where, self, self.trace.acted, self._vendor_answer)

    def error(self, status: int, error: str | None, message: str | None, reason: str | None) -> Reply:
        """See `faults.Exchange`; the vendor's own text is that of the first rule with this status."""
        rules = [rule for rule in self.vendor.contract.rules.values() if rule.status == status and error in (None, rule.error)]
        text = error or (rules[0].error if rules else _phrase(status))
        why = rules[0].reason if rules and reason is None else reason
        return self.vendor.error(status, text, message or f"{text} (a fault that was asked for)", why)

    async def pause(self, seconds: float | None) -> None:
        """See `faults.Exchange`; a client that goes cancels the request."""
        tenant = self.credential.tenant
        if tenant is None or not await tenant.faults.waits.wait(seconds):
            self.cut()

    def cut(self) -> NoReturn:
        """See `faults.Exchange`."""
        raise Cut

    @property
    def _where(self) -> Where:
        return Where(self.operation.id, self.number, tuple(self.params.values()))

    async def _vendor_answer(self) -> Reply:
        try:
            reply = await self._handle(self.routes[self.operation.id])
        except Refused as refused:
            self.trace.broken = refused.broken
            return refusal(self.vendor, refused)
        self.trace.session = reply.session
        return reply

    async def _handle(self, route: Route) -> Reply:
        if self.incoming.problem is not None and self.operation.request is not None:  # a call without a body takes no notice
            raise generic(self.vendor, *self.incoming.problem)
        body = {} if not self.incoming.raw else self.incoming.body
        tenant = self.credential.tenant
        if route.checked:
            check(self.operation, body)
        if tenant is None:
            return Reply(next(iter(self.operation.replies)))
        call = Call(tenant, self.operation, self.params, self.credential, body, self.incoming.host, self._behave)
        began = time.monotonic()
        try:
            return await self._looked(route, call)
        except asyncio.CancelledError:
            self.trace.left_after = time.monotonic() - began
            raise

    async def _looked(self, route: Route, call: Call) -> Reply:
        """Let the handler work, and after long work the loop see that the client has left, if so: the request is cancelled."""
        began = time.monotonic()
        try:
            return await within(self.operation, route, call)
        finally:
            if route.starts and time.monotonic() - began >= limits.scaled(limits.MOCK_SLOW):
                for _ in range(_TURNS):  # a handler that blocks the loop kept it from that
                    await asyncio.sleep(0)

    def _behave(self) -> Behaviour:
        tenant = self.credential.tenant
        if tenant is None or not tenant.sends_avatars:
            return _RIGHT
        return tenant.faults.behave(self._where, _RIGHT, self.trace.acted)


async def within(operation: Operation, route: Route, call: Call) -> Reply:
    """Return the answer of a vendor's handler. Raises Hung where none comes in `limits.MOCK_ANSWER`, TypeError for no Reply."""
    limit, work = limits.scaled(limits.MOCK_ANSWER), Work(_handled(route, call))
    try:
        async with clock(limit) as ringing:
            reply = await work
    except TimeoutError as error:
        if ringing.expired():
            raise Hung(f"the handler of {operation.id} gives no answer within {limit:g} s") from error
        raise
    if work.held >= limit:  # the clock could not ring
        raise Hung(f"the handler of {operation.id} blocked the event loop for {work.held:.1f} s: nothing else ran meanwhile")
    if not isinstance(reply, Reply):
        raise TypeError(f"the handler of {operation.id} returns a {type(reply).__name__}, and no Reply")
    return reply


async def _handled(route: Route, call: Call) -> Reply:
    """Call a handler; one that is no coroutine works before there is something to wait for."""
    return await route.handler(call)


def admit(operation: Operation, credential: Credential, vendor: Vendor) -> None:
    """Raise Refused when an operation is not for whoever calls it."""
    if operation.security and credential.scheme not in operation.security:
        raise credential.refused or generic(vendor, "auth", f"{operation.id} does not take this credential")


def generic(vendor: Vendor, kind: str, detail: str) -> Refused:
    """Return the refusal that this vendor has for what every vendor refuses."""
    return Refused(vendor.contract.rule(vendor.contract.generic[kind]), detail)


def refusal(vendor: Vendor, refused: Refused, allowed: Iterable[str] = ()) -> Reply:
    """Return the vendor's answer to a request that breaks a rule; a header names the rule for people."""
    rule = refused.rule
    reply = vendor.error(rule.status or HTTPStatus.BAD_REQUEST, rule.error, str(refused), rule.reason)
    headers = {"X-Mockvendors-Rule": rule.id}
    if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(allowed)
    return replace(reply, headers=headers)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
