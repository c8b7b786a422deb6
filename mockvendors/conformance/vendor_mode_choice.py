"""Which mode `--vendor-mode` and its options ask for."""

from typing import Any

import pytest

from mockvendors.conformance.vendor_mode import VendorMode
from mockvendors.errors import UsageFault

MODES = ("mock", "record", "cassette")


def choose(config: pytest.Config) -> VendorMode:
    """Return the mode that the options ask for. Raises UsageFault where an option means nothing in it."""
    name = config.getoption("--vendor-mode") or MODES[0]
    for option, modes in {"--cassettes": MODES[1:], "--max-age": MODES[2:], "--record-key-env": MODES[1:2]}.items():
        if config.getoption(option) is not None and name not in modes:
            raise UsageFault(f"{option} means nothing with --vendor-mode {name}", f"Add --vendor-mode {modes[0]}")
    mode: VendorMode = _kind(name, upstream=bool(config.getoption("--record-upstream")))(config)
    return mode


def _kind(name: str, *, upstream: bool) -> type[Any]:
    """Return the class of a mode; what others need is not imported."""
    if name == "cassette":
        from mockvendors.conformance.vendor_mode_cassette import CassetteMode

        return CassetteMode
    if name == "record" and upstream:
        from mockvendors.conformance.vendor_mode_upstream import UpstreamMode

        return UpstreamMode
    if name == "record":
        from mockvendors.conformance.vendor_mode_record import RecordMode

        return RecordMode
    from mockvendors.conformance.vendor_mode_mock import MockMode

    return MockMode
