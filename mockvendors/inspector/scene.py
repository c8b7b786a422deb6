"""What one `serve` has: its vendors with a tenant each, and the LiveKit whose rooms the page can look into."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import jwt

from mockvendors.avatar.plan import AvatarPlan
from mockvendors.errors import HarnessFault
from mockvendors.journal import Entry, Journal
from mockvendors.redact import claims
from mockvendors.room.livekit import LiveKit
from mockvendors.session import Session
from mockvendors.tenant import Tenant, Tenants

STARTING = "LiveKit is being looked for"


@dataclass
class Scene:
    """Shared by the page and by the lines on stderr; `livekit` comes when it has started."""

    tenants: Mapping[str, Tenant]
    """By vendor; the key that was printed is theirs."""
    addresses: Mapping[str, str]
    """By vendor: where its API is."""
    strangers: Journal
    """Requests that no tenant owns."""
    harness_faults: Sequence[HarnessFault] = ()
    """What the mock itself did wrong."""
    livekit: LiveKit | None = None
    without: str = STARTING
    """Why there is no LiveKit, for a person; means nothing once there is one."""
    customers: Sequence[Tenants] = ()
    """Every tenant of each vendor, those that a call makes too; left out: those of `tenants` alone."""

    def everybody(self) -> Iterator[Tenant]:
        """Yield every tenant."""
        if not self.customers:
            yield from self.tenants.values()
        for customers in self.customers:
            yield from customers

    def listen(self, ended: Callable[[Tenant | None, Journal, Entry], None]) -> None:
        """Tell `ended` of each request when it has come to an end, with its tenant, if any, and its journal."""
        self.strangers.listen(partial(ended, None))
        for customers in self.customers:
            customers.listen(ended)
        for tenant in () if self.customers else self.everybody():
            tenant.journal.listen(partial(ended, tenant))

    def sessions(self) -> Iterator[tuple[str, Session]]:
        """Yield every session with its vendor, oldest first."""
        for tenant in self.everybody():
            for session in tenant.sessions.values():
                yield tenant.contract.vendor, session

    def session(self, name: str) -> Session | None:
        """Return the session of that id."""
        return next((session for _, session in self.sessions() if session.id == name), None)

    def journals(self) -> list[Journal]:
        """Return the journals of all tenants, and that of strangers."""
        return [*(tenant.journal for tenant in self.everybody()), self.strangers]

    def can_look(self, plan: AvatarPlan) -> bool:
        """Tell whether the avatar's room is of the LiveKit whose secret we have: its token is signed with it."""
        if self.livekit is None:
            return False
        lenient = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}
        try:
            jwt.decode(
                plan.token,
                self.livekit.api_secret,
                algorithms=["HS256"],
                issuer=self.livekit.api_key,
                options=lenient,  # type: ignore[arg-type]  # a typed dict, built by name
            )
        except jwt.PyJWTError:
            return False
        return True


def place(plan: AvatarPlan) -> tuple[str, str]:
    """Return the room that the avatar's token is for, and the identity that it gives; empty where it says neither."""
    told = claims(plan.token) or {}
    video = told.get("video")
    room = video.get("room") if isinstance(video, dict) else None
    return str(room or ""), str(told.get("sub") or "")
