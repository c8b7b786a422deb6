"""The mock: serves vendors on addresses of their own, and hands out tenants."""

import asyncio
import logging
import secrets
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from mockvendors import limits
from mockvendors.admin import Admin
from mockvendors.admin.guard import check_bind
from mockvendors.avatars import AvatarFactory, LiveKitAvatars
from mockvendors.contract import Contract
from mockvendors.endpoint import Endpoint, routes
from mockvendors.errors import EnvironmentFault, HarnessFault, MockvendorsError, UsageFault
from mockvendors.journal import Journal
from mockvendors.registry import registration
from mockvendors.tenant import Tenant, Tenants
from mockvendors.vendor import Vendor

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
_quiet = logging.getLogger("mockvendors.http")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


class MockServer:
    """Mock vendors, each on a port of its own; an async context manager."""

    def __init__(
        self,
        vendors: Iterable[str | Vendor],
        host: str = "127.0.0.1",
        port: int = 0,
        avatars: AvatarFactory | None = None,
        admin_token: str | None = None,
    ) -> None:
        """Prepare to serve `vendors`, the first on `port`, the next on the ports after it; 0 takes free ones.

        A vendor is named, or given with a contract of its own (`load_vendor`).

        Below /_mock stands the admin API. With `admin_token` its callers must have it; without one only this machine may
        call, and a `host` that others can reach is refused.
        """
        check_bind(host, admin_token)
        self.journal = Journal()
        """The requests that no tenant owns."""
        self.harness_faults: list[HarnessFault] = []
        """What the mock itself did wrong: own replies that broke the contract, own crashes."""
        self._host = host
        self._port = port
        self._avatars = avatars or LiveKitAvatars()
        self._runners: list[web.ServerRunner] = []
        self._addresses: dict[str, str] = {}
        self._over = False
        self._admin = Admin(self, self.base_url, admin_token)
        served = [load_vendor(vendor) if isinstance(vendor, str) else vendor for vendor in vendors]
        self._endpoints = {
            vendor.contract.vendor: Endpoint(vendor, self.journal, self.harness_faults, self._admin) for vendor in served
        }

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; an EnvironmentFault names the address that cannot be had."""
        try:
            for number, (name, endpoint) in enumerate(self._endpoints.items()):
                self._addresses[name] = await self._listen(endpoint, self._port + number if self._port else 0)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End every session and every open request, within `limits.SERVER_CLOSE` for the requests."""
        self._over = True
        self._admin.close()
        tenants = [tenant for endpoint in self._endpoints.values() for tenant in endpoint.tenants]
        await asyncio.gather(*(runner.cleanup() for runner in self._runners), *(tenant.close() for tenant in tenants))
        self._runners.clear()

    async def warm(self) -> None:
        """Load what the first avatar needs, in a thread."""
        await self._avatars.warm()

    @property
    def tenants(self) -> Mapping[str, Tenants]:
        """The customers of each vendor."""
        return {name: endpoint.tenants for name, endpoint in self._endpoints.items()}

    @property
    def contracts(self) -> Mapping[str, Contract]:
        """The contract of each vendor."""
        return {name: endpoint.vendor.contract for name, endpoint in self._endpoints.items()}

    def base_url(self, vendor: str) -> str:
        """Return the address to give to a client of this vendor, without a trailing slash."""
        if vendor not in self._addresses:
            raise UsageFault(f"{vendor} is not served here", f"Served: {', '.join(self._addresses) or 'nothing yet'}")
        return self._addresses[vendor]

    def new_tenant(self, vendor: str, api_key: str | None = None) -> Tenant:
        """Return a new customer of this vendor, with a key of its own or a chosen one."""
        if vendor not in self._endpoints:
            raise UsageFault(f"{vendor} is not served here", f"Served: {', '.join(self._endpoints)}")
        if self._over:
            raise UsageFault("The mock ends: it takes no customers any more", "Start it again")
        if api_key is not None and not (api_key.isascii() and api_key.isprintable() and api_key.strip()):
            raise UsageFault("An API key must be printable ASCII", "Choose another key, or let one be minted")
        endpoint = self._endpoints[vendor]
        key = api_key or f"mock_{secrets.token_urlsafe(24)}"
        tenant = Tenant(endpoint.vendor.contract, key, self._avatars, self.harness_faults, endpoint.starts)
        endpoint.tenants.add(tenant)
        return tenant

    async def _listen(self, endpoint: Endpoint, port: int) -> str:
        server = _Server(self, endpoint, handler_cancellation=True, access_log=None, logger=_quiet)
        # The runner waits this long for requests to end, and again after it has cancelled them.
        runner = web.ServerRunner(server, shutdown_timeout=limits.scaled(limits.SERVER_CLOSE) / 4)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, self._host, port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            cause = getattr(error, "strerror", None) or str(error)
            remedy = "End what listens there, or choose another port (0 takes a free one)"
            raise EnvironmentFault(f"{self._host}:{port} cannot be had: {cause}", remedy) from error
        host, bound, *_ = runner.addresses[0]
        shown = _WILDCARDS.get(host, host)
        return f"http://[{shown}]:{bound}" if ":" in shown else f"http://{shown}:{bound}"


class _Server(web.Server):
    """A server whose journal also has what was no HTTP request."""

    def __init__(self, mock: MockServer, endpoint: Endpoint, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own
        super().__init__(endpoint, **options)
        self.mock = mock

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=asyncio.get_running_loop(), **self._kwargs)


class _Connection(web.RequestHandler):
    """One connection."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it quotes the request
    ) -> web.StreamResponse:
        """Answer what cannot be read as a request; the journal tells that it came, without a word of it."""
        server = self._manager
        if isinstance(server, _Server):
            mock, cause = server.mock, type(exc).__name__
            entry = mock.journal.open(tenant="", operation=None, method=request.method, path="", headers={}, sent=b"")
            mock.journal.close(entry, status=status, note=f"not handled: {cause}")
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                mock.harness_faults.append(HarnessFault(f"A request crashed the mock: {cause}: {exc}", "Report it"))
        return super().handle_error(request, status, None, "The request cannot be read")


def load_vendor(vendor: str | Contract) -> Vendor:
    """Return the vendor of this name, or of this contract: the contract with what is registered beside it. Raises UsageFault."""
    contract = Contract.load(vendor) if isinstance(vendor, str) else vendor
    offered = registration(contract.vendor)
    try:
        created: Vendor = offered.create(contract)
    except MockvendorsError:
        raise
    except Exception as error:
        made_by = f"{getattr(offered.create, '__module__', '')}.{getattr(offered.create, '__qualname__', '')}".strip(".")
        told = f"The mock of {contract.vendor} cannot be made by {made_by}: {error!r}"
        raise UsageFault(told, "Correct that package, or install it again") from error
    routes(created)
    return created
