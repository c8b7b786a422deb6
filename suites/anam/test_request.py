"""What the plugin sends to start an avatar."""

import pytest

from mockvendors.conformance.base import Cases, needs, refused, rule
from mockvendors.conformance.traits import at

from .traits import ANAM

UNKNOWN = "00000000-0000-4000-8000-000000000000"


class TestRequest(Cases):
    traits = ANAM

    @rule("anam.call.one")
    @needs("call.one")
    async def test_one_call_with_the_key(self, drive, vendor, check):
        outcome = await drive.started()
        check(
            "anam.call.one",
            [entry.operation for entry in vendor.journal.entries],
            ["startSession"],
            "calls of one start",
        )
        check(
            "anam.call.one",
            outcome.ok["vendor_session"],
            next(iter(vendor.sessions)),
            "the session id that the user sees",
        )

    @rule("anam.call.two")
    @needs("call.two")
    async def test_token_call_then_engine_call(self, drive, vendor, check):
        await drive.started()
        check(
            "anam.call.two",
            [e.operation for e in vendor.journal.entries],
            ["createSessionToken", "startSession"],
            "calls of one start",
        )
        check("anam.call.two", vendor.journal.calls("startSession")[0].body, {}, "the body of the second call")

    @rule("anam.auth.bearer")
    async def test_key_goes_as_bearer(self, drive, vendor, check):
        await drive.started("anam.auth.bearer")
        scheme = vendor.journal.entries[0].headers.get("authorization", "").split(" ")[0]
        check("anam.auth.bearer", scheme, "Bearer", "scheme of the Authorization header")
        check(
            "anam.content-type",
            vendor.journal.entries[0].headers.get("content-type"),
            "application/json",
            "type of the body",
        )

    @rule("anam.body.minimal")
    async def test_least_options_give_the_least_body(self, drive, vendor, check):
        await drive.started()
        body = vendor.journal.entries[0].body
        check(
            "anam.body.minimal",
            sorted(body),
            ["environment", "personaConfig"],
            "fields of the body; nothing that was not asked for",
        )
        own = {"name": drive.options["name"], "avatarId": drive.options["avatar_id"]}
        persona = {"type": "ephemeral", **own, "llmId": "CUSTOMER_CLIENT_V1"}
        check("anam.body.persona", body["personaConfig"], persona, "personaConfig of the least options")
        check(
            "anam.body.environment",
            sorted(body["environment"]),
            ["livekitToken", "livekitUrl"],
            "fields of environment",
        )

    @rule("anam.body.names")
    @needs("avatar-model", "video-size", "disclosure", "director-notes")
    async def test_fields_are_named_as_the_api_names_them(self, drive, vendor, check):
        notes = {"presetStyle": "warm", "expressivity": 0.5}
        await drive.started(
            avatar_model="cara-4", video_width=1152, video_height=768, show_ai_avatar_disclosure=True, director_notes=notes
        )
        body = vendor.journal.entries[0].body
        persona = ["avatarId", "avatarModel", "directorNotes", "llmId", "name", "type"]
        check("anam.body.names", sorted(body["personaConfig"]), persona, "fields of personaConfig with every option set")
        options = ["showAIAvatarDisclosure", "videoHeight", "videoWidth"]
        check(
            "anam.body.names", sorted(body.get("sessionOptions", {})), options, "fields of sessionOptions with every option set"
        )

    @rule("core.start.succeeds")
    @pytest.mark.parametrize("status", [200, 201])
    async def test_both_statuses_of_success(self, drive, vendor, check, status):
        vendor.set("success_status", status)
        outcome = await drive.started()
        check(
            "core.start.succeeds",
            outcome.ok["vendor_session"],
            next(iter(vendor.sessions)),
            f"the session id that the user sees, answered {status}",
        )

    @rule("anam.body.model")
    @needs("avatar-model")
    async def test_model_is_sent(self, drive, vendor, check):
        await drive.started(avatar_model="cara-4")
        check(
            "anam.body.model",
            at(vendor.journal.entries[0].body, "/personaConfig/avatarModel"),
            "cara-4",
            "personaConfig.avatarModel",
        )

    @rule("anam.avatar.unknown")
    async def test_unknown_avatar(self, drive, vendor, check):
        outcome = await drive.start(avatar_id=UNKNOWN)
        check(
            "anam.avatar.unknown",
            outcome.error and outcome.error.status,
            404,
            f"status of the error for an unknown avatar: {outcome}",
        )
        check("core.errors.no-retry", len(vendor.journal.calls("startSession")), 1, "engine calls for an unknown avatar")

    @rule("anam.auth.bearer")
    async def test_wrong_key(self, drive, check):
        drive.vendor = {**drive.vendor, "api_key": "not-a-key-of-ours"}
        outcome = await drive.start()
        check(
            "anam.auth.bearer",
            outcome.error and outcome.error.status,
            401,
            f"status of the error for a wrong key: {outcome}",
        )


