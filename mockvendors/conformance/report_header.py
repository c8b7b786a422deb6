"""What a report says first: by which suite and contract was judged, where, and what was asked for."""

import hashlib
import json
import platform
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mockvendors import __version__, limits
from mockvendors.conformance.implementation import asked
from mockvendors.conformance.profile import Profile
from mockvendors.redact import without_tokens
from mockvendors.report.judged_by import digested, judged_by
from mockvendors.report.lines import SCHEMA, Environment, Header, Implementation, LiveKit, Selection, Suite


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, as reports write it."""
    return digested(hashlib.sha256(data))


def suite(folder: Path, traits: Any, profile: Profile) -> Suite:
    """Return by what the cases of a folder judge. Raises UsageFault for a vendor without a contract."""
    from mockvendors.contract import Contract

    contract = Contract.load(traits.vendor)
    by = judged_by(traits.vendor, folder)
    return Suite(
        vendor=traits.vendor,
        digest=by.digest,
        commit=by.commit,
        contract=contract.version,
        contract_digest=digest(json.dumps(contract.raw, sort_keys=True, default=str).encode()),
        profile=profile.name,
        profile_digest=profile.digest,
    )


def header(
    config: pytest.Config,
    began: datetime,
    suites: Iterable[Suite],
    implementations: Iterable[Implementation],
    livekit: LiveKit | None,
) -> Header:
    """Return the header of a run's report; implementations that were asked for and never met are in it by name."""
    met = {each.connect: each for each in implementations}
    named = {text: met.pop(text, Implementation(connect=text)) for text in map(without_tokens, asked(config))}
    return Header(
        schema=SCHEMA,
        mockvendors=__version__,
        time=began.isoformat(timespec="seconds"),
        suites=list(suites),
        implementations=[*named.values(), *met.values()],
        environment=Environment(
            python=platform.python_version(),
            platform=platform.platform(),
            os=platform.system().lower(),
            livekit=livekit,
            time_scale=limits.scaled(1.0),
        ),
        selection=_selection(config),
        vendor_mode=config.getoption("--vendor-mode") or "mock",
    )


def _selection(config: pytest.Config) -> Selection:
    return Selection(
        arguments=[without_tokens(str(argument)) for argument in config.args],
        keyword=without_tokens(config.getoption("keyword") or ""),
        marks=without_tokens(config.getoption("markexpr") or ""),
        rule=without_tokens(config.getoption("--rule") or ""),
    )
