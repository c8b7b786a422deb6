"""A driver that is not ours is tried before its implementation is judged: its faults would be the implementation's."""

from collections.abc import Mapping
from typing import Any

from mockvendors.drivers.named import Named
from mockvendors.drivers.smoke import smoke
from mockvendors.drivers.smoke_seen import Report
from mockvendors.drivers.smoke_talk import Program
from mockvendors.implementations.implementation import Launch


async def tried(named: Named, launch: Launch, options: Mapping[str, Any]) -> Report:
    """Return what `smoke` says of a driver; `options` are the least with which a session of the vendor starts.

    Raises as `smoke` does.
    """
    return await smoke(Program(launch.arguments, launch.environment, launch.folder), options, named)


async def hold(text: str, launch: Launch, vendor: str, options: Mapping[str, Any]) -> None:
    """Raise DriverFault for the driver of a connect string that does not keep to the protocol."""
    named = Named(text, vendor)
    report = await tried(named, launch, options)
    if not report.passed:
        raise named.fault(
            f"does not keep to the protocol, so its implementation was not judged: {report.failures}",
            f"{named.trial} shows each check; docs/driver-protocol.md says what is due",
            report.stderr,
        )