class TestDisclosure(Cases):
    """The watermark that says: this is an AI avatar. Spelled with a capital AI."""

    traits = ANAM

    @rule("core.options.disclosure")
    @needs("disclosure")
    @pytest.mark.parametrize("shown", [True, False])
    async def test_sent_when_set(self, drive, vendor, check, shown):
        await drive.started("anam.disclosure.type", show_ai_avatar_disclosure=shown)
        sent = vendor.journal.entries[0].body.get("sessionOptions")
        check("core.options.disclosure", sent, {"showAIAvatarDisclosure": shown}, "sessionOptions with the disclosure alone")

    @rule("core.options.disclosure")
    @needs("disclosure", "video-size")
    @pytest.mark.parametrize("shown", [True, None], ids=["set", "unset"])
    async def test_beside_a_size(self, drive, vendor, check, shown):
        await drive.started(show_ai_avatar_disclosure=shown, video_width=1152, video_height=768)
        sent = vendor.journal.entries[0].body.get("sessionOptions", {})
        told = sent.get("showAIAvatarDisclosure")
        check("core.options.disclosure", told, shown, f"the disclosure beside a size, asked for as {shown}: {sent}")
        sizes = sorted(name for name in sent if name != "showAIAvatarDisclosure")
        check("core.size.forwarded", sizes, ["videoHeight", "videoWidth"], "the size's fields beside the disclosure")


class TestDirectorNotes(Cases):
    """How the avatar shall act."""

    traits = ANAM

    @rule("anam.notes.optional")
    @needs("director-notes")
    async def test_empty_notes_are_dropped(self, drive, vendor, check):
        await drive.started(director_notes={})
        check(
            "anam.notes.optional",
            "directorNotes" in vendor.journal.entries[0].body["personaConfig"],
            False,
            "whether empty notes are sent",
        )

    @rule("anam.notes.optional")
    @needs("director-notes")
    async def test_zero_is_kept(self, drive, vendor, check):
        await drive.started(director_notes={"expressivity": 0})
        check(
            "anam.notes.optional",
            at(vendor.journal.entries[0].body, "/personaConfig/directorNotes"),
            {"expressivity": 0},
            "directorNotes with expressivity 0",
        )

    @rule("core.options.director-notes")
    @needs("director-notes")
    async def test_preset_is_sent(self, drive, vendor, check):
        await drive.started(director_notes={"presetStyle": "warm", "expressivity": 0.8})
        expected = {"presetStyle": "warm", "expressivity": 0.8}
        check(
            "core.options.director-notes",
            at(vendor.journal.entries[0].body, "/personaConfig/directorNotes"),
            expected,
            "directorNotes",
        )

    @pytest.mark.parametrize(
        "notes",
        [
            pytest.param({"expressivity": 1.5}, marks=rule("anam.notes.expressivity"), id="too-expressive"),
            pytest.param({"expressivity": -0.1}, marks=rule("anam.notes.expressivity"), id="negative"),
            pytest.param({"presetStyle": "laughter"}, marks=rule("anam.notes.preset"), id="cue-only-preset"),
            pytest.param(
                {"presetStyle": "warm", "customStylePrompt": "slowly"},
                marks=rule("anam.notes.exclusive"),
                id="both-styles",
            ),
            pytest.param({"customStylePrompt": "x" * 2001}, marks=rule("anam.notes.length"), id="too-long"),
        ],
    )
    @needs("director-notes")
    async def test_bad_notes_are_refused(self, drive, vendor, check, notes, request):
        outcome = await drive.start(director_notes=notes)
        broken = request.node.get_closest_marker("rule").args[0]
        check(broken, refused(outcome, vendor), True, f"whether bad notes end as an error: {outcome}")
        check(
            "core.errors.no-retry",
            len(vendor.journal.entries) <= 2,
            True,
            "whether a refusal is asked for once (twice with two calls)",
        )
