"""Acme as the inherited cases need to know it."""

from pathlib import Path

from mockvendors.conformance.described import Option, Size, Sizes, VendorRules
from mockvendors.conformance.traits import Traits

ADA = (Size(640, 480), Size(480, 640))

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
    rules=VendorRules(
        one_call="acme.call.one",
        key="acme.auth.key",
        content_type="acme.body.type",
        body={"": "acme.body.fields", "/room": "acme.body.room"},
        names="acme.body.fields",
        unknown_avatar="acme.face.unknown",
        double_slash="acme.path",
        size_pair="acme.size.pair",
        size_exact="acme.size.exact",
        size_default="acme.size.default",
        size_type="acme.size.type",
        size_both="acme.size.both",
        concurrency="acme.call.limit",
        session_length="acme.call.length",
        speech_rate="acme.speech.rate",
    ),
    fields={
        "face": Option("/face"),
        "mood": Option("/mood", "mood", "calm"),
        "video_width": Option("/size/width", "video-size", 640),
        "video_height": Option("/size/height", "video-size", 480),
    },
    unknown_avatar={"face": "nobody"},
    words="/problem/text",
    sizes=Sizes(accepted=ADA, shown=ADA, defaults=(ADA[0], Size(480, 640, {"face": "bob"})), refused=(Size(1152, 768),)),
)
