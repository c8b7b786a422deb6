"""Acme as the inherited cases need to know it."""

from pathlib import Path

from mockvendors.conformance.traits import Traits

ACME = Traits(
    vendor="acme",
    description=Path(__file__).with_name("plugin.py"),
    plugin="acme_avatar",
    start="startCall",
    first={},  # there is one way to start
    token="/room/token",  # a pointer to a token
    url="/room/url",
    identity="acme-face",
    name="Acme Face",
    variables={"url": "ACME_API_URL", "key": "ACME_API_KEY"},
    speech_rate=16_000,
    options={"face": "ada"},
)
