"""Makes cases of a vendor's own options from values: how each is sent, dropped or refused. One line of a suite is one case."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import pytest

from mockvendors.conformance.base import Cases, refused, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.marks import taking
from mockvendors.conformance.traits import Traits
from mockvendors.errors import UsageFault
from mockvendors.nearest import remedy

STARTS = "core.start.succeeds"
TWO_CALLS = 2
"""Where a start takes two calls, the second may be the one that is refused."""


def sends(option: str, *values: Any, by: str, accepted: str = STARTS) -> Any:  # a case
    """Return a case: each value stands in the body as it is, `by` this rule; a start that is refused breaks `accepted`."""

    async def judge(self: Cases, drive: Drive, vendor: Any, check: Any, value: Any) -> None:
        await drive.started(accepted, **{option: value})
        sent, asked = self.sent(vendor, option), self.asked({option: value}, option)
        check(by, sent, asked, f"what is sent of {option}={value!r}")

    return _case(judge, option, values, [by] if accepted == STARTS else [by, accepted])


def drops(option: str, *values: Any, by: str) -> Any:  # a case
    """Return a case: of an option with such a value nothing is sent, `by` this rule."""

    async def judge(self: Cases, drive: Drive, vendor: Any, check: Any, value: Any) -> None:
        await drive.started(**{option: value})
        check(by, self.sent(vendor, option), None, f"what is sent of {option}={value!r}")

    return _case(judge, option, values, [by])


def refuses(option: str, values: Mapping[str, tuple[str, Any]]) -> Any:  # a case
    """Return a case: each value (what it is called -> rule of the contract, value) ends as an error, and is asked for once."""

    async def case(self: Cases, drive: Drive, vendor: Any, check: Any, bad: tuple[str, Any]) -> None:
        broken, value = bad
        outcome = await drive.start(**{option: value})
        told = refused(outcome, vendor, self.rule(vendor, broken).status)
        check(broken, told, True, f"whether a bad {option} ends as an error: {outcome}")
        once = len(vendor.journal.entries) <= TWO_CALLS
        check("core.errors.no-retry", once, True, "whether a refusal is asked for once (twice with two calls)")

    rows = [pytest.param(bad, marks=rule(bad[0]), id=name) for name, bad in values.items()]
    return taking(lambda traits: described(traits, [option]))(pytest.mark.parametrize("bad", rows)(case))


def described(traits: Traits, options: Iterable[str]) -> list[str]:
    """Return these options. Raises UsageFault for one that Traits.fields do not describe."""
    for option in (asked := list(options)):
        if option not in traits.fields:
            told = f"A case is about the option {option!r}, which Traits.fields of {traits.vendor} do not describe"
            raise UsageFault(told, remedy(option, traits.fields))
    return asked


def _case(judge: Callable[..., Awaitable[None]], option: str, values: tuple[Any, ...], rules: list[str]) -> Any:
    """Return a case of one value, or one that is made once for each."""

    async def one(self: Cases, drive: Drive, vendor: Any, check: Any) -> None:
        await judge(self, drive, vendor, check, values[0])

    async def several(self: Cases, drive: Drive, vendor: Any, check: Any, value: Any) -> None:
        await judge(self, drive, vendor, check, value)

    case = one if len(values) == 1 else pytest.mark.parametrize("value", values)(several)
    return taking(lambda traits: described(traits, [option]))(rule(*rules)(case))
