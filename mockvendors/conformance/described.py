"""What reusable cases need to know of a vendor beyond one value each: its own rules, the options of a start, its sizes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class VendorRules:
    """Ids of the rules of the vendor's contract that reusable cases check.

    A case that is there for a rule which is not named here is left out: the vendor says nothing of it. Where a case is about
    a refusal, its status and its words are those of the rule in the contract.
    """

    one_call: str = ""
    """One call with the API key starts an avatar."""
    key: str = ""
    """The key goes in its header, and another key is refused."""
    content_type: str = ""
    """What a body is declared as: `application/json`."""
    body: Mapping[str, str] = field(default_factory=dict)
    """Objects in the body of the least options, by pointer (`""` is the body): each holds what was asked for, and no more."""
    names: str = ""
    """Fields of the body are named as the API names them; wants a `value` in `Traits.fields`."""
    model: str = ""
    """The model that was asked for is sent; wants `Traits.model`."""
    unknown_avatar: str = ""
    """An avatar that does not exist is refused; wants `Traits.unknown_avatar`."""
    double_slash: str = ""
    """An address with a slash at its end gives a path with two."""
    size_pair: str = ""
    """A size that the vendor does not support is refused; wants `Sizes.refused`, and `Traits.words`."""
    size_exact: str = ""
    """The picture has the size that was asked for; wants `Sizes.shown`."""
    size_default: str = ""
    """The picture has a known size where none was asked for; wants `Sizes.defaults`."""
    size_type: str = ""
    """Width and height are whole numbers above zero; another is refused."""
    size_both: str = ""
    """Width and height come together; half a size is refused."""
    concurrency: str = ""
    """A session more than the account has slots is refused; turns the setting `max_concurrent`."""
    hard_limit: str = ""
    """What waiting does not cure is not asked again within seconds; wants `Traits.hard_limit`."""
    session_length: str = ""
    """A session ends after its longest time, and its avatar leaves; turns the setting `max_session_seconds`."""
    speech_rate: str = ""
    """Speech is sent at `Traits.speech_rate`, whatever the rate of the sound that the agent was given."""

    def named(self, name: str) -> set[str]:
        """Return the ids that stand under a name of this class."""
        told = getattr(self, name)
        return set(told.values() if isinstance(told, Mapping) else [told] if told else [])

    def all(self) -> set[str]:
        """Return every id."""
        return {rule for each in fields(self) for rule in self.named(each.name)}


@dataclass(frozen=True)
class Option:
    """An option of a start, by the name under which the suite's plugin.py takes it."""

    field: str
    """Pointer: where it stands in the body of the first call."""
    needs: str = ""
    """The capability without which an implementation does not take it; empty: each takes it."""
    value: Any = None
    """One that the vendor accepts, beside those of the others; none is needed for what `Traits.options` holds."""


@dataclass(frozen=True)
class Size:
    """Width and height of the picture in pixels, with the options (a model, an avatar) beside which the vendor has it."""

    width: int
    height: int
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What a case is called by it: `cara-4-1152x768`."""
        return "-".join([*map(str, self.options.values()), f"{self.width}x{self.height}"])


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What a start may ask of the picture's size. Empty: the vendor takes no size, and cases of it are left out."""

    width: str = "video_width"
    """The option that names the width; `height` the same. Both need a `value` in `Traits.fields`: one that the least takes."""
    height: str = "video_height"
    accepted: tuple[Size, ...] = ()
    """What the vendor supports: each is sent as it is."""
    shown: tuple[Size, ...] = ()
    """Of these, those that are looked at in a room: each costs seconds."""
    defaults: tuple[Size, ...] = ()
    """What is seen where no size is asked for."""
    refused: tuple[Size, ...] = ()
    """What the vendor does not support; the first is tried in a room too."""

    @property
    def both(self) -> tuple[str, ...]:
        """Names of the two options; none where the vendor takes no size."""
        return (self.width, self.height) if self.accepted else ()

    def asked(self, size: Size) -> dict[str, Any]:
        """Return the options that ask for a size."""
        return {**size.options, self.width: size.width, self.height: size.height}


def put(pointers: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object that has these values under these JSON pointers."""
    made: dict[str, Any] = {}
    for pointer, value in pointers:
        *above, last = pointer.removeprefix("/").split("/")
        node = made
        for part in above:
            node = node.setdefault(part, {})
        node[last] = value
    return made


def parent(pointer: str) -> str:
    """Return the pointer to the object that holds this field; `""` is the whole body."""
    return pointer.rpartition("/")[0]
