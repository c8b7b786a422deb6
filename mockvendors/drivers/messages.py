"""The messages of driver protocol 1, as the harness sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PROTOCOL = 1
IMPORTING = "importing"
"""The event by which a driver says that what follows, until the next one or its greeting, is done by what it names."""


@dataclass(frozen=True)
class Loading:
    """What a driver does on behalf of what it drives, before it greets."""

    what: str
    step: str = "import"
    """import, make, hello, description or capabilities: see `mockvendors.drivers.named.STEPS`."""

    @classmethod
    def from_message(cls, event: Mapping[str, Any]) -> "Loading":
        """Read the fields of the event; a driver that names no step imports."""
        return cls(str(event.get("what", "")), str(event.get("step", "import")))


@dataclass(frozen=True)
class DescriptionError:
    """A mistake in the suite's description of a plugin: its file, and what is wrong there, in words."""

    file: str
    told: str

    @classmethod
    def from_message(cls, wrong: object) -> "DescriptionError | None":
        """Read the `description` of an error, which few have."""
        return cls(str(wrong.get("file", "")), str(wrong.get("told", ""))) if isinstance(wrong, dict) else None


@dataclass(frozen=True)
class DriverError:
    """What an implementation raised, normalised by its driver.

    `kind` is one of vendor_status, vendor_connection, vendor_timeout, vendor_protocol, invalid_options, configuration, room,
    cancelled, driver.
    `bases` are the names of the class's ancestors, itself first.
    """

    kind: str
    cls: str
    message: str
    status: int | None = None
    body: str | None = None
    retryable: bool | None = None
    bases: tuple[str, ...] = ()
    description: DescriptionError | None = None
    """Where the suite's description is wrong; with another kind than `driver` the implementation may be as well."""

    @classmethod
    def from_message(cls, error: dict[str, Any]) -> "DriverError":
        """Read the `error` of a reply; unknown fields are ignored."""
        return cls(
            kind=str(error.get("kind", "driver")),
            cls=str(error.get("class", "")),
            message=str(error.get("message", "")),
            status=error.get("status"),
            body=error.get("body"),
            retryable=error.get("retryable"),
            bases=tuple(error.get("bases", ())),
            description=DescriptionError.from_message(error.get("description")),
        )

    def __str__(self) -> str:
        status = f" {self.status}" if self.status is not None else ""
        return f"{self.cls}{status}: {self.message}"


@dataclass(frozen=True)
class Outcome:
    """The one reply to a command: `ok` holds its fields, or `error` what was raised."""

    ok: dict[str, Any] | None = None
    error: DriverError | None = None

    def __bool__(self) -> bool:
        return self.error is None

    def __str__(self) -> str:
        return "ok" if self.error is None else str(self.error)


@dataclass(frozen=True)
class Event:
    """Something the implementation told its user; `at` is the harness's own clock, in seconds."""

    name: str
    session: str
    at: float
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Hello:
    """Who the implementation is and what it claims."""

    name: str
    version: str
    framework: str
    framework_version: str
    capabilities: frozenset[str]
    language: str = ""
    """In which the implementation is written, without a version: `Python`."""
    runtime: str = ""
    """The same with the version that runs it: `Python 3.11.7`."""

    @classmethod
    def from_message(cls, ok: dict[str, Any]) -> "Hello":
        """Read the reply to `hello`."""
        who = ok.get("implementation", {})
        return cls(
            name=str(who.get("name", "unknown")),
            version=str(who.get("version", "0")),
            framework=str(who.get("framework", "")),
            framework_version=str(who.get("framework_version", "")),
            capabilities=frozenset(ok.get("capabilities", ())),
            language=str(ok.get("driver", {}).get("language", "")).partition(" ")[0],
            runtime=str(ok.get("driver", {}).get("language", "")),
        )

    def __str__(self) -> str:
        framework = f" ({self.framework} {self.framework_version})" if self.framework else ""
        return f"{self.name} {self.version}{framework}"
