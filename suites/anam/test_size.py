"""The size of the picture: what was asked for is what the room shows."""

import pytest

from mockvendors.conformance.base import Cases, needs, of_options, refused, rule
from mockvendors.conformance.errors import reads
from mockvendors.conformance.room import stays_away

from .traits import ANAM, AVATAR, CONTRACT

SIZES = CONTRACT.tables["sizes"]


def pixels(pair):
    return tuple(int(side) for side in pair.split("x"))


OFFERED = CONTRACT.tables["avatars"][AVATAR]["availableVersions"]
ALLOWED = [(model, *pixels(pair)) for model in OFFERED for pair in SIZES[model]["pairs"]]
DEFAULTS = [(model, *pixels(SIZES[model]["default"])) for model in OFFERED]
MEASURED_AS_REFUSED = [("cara-4", 720, 1280), ("cara-4", 768, 1536), ("cara-4", 768, 1344), ("cara-4", 576, 1152)]
OF_ANOTHER_MODEL = [("cara-3", 1152, 768), ("cara-4", 720, 480)]


def ids(row):
    return f"{row[0]}-{row[1]}x{row[2]}"


SHOWN = [row for row in ALLOWED if row[0] == "cara-4"]


class TestSize(Cases):
    traits = ANAM

    async def settled(self, drive, room, **options):
        await drive.started(**options)
        return await room.probe.settled_size(self.traits.identity)

    @rule("core.size.forwarded")
    @needs("avatar-model", "video-size")
    @pytest.mark.parametrize("row", ALLOWED, ids=ids)
    async def test_pair_is_sent(self, drive, vendor, check, row):
        model, width, height = row
        await drive.started("core.size.forwarded", avatar_model=model, video_width=width, video_height=height)
        check(
            "core.size.forwarded",
            vendor.journal.entries[0].body.get("sessionOptions"),
            {"videoWidth": width, "videoHeight": height},
            "sessionOptions",
        )
        sent = vendor.journal.entries[0].body["sessionOptions"]
        check("core.size.forwarded", [type(side).__name__ for side in sent.values()], ["int", "int"], f"JSON types of {sent}")

    @rule("anam.size.exact")
    @needs("avatar-model", "video-size")
    @pytest.mark.parametrize("row", SHOWN, ids=ids)
    async def test_asked_size_is_shown(self, drive, room, check, row):
        model, width, height = row
        seen = await self.settled(drive, room, avatar_model=model, video_width=width, video_height=height)
        check("anam.size.exact", seen.delivered, (width, height), "size of the decoded frames")
        check("anam.size.exact", seen.generated, (width, height), "size at which the frames were generated")
        check("anam.size.exact", seen.publication, (width, height), "size that the publication announces")

    @rule("anam.size.default")
    @pytest.mark.parametrize("row", [row for row in DEFAULTS if row[0] in {"cara-3", "cara-4"}], ids=ids)
    @needs("avatar-model")
    async def test_default_of_the_model_is_shown(self, drive, room, vendor, check, row):
        model, width, height = row
        seen = await self.settled(drive, room, avatar_model=model)
        check(
            "anam.size.default",
            "sessionOptions" in vendor.journal.entries[0].body,
            False,
            "whether a size was sent that nobody asked for",
        )
        check("anam.size.default", seen.delivered, (width, height), f"size of the decoded frames, {model} without a size")

    @rule("anam.size.pair")
    @needs("avatar-model", "video-size")
    @pytest.mark.parametrize("row", MEASURED_AS_REFUSED + OF_ANOTHER_MODEL, ids=ids)
    async def test_refused_pair_is_told(self, drive, vendor, check, row):
        model, width, height = row
        outcome = await drive.start(avatar_model=model, video_width=width, video_height=height)
        check(
            "anam.size.pair",
            outcome.error and outcome.error.status,
            400,
            f"status of the error for a pair that the vendor refuses: {outcome}",
        )
        check("core.errors.no-retry", len(vendor.journal.calls("startSession")), 1, "engine calls for a refused pair")
        told = vendor.journal.calls("startSession")[0].reply["message"]
        check("core.errors.body-kept", reads(outcome.error, told), True, f"whether the user reads {told!r}")
        check(
            "core.start.clean-failure",
            (await drive.inspect()).get("audio_output"),
            None,
            "the agent's audio output after a refused pair",
        )

    @rule("anam.size.pair")
    @needs("avatar-model", "video-size")
    async def test_refused_pair_brings_no_avatar(self, drive, room, vendor, check):
        await drive.start(avatar_model="cara-3", video_width=1152, video_height=768)
        check("anam.size.pair", len(vendor.sessions), 0, "sessions after a refused pair")
        check(
            "anam.size.pair",
            await stays_away(room, self.traits.identity),
            True,
            "whether the room stays without an avatar",
        )

    @rule("core.size.half-pair-local")
    @needs("video-size")
    @pytest.mark.parametrize("half", ["video_width", "video_height"])
    async def test_half_pair_never_leaves(self, drive, vendor, check, half):
        outcome = await drive.start(**{half: 768})
        check(
            "core.size.half-pair-local",
            outcome.error and outcome.error.kind,
            of_options(drive),
            f"the error for {half} alone: {outcome}",
        )
        check("core.size.half-pair-local", len(vendor.journal.entries), 0, f"requests for {half} alone")

    @rule("anam.size.type")
    @needs("video-size")
    @pytest.mark.parametrize("pair", [(0, 768), (-1152, 768), ("1152", "768"), (1152.5, 768), (True, True)], ids=str)
    async def test_impossible_pair_is_told(self, drive, vendor, check, pair):
        outcome = await drive.start(video_width=pair[0], video_height=pair[1])
        told = refused(outcome, vendor)
        check(
            "anam.size.type",
            told,
            True,
            f"whether {pair} ends as an error of the options or as the vendor's 400: {outcome}",
        )

    @rule("anam.size.refused-at-token")
    @needs("avatar-model", "video-size", "call.two")
    async def test_refusal_at_the_token_call(self, drive, vendor, check):
        vendor.set("validate_at", "session_token")
        outcome = await drive.start(avatar_model="cara-3", video_width=1152, video_height=768)
        check("anam.size.refused-at-token", outcome.error and outcome.error.status, 400, f"status of the error: {outcome}")
        check(
            "anam.size.refused-at-token",
            len(vendor.journal.calls("startSession")),
            0,
            "engine calls after a refused token call",
        )
