"""One vendor at one address: takes each request through its exchange, and sees that the journal has it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple

from aiohttp import web

from mockvendors import limits, owner
from mockvendors.contract import Operation
from mockvendors.errors import HarnessFault, MockvendorsError, UsageFault
from mockvendors.exchange import Exchange, Hung, Trace, admit, generic, refusal
from mockvendors.incoming import Incoming, read
from mockvendors.journal import Entry, Journal
from mockvendors.redact import Redactor
from mockvendors.replies import Cut, Refused, Reply, reset, send
from mockvendors.tenant import Tenant, Tenants
from mockvendors.vendor import Credential, Route, Vendor

ADMIN = "/_mock"
"""It, and the paths below it, are the harness's, never the vendor's."""

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class _Teller(NamedTuple):
    """In whose journal a request is told (None: nobody's), and what takes the secrets out of it."""

    tenant: Tenant | None
    redact: Redactor


class _Asked(NamedTuple):
    """What a request asks for, as the contract finds it."""

    method: str
    path: str
    operation: Operation | None
    params: Mapping[str, str]
    allowed: list[str]
    """Methods that the path takes, where it does not take this one."""

    def told(self, redact: Redactor) -> str:
        return redact.text(f"{self.method} {self.path}")


class Endpoint:
    """The handler of one vendor's server."""

    def __init__(self, vendor: Vendor, journal: Journal, harness_faults: list[HarnessFault], admin: Handler) -> None:
        self.vendor = vendor
        self.tenants = Tenants()
        self._admin = admin
        self._routes = routes(vendor)
        self._journal = journal
        self._harness_faults = harness_faults
        self.starts = tuple(name for name, route in self._routes.items() if route.starts)
        """Operations that start an avatar."""

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        target = _target(request)
        if target.startswith(ADMIN) and target[len(ADMIN) :][:1] in ("", "/"):
            return await self._admin(request)
        try:
            credential = self.vendor.authenticate(request.headers, self.tenants)
        except Exception as error:  # noqa: BLE001 - as below
            return await self._unknown(request, error)
        path = _path(target, credential.tenant)
        asked = _Asked(request.method, path, *self.vendor.contract.find(request.method, path))
        teller = self._teller(request, credential)
        incoming = await self._read(request, teller, asked.operation)
        entry, trace = self._open(request, teller, asked.operation, incoming), Trace()
        try:
            reply = await self._reply(asked, incoming, credential, entry.call, trace)
        except Cut:
            self._close(teller, entry, trace, None, "connection cut")
            reset(request)
            return web.Response()
        except asyncio.CancelledError:
            self._close(teller, entry, trace, None, "client left")
            self._slow(asked, trace, teller.redact)
            raise
        except Exception as error:  # noqa: BLE001 - a bug of the mock: told as the mock's, never as the plugin's
            self._crashed(asked.told(teller.redact), error, teller.redact)
            reply = self._failed()
            return await send(reply, self._close(teller, entry, trace, reply, f"crashed: {error!r}"), request)
        waits = credential.tenant.faults.waits if credential.tenant else None
        return await send(reply, self._close(teller, entry, trace, reply), request, waits)

    async def _reply(self, asked: _Asked, incoming: Incoming, credential: Credential, number: int, trace: Trace) -> Reply:
        """Return the vendor's answer to a request, or its refusal; `number`: of the call, from 1 on."""
        try:
            if asked.operation is None:
                raise self._nowhere(asked)
            admit(asked.operation, credential, self.vendor)
            given = (incoming, credential, asked.operation, asked.params, number, trace)
            reply = await Exchange(self.vendor, self._routes, *given).answer()
        except Refused as refused:
            trace.broken = refused.broken
            return refusal(self.vendor, refused, asked.allowed)
        if not trace.acted:
            self._check(asked.operation, reply)
        return reply

    async def _unknown(self, request: web.BaseRequest, error: Exception) -> web.StreamResponse:
        """Answer a request of which the vendor could not even say whose it is."""
        redact = self.tenants.redact.of(request.headers)
        self._crashed(redact.text(f"authenticate() of {request.method} {_target(request)}"), error, redact)
        reply = self._failed()
        return await send(reply, reply.payload(), request)

    def _crashed(self, what: str, error: Exception, redact: Redactor) -> None:
        told = f"{what} crashed {{mock}}: {redact.text(_named(error))}"
        self._harness_faults.append(owner.fault(self.vendor, self.vendor.contract.vendor, told, error))

    def _slow(self, asked: _Asked, trace: Trace, redact: Redactor) -> None:
        """Note a start that its client waited for in vain: nobody but the mock makes it wait."""
        name, after = asked.operation.id if asked.operation else "", trace.left_after
        if name in self.starts and after >= limits.scaled(limits.MOCK_SLOW):
            told = f"{asked.told(redact)} ({name}) had no answer of {{mock}} after {after:.1f} s, and its client left"
            self._harness_faults.append(owner.fault(self.vendor, self.vendor.contract.vendor, told))

    def _failed(self) -> Reply:
        """Return the vendor's answer to its own fault; a plain one where it cannot even say that."""
        try:
            return refusal(self.vendor, generic(self.vendor, "crash", "The mock vendor itself has failed"))
        except Exception:  # noqa: BLE001 - what went wrong first is what is told
            return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "The mock vendor itself has failed"})

    async def _read(self, request: web.BaseRequest, teller: _Teller, operation: Operation | None) -> Incoming:
        try:
            return await read(request)
        except (OSError, web.RequestPayloadError, asyncio.CancelledError):
            entry = self._open(request, teller, operation, Incoming(b"", None))
            self._close(teller, entry, Trace(), None, "client left while sending")
            raise

    def _nowhere(self, asked: _Asked) -> Refused:
        path = asked.path
        if asked.allowed:
            return generic(self.vendor, "method", f"{path} does not take {asked.method}; it takes {', '.join(asked.allowed)}")
        if path.startswith("//"):
            return generic(self.vendor, "double_slash", f"There is no {path}; does the base address end in a slash?")
        return generic(self.vendor, "path", f"There is no {path}")

    def _check(self, operation: Operation, reply: Reply) -> None:
        for violation in operation.check_reply(reply.status, reply.body):
            told = (
                f"{reply.status} of {operation.id} by {{mock}} breaks its own contract, {violation.rule.id}: {violation.message}"
            )
            self._harness_faults.append(owner.fault(self.vendor, self.vendor.contract.vendor, told))

    def _open(self, request: web.BaseRequest, teller: _Teller, operation: Operation | None, incoming: Incoming) -> Entry:
        tenant, redact = teller
        return (tenant.journal if tenant else self._journal).open(
            tenant=tenant.name if tenant else "",
            operation=operation.id if operation else None,
            method=request.method,
            path=redact.target(request.raw_path),
            headers=redact.headers(request.headers),
            sent=redact.body(incoming.body) if incoming.raw else b"",
        )

    def _close(self, teller: _Teller, entry: Entry, trace: Trace, reply: Reply | None, note: str = "") -> bytes:
        """Say in the journal how a request ended; return the bytes of the answer."""
        tenant, redact = teller
        payload, told = (b"", None) if reply is None else (reply.payload(), reply.body)
        if reply is not None and reply.raw is not None:
            told = reply.raw.decode(errors="replace")
        (tenant.journal if tenant else self._journal).close(
            entry,
            status=reply.status if reply else None,
            answered=redact.body(told) if payload else b"",
            broken=trace.broken,
            faults=tuple(trace.acted),
            session=trace.session,
            note=redact.text(note) if note else note,
        )
        return payload

    def _teller(self, request: web.BaseRequest, credential: Credential) -> _Teller:
        return _Teller(credential.tenant, (credential.tenant or self.tenants).redact.of(request.headers))


