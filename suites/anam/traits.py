"""Anam as the reusable cases need to know it."""

from pathlib import Path

from mockvendors.conformance.traits import Traits
from mockvendors.contract import Contract

CONTRACT = Contract.load("anam")
AVATAR = next(iter(CONTRACT.tables["avatars"]))

ANAM = Traits(
    vendor="anam",
    description=Path(__file__).with_name("plugin.py"),
    plugin="livekit.plugins.anam",
    start="startSession",
    first={"call.one": "startSession", "call.two": "createSessionToken"},
    token="/environment/livekitToken",  # a pointer to a token
    url="/environment/livekitUrl",
    identity="anam-avatar-agent",
    name="anam-avatar-agent",
    other_names=("Anam Avatar",),
    variables=CONTRACT.raw["info"]["x-environment"],
    speech_rate=24_000,
    settings={"token_reuse": "allow", "double_slash": "accept"},
    options={"name": "Cara", "avatar_id": AVATAR},
    of_account=("avatar_id",),
)
