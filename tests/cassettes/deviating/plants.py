"""The ten plants, one a kind of drift."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from mockvendors.replies import Reply

Edit = tuple[str, str]
"""A text that stands in the contract's file once, and what it becomes."""
Change = Callable[[Reply], Reply]


@dataclass(frozen=True)
class Plant:
    """One way in which the vendor differs from our contract."""

    name: str
    edits: tuple[Edit, ...]
    finding: tuple[str, str]
    """What drift is to call it, and the statement of our contract that has to change."""
    replies: Mapping[str, Change] = field(default_factory=dict)
    """By operation."""
    errors: Mapping[int, Change] = field(default_factory=dict)
    """By status."""


def _renamed(old: str, new: str) -> Change:
    return lambda reply: replace(reply, body={new if name == old else name: value for name, value in reply.body.items()})


def _without(name: str) -> Change:
    return lambda reply: replace(reply, body={key: value for key, value in reply.body.items() if key != name})


def _each(change: Change) -> Change:
    return lambda reply: replace(reply, body={"data": [change(Reply(200, row)).body for row in reply.body["data"]]})


def _fps_as_text(reply: Reply) -> Reply:
    persona = reply.body["personaConfig"]
    return replace(reply, body={**reply.body, "personaConfig": {**persona, "fps": str(persona["fps"])}})


def _problem(reply: Reply) -> Reply:
    return replace(reply, content_type="application/problem+json")


PLANTS = (
    Plant(
        "another status",
        (
            (
                'status: 400, error: Bad request,\n     text: "presetStyle',
                'status: 422, error: Bad request,\n     text: "presetStyle',
            ),
            ('        "402": {$ref', '        "422": {$ref: "#/components/responses/BadRequest"}\n        "402": {$ref'),
        ),
        ("status", "anam.notes.preset"),
    ),
    Plant(
        "another error text",
        (
            (
                'status: 404, error: Not found,\n     text: "An avatar',
                'status: 404, error: No such avatar,\n     text: "An avatar',
            ),
        ),
        ("text", "anam.avatar.unknown"),
    ),
    Plant(
        "an accepted half pair",
        (("      dependentRequired: {videoWidth: [videoHeight], videoHeight: [videoWidth]}\n", ""),),
        ("accepted", "anam.size.both-or-neither"),
    ),
    Plant(
        "another default size",
        (
            (
                "    cara-3:\n      default: 720x480\n      ignores: *no_notes\n      pairs:\n        720x480:",
                "    cara-3:\n      default: 768x512\n      ignores: *no_notes\n      pairs:\n        768x512:",
            ),
        ),
        ("refused", "anam.field.SessionOptions.videoHeight"),
    ),
    Plant(
        "an extra required request field",
        (("      x-rule: anam.body.persona\n      if:", "      x-rule: anam.body.persona\n      required: [name]\n      if:"),),
        ("refused", "anam.field.PersonaConfig.name"),
    ),
    Plant(
        "another limit",
        (("maxLength: 2000", "maxLength: 500"),),
        ("refused", "anam.field.DirectorNotes.customStylePrompt"),
    ),
    Plant(
        "a renamed field in a reply",
        (
            ("canStartSession, estimatedWaitSeconds]", "canStartSession, waitSeconds]"),
            ("        estimatedWaitSeconds: {type", "        waitSeconds: {type"),
        ),
        ("renamed", "anam.field.Concurrency.estimatedWaitSeconds"),
        {"getConcurrency": _renamed("estimatedWaitSeconds", "waitSeconds")},
    ),
    Plant(
        "a missing field in a reply",
        (("displayName, variantName, availableVersions", "displayName, availableVersions"),),
        ("missing", "anam.field.Avatar.variantName"),
        {"getAvatar": _without("variantName"), "listAvatars": _each(_without("variantName"))},
    ),
    Plant(
        "another type in a reply",
        (("fps: {type: integer", "fps: {type: string"),),
        ("type", "anam.field.Session.personaConfig.fps"),
        {"getSession": _fps_as_text, "stopSession": _fps_as_text, "listSessions": _each(_fps_as_text)},
    ),
    Plant(
        "a changed header",
        (),
        ("header", "anam.session.running"),
        errors={409: _problem},
    ),
)
