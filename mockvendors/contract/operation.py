"""One call of a vendor's API as its contract describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockvendors.contract.rules import Rule, Violation
from mockvendors.contract.schema import Schema


@dataclass(frozen=True)
class Operation:
    """A method and a path, with the schemas of what goes in and what comes out."""

    id: str
    method: str
    path: str
    """As in the contract, with {parameters}."""
    request: Schema | None
    """None when the call takes no body."""
    replies: Mapping[int, Schema | None]
    """Each documented status; None when its body is empty."""
    undocumented: Rule
    """Broken by a reply with another status."""
    security: tuple[str, ...]
    """Names of the security schemes of which a request satisfies one; empty: everybody may call."""
    segments: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.path.split("/")))

    def check_request(self, body: object) -> tuple[Violation, ...]:
        """Return what is wrong with a request body."""
        return self.request.check(body) if self.request else ()

    def check_reply(self, status: int, body: object) -> tuple[Violation, ...]:
        """Return what is wrong with a reply; `body` is None for an empty one."""
        if status not in self.replies:
            documented = ", ".join(str(known) for known in self.replies)
            message = f"{self.id} answered {status}; documented: {documented}"
            return (Violation(self.undocumented, "", f"status {documented}", status, message),)
        schema = self.replies[status]
        if schema is not None:
            return schema.check(body)
        if body is None:
            return ()
        return (Violation(self.undocumented, "", "no body", body, f"{self.id} answered {status} with a body"),)

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Return the path parameters when the parts of a path fit, else None."""
        if len(segments) != len(self.segments):
            return None
        params = {}
        for own, given in zip(self.segments, segments, strict=True):
            if own.startswith("{") and given:
                params[own[1:-1]] = given
            elif own != given:
                return None
        return params
