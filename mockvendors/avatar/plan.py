"""All that one avatar needs to know before it joins."""

from dataclasses import dataclass, field

from mockvendors.avatar.behaviour import Behaviour, Size
from mockvendors.redact.tokens import claims

PUBLISH_ON_BEHALF = "lk.publish_on_behalf"
"""Attribute of a participant: the identity of the participant it speaks for."""


@dataclass(frozen=True, slots=True)
class AvatarPlan:
    """Where an avatar joins, what it publishes and whom it serves."""

    url: str
    """The room server's address: ws, wss, http or https."""
    token: str = field(repr=False)
    """The join token, handed on unchanged and unchecked."""
    width: int
    height: int
    fps: float
    tag: int = 0
    """16-bit number of the session, stamped on every frame."""
    vendor: str = "mock"
    label: str = ""
    """What a person reads in the picture."""
    listen_to: str | None = None
    """Identity whose speech is played; None: as the token's attributes say, else the first who speaks."""
    max_seconds: float | None = None
    """Longest time from its first join on, also if it leaves and returns; None: unlimited."""
    grace_seconds: float = 2.0
    """How long it stays after the participant it speaks for has left."""
    voice_rate: int = 48_000
    """Samples a second of the published voice."""
    behaviour: Behaviour = field(default_factory=Behaviour)

    @property
    def size(self) -> Size:
        """Width and height of the frames it publishes at first, in pixels."""
        return self.behaviour.size or (self.width, self.height)

    @property
    def speaker(self) -> str | None:
        """Identity of the participant it speaks for, as far as plan and token tell."""
        return self.listen_to or _on_behalf_of(self.token)


def _on_behalf_of(token: str) -> str | None:
    """Return who the token names; one whose claims cannot be read names nobody here and is refused by the room."""
    attributes = (claims(token) or {}).get("attributes")
    named = attributes.get(PUBLISH_ON_BEHALF) if isinstance(attributes, dict) else None
    return named if isinstance(named, str) and named else None
