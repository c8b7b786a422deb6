"""What the server needs to know of a vendor; the seam behind which one vendor's module stands."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.contract import Contract, Operation
from mockvendors.replies import Refused, Reply

if TYPE_CHECKING:
    from mockvendors.tenant import Tenant, Tenants


class Credential(msgspec.Struct, frozen=True):
    """Who a request says it comes from."""

    scheme: str | None
    """Name of the contract's security scheme that the request satisfies; None when it satisfies none."""
    tenant: "Tenant | None"
    """Whose journal the request goes to, even when it is refused."""
    refused: Refused | None = None
    token: str = ""
    """Id of the session token, where one was used."""


class Call(msgspec.Struct, frozen=True):
    """One request of a known tenant to a known operation."""

    tenant: "Tenant"
    operation: Operation
    params: Mapping[str, str]
    credential: Credential
    body: Any
    """The JSON object that was sent; {} when there was no body."""
    host: str
    """The address, with port, that the client used."""
    behave: Callable[[], Behaviour]
    """How the avatar of a session that this call starts shall behave."""


def check(operation: Operation, body: object) -> None:
    """Raise Refused when a body breaks the contract."""
    violations = operation.check_request(body)
    if violations:
        raise Refused(violations[0].rule, violations[0].message, violations)


Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True)
class Route:
    """What answers an operation; an unchecked one applies the contract to the body itself."""

    handler: Handler
    checked: bool = True
    starts: bool = False
    """Whether it starts sessions with an avatar."""


class Vendor(Protocol):
    """One vendor: its contract, and what a contract cannot say. It keeps no state: that belongs to tenants."""

    contract: Contract

    def routes(self) -> Mapping[str, Route]:
        """Return what answers each operationId of the contract."""
        ...

    def authenticate(self, headers: "Headers", tenants: "Tenants") -> Credential:
        """Return who sent these headers."""
        ...

    def error(self, status: int, error: str, message: str, reason: str | None = None) -> Reply:
        """Return an error in the vendor's shape."""
        ...


class Headers(Protocol):
    """The headers of a request, case-insensitive."""

    def getall(self, key: str, default: list[str]) -> list[str]:
        """Return every value that was sent under this name."""
        ...
