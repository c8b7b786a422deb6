"""What the reusable cases need to know about one vendor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockvendors.conformance.described import Option, Sizes, VendorRules, parent, put
from mockvendors.drivers.claims import OF_FRAMEWORK, OF_PROTOCOL
from mockvendors.errors import UsageFault


@dataclass(frozen=True)
class Traits:
    """A vendor as its suite describes it; JSON pointers point into the body of the start call."""

    vendor: str
    """Folder under contracts/."""
    description: Path
    """Python file that makes the plugin's avatar session; it runs in the plugin's environment."""
    plugin: str
    """The published plugin: the implementation when none is named."""
    start: str
    """operationId of the call that starts the avatar."""
    first: Mapping[str, str]
    """operationId of the first call of a start, for each capability that names a way to start."""
    token: str
    """Pointer to the join token."""
    url: str
    """Pointer to the room server's address."""
    identity: str
    """The avatar's identity unless another is asked for."""
    name: str
    """The avatar's name unless another is asked for."""
    other_names: tuple[str, ...] = field(default=(), kw_only=True)
    """What published plugins in other languages call it instead."""
    variables: Mapping[str, str]
    """Environment variables that the plugin reads: `url` and `key` of the vendor."""
    speech_rate: int
    """Samples a second of the speech that the plugin hands on."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Switches of the mock that turn off what is only assumed of the vendor: a plugin is not to fail on that."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The least that a start needs."""
    of_account: tuple[str, ...] = ()
    """Of the options those that name what an account has: here their values are invented, `--record-option` gives others."""
    rules: VendorRules = field(default_factory=VendorRules, kw_only=True)
    """The vendor's own rules, as far as reusable cases check them."""
    fields: Mapping[str, Option] = field(default_factory=dict, kw_only=True)
    """The options of a start, and where each stands in the body."""
    constants: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    """What every body holds beside them, by pointer."""
    model: str = field(default="", kw_only=True)
    """The option that names the avatar's model."""
    unknown_avatar: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    """Options that ask for an avatar that does not exist."""
    successes: tuple[int, ...] = field(default=(), kw_only=True)
    """Statuses of a start that is accepted, where there are several; the contract's setting `success_status` chooses."""
    hard_limit: str = field(default="", kw_only=True)
    """The rule of the contract whose refusal no waiting cures."""
    words: str = field(default="", kw_only=True)
    """Pointer to the vendor's own words in the body of a refusal."""
    sizes: Sizes = field(default_factory=Sizes, kw_only=True)
    """What may be asked of the picture's size."""
    capabilities: tuple[str, ...] = field(default=(), kw_only=True)
    """Capabilities that only cases of the suite's own need, and no option does."""

    @property
    def claimable(self) -> frozenset[str]:
        """Every capability that a driver may claim to this suite; another is a typo, or of another suite."""
        of_options = {option.needs for option in self.fields.values()} - {""}
        return frozenset({*OF_PROTOCOL, *OF_FRAMEWORK, *self.first, *of_options, *self.capabilities})

    def body(self, options: Mapping[str, Any], token: Any = None, url: Any = None) -> dict[str, Any]:
        """Return the body of a start with these options; token and address are what the caller says."""
        asked = [(self.fields[name].field, value) for name, value in options.items() if name in self.fields]
        return put([*self.constants.items(), *asked, (self.token, token), (self.url, url)])

    def claims(self, options: Iterable[str]) -> tuple[str, ...]:
        """Return the capabilities that an implementation has which takes these options."""
        return tuple(sorted({self.fields[name].needs for name in options if name in self.fields} - {""}))

    def value(self, option: str) -> Any:
        """Return what `fields` say that the vendor accepts of an option. Raises UsageFault where they say nothing."""
        known = self.fields.get(option)
        if known is None or known.value is None:
            told = f"The traits of {self.vendor} name the option {option!r}, of which Traits.fields have no value"
            raise UsageFault(told, "Describe it there, with one that the vendor accepts (docs/add-a-vendor.md)")
        return known.value

    def holder(self, option: str) -> str:
        """Return the pointer to the object that is there for this option and its like; the field's own if the least has it."""
        above = parent(self.fields[option].field)
        least = self.body(self.options)
        return self.fields[option].field if not above or at(least, above) is not None else above

    @property
    def turned(self) -> set[str]:
        """Settings of the contract that the cases turn."""
        of_rules = {"max_concurrent": self.rules.concurrency, "max_session_seconds": self.rules.session_length}
        asked = {name for name, rule in of_rules.items() if rule} | ({"success_status"} if self.successes else set())
        return {*self.settings, *asked}


def at(body: Any, pointer: str) -> Any:  # a JSON value
    """Return the value under a JSON pointer, or None; the pointer `""` is to the whole."""
    if not pointer:
        return body
    for part in pointer.removeprefix("/").split("/"):
        if not isinstance(body, Mapping) or part not in body:
            return None
        body = body[part]
    return body
