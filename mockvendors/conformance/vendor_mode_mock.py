"""`--vendor-mode mock`: each case has a mock vendor of its own key."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from mockvendors.conformance.scene import scene
from mockvendors.contract import Contract
from mockvendors.errors import HarnessFault, UsageFault

TURNED = ("avatars", "speaker_left_grace")
"""Settings that every vendor's contract needs: whether avatars join, and for how long one stays alone."""


class MockMode:
    """The mock of the run answers."""

    replays = False
    has_rooms = True

    def __init__(self, config: pytest.Config) -> None:  # noqa: ARG002 - as every mode
        """Send nothing but the suite's own."""
        self.options: Mapping[str, str] = {}

    def begin(self, suites: Collection[Any]) -> None:
        """Refuse a contract without the settings that cases turn, and a mock that does not answer it. Raises UsageFault."""
        from mockvendors.server import load_vendor

        for traits in suites:
            load_vendor(traits.vendor)
            contract = Contract.load(traits.vendor)
            if missing := sorted({*TURNED, *traits.turned} - set(contract.settings)):
                told = f"The contract of {traits.vendor} lacks settings that cases turn: {', '.join(missing)}"
                raise UsageFault(told, "Add them to its x-settings (docs/add-a-vendor.md)")

    @asynccontextmanager
    async def vendor(self, item: pytest.Item, facilities: Any) -> AsyncIterator[Any]:
        """Give a fresh tenant; its avatars stay away unless the case has a room."""
        traits = item.cls.traits  # type: ignore[attr-defined]  # a case is a method of a class with traits
        mock = await facilities.mock(traits.vendor)
        faults_before = len(mock.harness_faults)
        tenant = mock.new_tenant(traits.vendor)
        for name, value in {**traits.settings, "avatars": "none"}.items():
            tenant.set(name, value)
        tenant.base_url = mock.base_url(traits.vendor)
        scene(item).tenant = tenant
        scene(item).faults = lambda: tuple(mock.harness_faults[faults_before:])
        yield tenant
        await tenant.close()
        here = scene(item)
        if (found := mock.harness_faults[faults_before:]) and not here.excused:
            raise found[0]
        if here.passed and (unmet := tenant.faults.unmet()):
            told = "; ".join(str(fault) for fault in unmet)
            raise HarnessFault(f"the case passed without a fault that it asked for: {told}", "Ask for what its calls will meet")

    @asynccontextmanager
    async def driver(self, item: pytest.Item, driver: Any, session: str, vendor: Any) -> AsyncIterator[Any]:  # noqa: ARG002 - the protocol's
        """Give the driver as it is."""
        yield driver

    def notes(self) -> Mapping[str, int]:
        """Say nothing."""
        return {}
