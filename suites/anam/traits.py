"""Anam as the reusable cases need to know it."""

from pathlib import Path

from mockvendors.conformance.described import Option, Size, Sizes, VendorRules
from mockvendors.conformance.traits import Traits
from mockvendors.contract import Contract

CONTRACT = Contract.load("anam")
AVATAR = next(iter(CONTRACT.tables["avatars"]))
MODELS = {model: CONTRACT.tables["sizes"][model] for model in CONTRACT.tables["avatars"][AVATAR]["availableVersions"]}


def size(model, pair):
    """Return a pair of the contract, or of a measurement, written `1152x768`."""
    width, _, height = pair.partition("x")
    return Size(int(width), int(height), {"avatar_model": model})


ALLOWED = tuple(size(model, pair) for model, row in MODELS.items() for pair in row["pairs"])
OF_ANOTHER_MODEL = (size("cara-3", "1152x768"), size("cara-4", "720x480"))
MEASURED_AS_REFUSED = tuple(size("cara-4", pair) for pair in ("720x1280", "768x1536", "768x1344", "576x1152"))

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
    rules=VendorRules(
        one_call="anam.call.one",
        key="anam.auth.bearer",
        content_type="anam.content-type",
        body={
            "": "anam.body.minimal",
            "/personaConfig": "anam.body.persona",
            "/environment": "anam.body.environment",
        },
        names="anam.body.names",
        model="anam.body.model",
        unknown_avatar="anam.avatar.unknown",
        double_slash="anam.path.double-slash",
        size_pair="anam.size.pair",
        size_exact="anam.size.exact",
        size_default="anam.size.default",
        size_type="anam.size.type",
        size_both="anam.size.both-or-neither",
        concurrency="anam.session.concurrency",
        hard_limit="anam.session.hard-limit",
        session_length="anam.session.length",
        speech_rate="anam.speech.rate",
    ),
    fields={
        "name": Option("/personaConfig/name"),
        "avatar_id": Option("/personaConfig/avatarId"),
        "avatar_model": Option("/personaConfig/avatarModel", "avatar-model", "cara-4"),
        "director_notes": Option("/personaConfig/directorNotes", "director-notes", {"presetStyle": "warm", "expressivity": 0.5}),
        "video_width": Option("/sessionOptions/videoWidth", "video-size", 1152),
        "video_height": Option("/sessionOptions/videoHeight", "video-size", 768),
        "show_ai_avatar_disclosure": Option("/sessionOptions/showAIAvatarDisclosure", "disclosure", True),
    },
    constants={"/personaConfig/type": "ephemeral", "/personaConfig/llmId": "CUSTOMER_CLIENT_V1"},
    model="avatar_model",
    unknown_avatar={"avatar_id": "00000000-0000-4000-8000-000000000000"},
    successes=(200, 201),
    hard_limit="anam.session.spend",
    words="/message",
    sizes=Sizes(
        accepted=ALLOWED,
        shown=tuple(row for row in ALLOWED if row.options["avatar_model"] == "cara-4"),
        defaults=tuple(size(model, MODELS[model]["default"]) for model in ("cara-3", "cara-4")),
        refused=OF_ANOTHER_MODEL + MEASURED_AS_REFUSED,
    ),
)
