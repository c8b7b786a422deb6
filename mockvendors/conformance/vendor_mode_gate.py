"""Lets pass to a real vendor only what starts no session there, which would be paid: a mock is asked first."""

from typing import Any

from aiohttp import web

from mockvendors.cassettes.forward import Forwarder, NoAnswer, Passed, Reset
from mockvendors.cassettes.interaction import NotJson
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.own_options import Exchange

PAID = "it would start a paid session: --record-paid lets it"


class Gate(Forwarder):
    """Stands before one vendor for one case."""

    def __init__(self, upstream: Upstream, tenant: Any, mock: Upstream, start: str, known: Exchange) -> None:
        """`tenant` is a mock's at the address `mock`, with the vendor's key; `start` is the operation that starts an avatar.

        `known` makes of what an account has what the mock knows.
        """
        super().__init__(upstream)
        self._rehearsal = Forwarder(mock)
        self._tenant = tenant
        self._start = start
        self._known = known
        self._answers: list[bytes] = []
        self.held = False
        """Whether a request was kept back."""

    async def close(self) -> None:
        """End its connections."""
        await self._rehearsal.close()
        await super().close()

    async def send(self, request: web.BaseRequest, target: str, body: bytes) -> Passed:
        """Pass a request on; raises NoAnswer for one that would start a session."""
        if await self._would_start(request, target, body):
            self.held = True
            raise NoAnswer(PAID)
        passed = await super().send(request, target, body)
        self._answers.append(passed.body)
        return passed

    async def _would_start(self, request: web.BaseRequest, target: str, body: bytes) -> bool:
        before = len(self._tenant.sessions)
        try:
            await self._rehearsal.send(request, self._known.target(target), self._known.body(body))
        except (NoAnswer, Reset, NotJson):
            return True  # what is not known to be harmless stays
        return len(self._tenant.sessions) > before or self._is_start_with_a_token(request, target)

    def _is_start_with_a_token(self, request: web.BaseRequest, target: str) -> bool:
        """Tell whether a start comes with a token that the vendor gave in this case: the mock, which did not, refuses it."""
        operation = self._tenant.contract.operation(request.method, target.partition("?")[0])
        credential = request.headers.get("Authorization", "").rpartition(" ")[2].encode()
        is_given = bool(credential) and any(credential in answer for answer in self._answers)
        return operation is not None and operation.id == self._start and is_given
