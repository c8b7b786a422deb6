"""What the plugin sends to start an avatar."""

import pytest

from mockvendors.conformance.base import Cases, needs, rule
from mockvendors.conformance.options import drops, refuses, sends
from mockvendors.conformance.request import RequestCases

from .traits import ANAM


class TestRequest(RequestCases):
    traits = ANAM

    test_key_goes_as_bearer = RequestCases.test_key_goes_in_its_header
    test_key_goes_in_its_header = None  # the same case by the name that reports of this vendor know

    @rule("anam.call.two")
    @needs("call.two")
    async def test_token_call_then_engine_call(self, drive, vendor, check):
        await drive.started()
        calls = [entry.operation for entry in vendor.journal.entries]
        check("anam.call.two", calls, ["createSessionToken", "startSession"], "calls of one start")
        check("anam.call.two", vendor.journal.calls("startSession")[0].body, {}, "the body of the second call")


class TestDisclosure(Cases):
    """The watermark that says: this is an AI avatar. Spelled with a capital AI."""

    traits = ANAM

    test_sent_when_set = sends(
        "show_ai_avatar_disclosure", True, False, by="core.options.disclosure", accepted="anam.disclosure.type"
    )

    @rule("core.options.disclosure")
    @needs("disclosure", "video-size")
    @pytest.mark.parametrize("shown", [True, None], ids=["set", "unset"])
    async def test_beside_a_size(self, drive, vendor, check, shown):
        await drive.started(show_ai_avatar_disclosure=shown, video_width=1152, video_height=768)
        sent = self.body(vendor).get("sessionOptions", {})
        told = sent.get("showAIAvatarDisclosure")
        check("core.options.disclosure", told, shown, f"the disclosure beside a size, asked for as {shown}: {sent}")
        sizes = sorted(name for name in sent if name != "showAIAvatarDisclosure")
        check("core.size.forwarded", sizes, ["videoHeight", "videoWidth"], "the size's fields beside the disclosure")


class TestDirectorNotes(Cases):
    """How the avatar shall act."""

    traits = ANAM

    test_empty_notes_are_dropped = drops("director_notes", {}, by="anam.notes.optional")
    test_zero_is_kept = sends("director_notes", {"expressivity": 0}, by="anam.notes.optional")
    test_preset_is_sent = sends("director_notes", {"presetStyle": "warm", "expressivity": 0.8}, by="core.options.director-notes")
    test_bad_notes_are_refused = refuses(
        "director_notes",
        {
            "too-expressive": ("anam.notes.expressivity", {"expressivity": 1.5}),
            "negative": ("anam.notes.expressivity", {"expressivity": -0.1}),
            "cue-only-preset": ("anam.notes.preset", {"presetStyle": "laughter"}),
            "both-styles": ("anam.notes.exclusive", {"presetStyle": "warm", "customStylePrompt": "slowly"}),
            "too-long": ("anam.notes.length", {"customStylePrompt": "x" * 2001}),
        },
    )
