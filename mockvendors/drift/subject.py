"""Our mock as it is asked here: in this process, on loopback, without avatars, a fresh tenant for each use."""

from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp
from yarl import URL

from mockvendors import limits
from mockvendors.cassettes.interaction import Answer, Sent
from mockvendors.contract import Contract
from mockvendors.errors import HarnessFault
from mockvendors.journal import Entry, Journal
from mockvendors.server import MockServer, load_vendor
from mockvendors.tenant import Tenant

_AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Unsendable(ValueError):
    """A recorded request that no client of ours can send."""


class Subject:
    """A running mock of one contract; an async context manager."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._server = MockServer([load_vendor(contract)])
        self._client: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        await self._server.start()
        timeout = aiohttp.ClientTimeout(total=limits.scaled(limits.DRIFT_ANSWER))
        self._client = aiohttp.ClientSession(
            timeout=timeout, skip_auto_headers=_AUTOMATIC, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._client is not None:
            await self._client.close()
        await self._server.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.base_url(self.contract.vendor)

    def tenant(self, overlay: Mapping[str, Any]) -> Tenant:
        """Return a new customer whose tables have this laid over them."""
        tenant = self._server.new_tenant(self.contract.vendor)
        tenant.overlay(overlay)
        return tenant

    def put(self, tenant: Tenant, settings: Mapping[str, Any]) -> None:
        """Set a tenant as `serve` would, except for these settings; no avatar ever joins."""
        defaults = {name: setting.serve for name, setting in self.contract.settings.items()}
        silent = {"avatars": "none"} if "avatars" in defaults else {}
        for name, value in {**defaults, **settings, **silent}.items():
            tenant.set(name, value)

    async def ask(self, sent: Sent, tenants: Iterable[Tenant]) -> tuple[Answer, tuple[str, ...]]:
        """Send a request; return the answer and the rules that it broke. Raises Unsendable, or a fault of the mock's own."""
        journals = [self._server.journal, *(tenant.journal for tenant in tenants)]
        before = [_last(journal) for journal in journals]
        answer = await self._send(sent)
        if self._server.harness_faults:
            raise self._server.harness_faults[0]
        after = [_last(journal) for journal in journals]
        broken = next((new.broken for old, new in zip(before, after, strict=True) if new is not None and new is not old), ())
        return answer, broken

    async def _send(self, sent: Sent) -> Answer:
        if self._client is None:
            raise HarnessFault("The mock was asked before it ran", "Report it")
        try:
            async with self._client.request(
                sent.method,
                URL(self.url + sent.url, encoded=True),
                headers=list(sent.headers),
                data=sent.body or None,
                allow_redirects=False,
            ) as response:
                headers = tuple((name, value) for name, value in response.headers.items())
                return Answer(response.status, response.reason or "", headers, await response.read())
        except ValueError as error:
            raise Unsendable(str(error)) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise HarnessFault(f"The mock did not answer {sent.method}: {type(error).__name__}: {error}", "Report it") from error


def _last(journal: Journal) -> Entry | None:
    return journal.entries[-1] if journal.entries else None
