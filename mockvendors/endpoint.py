"""One vendor at one address: takes each request through its exchange, and sees that the journal has it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiohttp import web

from mockvendors.contract import Operation
from mockvendors.errors import HarnessFault
from mockvendors.exchange import Exchange, Trace, admit, generic, refusal
from mockvendors.incoming import Incoming, read
from mockvendors.journal import Entry, Journal
from mockvendors.redact import Redactor
from mockvendors.replies import Cut, Refused, Reply, reset, send
from mockvendors.tenant import Tenant, Tenants
from mockvendors.vendor import Credential, Vendor

ADMIN = "/_mock"
"""It, and the paths below it, are the harness's, never the vendor's."""

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class _Teller(NamedTuple):
    """In whose journal a request is told (None: nobody's), and what takes the secrets out of it."""

    tenant: Tenant | None
    redact: Redactor


class Endpoint:
    """The handler of one vendor's server."""

    def __init__(self, vendor: Vendor, journal: Journal, harness_faults: list[HarnessFault], admin: Handler) -> None:
        self.vendor = vendor
        self.tenants = Tenants()
        self._admin = admin
        self._routes = vendor.routes()
        self._journal = journal
        self._harness_faults = harness_faults
        self.starts = tuple(name for name, route in self._routes.items() if route.starts)
        """Operations that start an avatar."""
        missing = sorted(set(vendor.contract.operations) - set(self._routes))
        if missing:
            raise HarnessFault(f"Nothing answers {', '.join(missing)} of {vendor.contract.vendor}", "Add its route")

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        target = _target(request)
        if target.startswith(ADMIN) and target[len(ADMIN) :][:1] in ("", "/"):
            return await self._admin(request)
        credential = self.vendor.authenticate(request.headers, self.tenants)
        path = _path(target, credential.tenant)
        operation, params, allowed = self.vendor.contract.find(request.method, path)
        trace, teller = Trace(), self._teller(request, credential)
        incoming = await self._read(request, teller, operation)
        entry = self._open(request, teller, operation, incoming)
        try:
            if operation is None:
                raise self._nowhere(request.method, path, allowed)  # noqa: TRY301 - one place turns refusals into answers
            admit(operation, credential, self.vendor)
            exchange = Exchange(self.vendor, self._routes, incoming, credential, operation, params, entry.call, trace)
            reply = await exchange.answer()
            if not trace.acted:
                self._check(operation, reply)
        except Refused as refused:
            trace.broken = refused.broken
            reply = refusal(self.vendor, refused, allowed)
        except Cut:
            self._close(teller, entry, trace, None, "connection cut")
            reset(request)
            return web.Response()
        except asyncio.CancelledError:
            self._close(teller, entry, trace, None, "client left")
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours: told as ours, never as the plugin's
            told = teller.redact.text(f"{request.method} {path} crashed the mock: {error!r}")
            self._harness_faults.append(HarnessFault(told, "Report it"))
            reply = refusal(self.vendor, generic(self.vendor, "crash", "The mock vendor itself has failed"))
            return await send(reply, self._close(teller, entry, trace, reply, f"crashed: {error!r}"), request)
        waits = credential.tenant.faults.waits if credential.tenant else None
        return await send(reply, self._close(teller, entry, trace, reply), request, waits)

    async def _read(self, request: web.BaseRequest, teller: _Teller, operation: Operation | None) -> Incoming:
        try:
            return await read(request)
        except (OSError, web.RequestPayloadError, asyncio.CancelledError):
            entry = self._open(request, teller, operation, Incoming(b"", None))
            self._close(teller, entry, Trace(), None, "client left while sending")
            raise

    def _nowhere(self, method: str, path: str, allowed: list[str]) -> Refused:
        if allowed:
            return generic(self.vendor, "method", f"{path} does not take {method}; it takes {', '.join(allowed)}")
        if path.startswith("//"):
            return generic(self.vendor, "double_slash", f"There is no {path}; does the base address end in a slash?")
        return generic(self.vendor, "path", f"There is no {path}")

    def _check(self, operation: Operation, reply: Reply) -> None:
        for violation in operation.check_reply(reply.status, reply.body):
            cause = f"The mock's own {reply.status} of {operation.id} breaks {violation.rule.id}: {violation.message}"
            self._harness_faults.append(HarnessFault(cause, "Correct the contract or the vendor's module"))

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


def _target(request: web.BaseRequest) -> str:
    """Return the path as it was sent, without the query; also of a target in absolute form."""
    target = request.raw_path
    return target.partition("?")[0] if target.startswith("/") else request.rel_url.raw_path


def _path(path: str, tenant: Tenant | None) -> str:
    """Return the path to look up; a double slash stays one unless the tenant's setting says otherwise."""
    if path.startswith("//") and tenant is not None and tenant.settings.get("double_slash") == "accept":
        return "/" + path.lstrip("/")
    return path
