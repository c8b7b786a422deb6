"""What every class of cases shares: their fixtures, the loop they run in, and the traits of their vendor."""

from typing import Any, ClassVar

import pytest

from mockvendors.conformance.allowed import OneOf
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.fixtures import CaseFixtures
from mockvendors.conformance.traits import Traits, at
from mockvendors.drivers.messages import DriverError, Outcome

rule = pytest.mark.rule
needs = pytest.mark.needs
live = pytest.mark.live


class Cases(CaseFixtures):
    """A suite's class derives from one of the case classes and sets `traits`."""

    traits: ClassVar[Traits]

    def body(self, vendor: Any) -> Any:
        """Return the body in which the plugin described the session: that of its first call."""
        return vendor.journal.entries[0].body

    def claims(self, vendor: Any) -> dict[str, Any]:
        """Return the claims of the join token that the vendor was given."""
        token = at(self.body(vendor), self.traits.token)
        return dict(token["jwt"]) if isinstance(token, dict) and "jwt" in token else {}


def raised(outcome: Outcome) -> DriverError:
    """Return what the plugin raised; a success has the class of none."""
    return outcome.error or DriverError(kind="none", cls="no error", message="the start succeeded")


def of_options(drive: Drive) -> OneOf:
    """Return the kinds of the error for options that cannot be.

    Python has the ValueError for them; where a language has no class of that meaning, a plugin's own error says it.
    """
    return OneOf("invalid_options") if drive.language == "Python" else OneOf("invalid_options", "configuration")


def refused(outcome: Outcome, vendor: Any) -> bool:
    """Tell whether options that cannot be were refused: by the vendor's 400, or by the plugin before it asked anybody."""
    error = raised(outcome)
    return error.status == 400 or (error.kind == "invalid_options" and not vendor.journal.entries)  # noqa: PLR2004  # HTTP's
