"""What every class of cases shares: their fixtures, the loop they run in, and the traits of their vendor."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from mockvendors.conformance.allowed import OneOf
from mockvendors.conformance.described import VendorRules
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.fixtures import CaseFixtures
from mockvendors.conformance.marks import fill
from mockvendors.conformance.traits import Traits, at
from mockvendors.conformance.whose_suite import fault
from mockvendors.contract.rules import Rule
from mockvendors.drivers.messages import DriverError, Outcome

rule = pytest.mark.rule
needs = pytest.mark.needs
live = pytest.mark.live


class Cases(CaseFixtures):
    """A suite's class derives from one of the case classes and sets `traits`."""

    traits: ClassVar[Traits]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if hasattr(cls, "traits"):
            fill(cls, cls.traits)

    @property
    def rules(self) -> VendorRules:
        """The ids of the vendor's own rules."""
        return self.traits.rules

    def rule(self, vendor: Any, name: str) -> Rule:
        """Return a rule of the vendor's contract: what a refusal by it answers."""
        found: Rule = vendor.contract.rule(name)
        return found

    def sent(self, vendor: Any, option: str) -> Any:
        """Return what stands in the body for an option and its like: see `Traits.holder`. None: nothing."""
        return at(self.body(vendor), self.traits.holder(option))

    def asked(self, options: Mapping[str, Any], option: str) -> Any:
        """Return what stands there in the body of these options beside the least."""
        return at(self.traits.body({**self.traits.options, **options}), self.traits.holder(option))

    def body(self, vendor: Any) -> Any:
        """Return the body in which the plugin described the session: that of its first call."""
        return vendor.journal.entries[0].body

    def claims(self, vendor: Any) -> dict[str, Any]:
        """Return the claims of the join token that the vendor was given."""
        token = at(self.body(vendor), self.traits.token)
        if isinstance(token, dict) and "jwt" in token:
            return dict(token["jwt"])
        if vendor.sessions and (found := tokens(self.body(vendor))):  # the vendor took one, which stands somewhere else
            told = f"a token stands at {', '.join(found)} of the start that the vendor accepted, and none at Traits.token"
            folder = self.traits.description.parent
            raise fault(self.traits.vendor, folder, f"{told}, {self.traits.token!r}", "Correct Traits.token")
        return {}


def tokens(body: Any, above: str = "") -> list[str]:
    """Return the pointers of all join tokens in a body as the journal keeps it."""
    if not isinstance(body, Mapping):
        return []
    if "jwt" in body:
        return [above]
    return [pointer for name, value in body.items() for pointer in tokens(value, f"{above}/{name}")]


def raised(outcome: Outcome) -> DriverError:
    """Return what the plugin raised; a success has the class of none."""
    return outcome.error or DriverError(kind="none", cls="no error", message="the start succeeded")


def of_options(drive: Drive) -> OneOf:
    """Return the kinds of the error for options that cannot be.

    Python has the ValueError for them; where a language has no class of that meaning, a plugin's own error says it.
    """
    return OneOf("invalid_options") if drive.language == "Python" else OneOf("invalid_options", "configuration")


def refused(outcome: Outcome, vendor: Any, status: int | None = 400) -> bool:
    """Tell whether options that cannot be were refused: by the vendor's status, or by the plugin before it asked anybody."""
    error = raised(outcome)
    return error.status == status or (error.kind == "invalid_options" and not vendor.journal.entries)