def routes(vendor: Vendor) -> Mapping[str, Route]:
    """Return what answers each operation of a vendor's contract. Raises UsageFault for one without a route, a route to none."""
    found, operations = vendor.routes(), vendor.contract.operations
    missing = [f"{name} ({operations[name].method} {operations[name].path})" for name in operations if name not in found]
    strange = sorted(set(found) - set(operations))
    told = [f"no route for {', '.join(missing)} of its contract"] if missing else []
    told += [f"a route for {', '.join(strange)}, which its contract does not know"] if strange else []
    if told:
        mock = owner.mock_of(vendor, vendor.contract.vendor)
        raise UsageFault(f"{mock[0].upper()}{mock[1:]} has {' and '.join(told)}", f"Correct routes() of {owner.place(vendor)}")
    return found


def _named(error: Exception) -> str:
    """Return an error as a person reads it: ours are whole sentences, of others the class tells the most."""
    return str(error) if isinstance(error, MockvendorsError | Hung) else repr(error)


def _target(request: web.BaseRequest) -> str:
    """Return the path as it was sent, without the query; also of a target in absolute form."""
    target = request.raw_path
    return target.partition("?")[0] if target.startswith("/") else request.rel_url.raw_path


def _path(path: str, tenant: Tenant | None) -> str:
    """Return the path to look up; a double slash stays one unless the tenant's setting says otherwise."""
    if path.startswith("//") and tenant is not None and tenant.settings.get("double_slash") == "accept":
        return "/" + path.lstrip("/")
    return path
