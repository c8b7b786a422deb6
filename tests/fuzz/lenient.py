"""Mocks that take one thing just outside of a rule: what breaks it is put right before the vendor's own code sees it."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace as changed

from mockvendors.replies import Reply
from mockvendors.vendor import Call, Handler

from .harness import Spoil
from .spoil import wrapped

Part = dict[str, Any]


def mending(place: str, mend: Callable[[Part], Part]) -> Spoil:
    """Return what puts the object at a place of each start's body right before it is looked at."""

    async def start(handler: Handler, call: Call) -> Reply:
        body = call.body
        if isinstance(body, dict) and isinstance(body.get(place), dict):
            call = changed(call, body={**body, place: mend(dict(body[place]))})
        return await handler(call)

    return wrapped("startSession", start)


def _within_notes(mend: Callable[[Part], Part]) -> Callable[[Part], Part]:
    def mended(persona: Part) -> Part:
        notes = persona.get("directorNotes")
        return {**persona, "directorNotes": mend(dict(notes))} if isinstance(notes, dict) else persona

    return mended


def _without(part: Part, *names: str) -> Part:
    return {name: value for name, value in part.items() if name not in names}


def null_half(options: Part) -> Part:
    pair = [options.get(name, 0) for name in ("videoWidth", "videoHeight")]
    return _without(options, "videoWidth", "videoHeight") if None in pair and pair != [None, None] and 0 not in pair else options


def true_width(options: Part) -> Part:
    return _without(options, "videoWidth", "videoHeight") if options.get("videoWidth") is True else options


def strict_null(options: Part) -> Part:
    return (
        {**options, "region": "eu"} if options.get("regionPolicy") == "strict" and options.get("region", 1) is None else options
    )


def loud(notes: Part) -> Part:
    value = notes.get("expressivity")
    return {**notes, "expressivity": 1} if isinstance(value, float) and 1 < value < 2 else notes


def long(notes: Part) -> Part:
    prompt = notes.get("customStylePrompt")
    return {**notes, "customStylePrompt": "x"} if isinstance(prompt, str) and len(prompt) == 2001 else notes


def any_case(persona: Part) -> Part:
    model = persona.get("avatarModel")
    return {**persona, "avatarModel": model.lower()} if isinstance(model, str) else persona


def no_persona(persona: Part) -> Part:
    return _without(persona, "personaId") if persona.get("personaId") == "" else persona


def no_token(environment: Part) -> Part:
    return {**environment, "livekitToken": "x"} if environment.get("livekitToken") == "" else environment


MENDS: dict[str, tuple[str, Callable[[Part], Part]]] = {
    "takes a half pair with null": ("sessionOptions", null_half),
    "takes true as a width": ("sessionOptions", true_width),
    "takes strict with region null": ("sessionOptions", strict_null),
    "takes an expressivity of 1.5": ("personaConfig", _within_notes(loud)),
    "takes 2001 characters": ("personaConfig", _within_notes(long)),
    "takes CARA-4": ("personaConfig", any_case),
    "takes an empty personaId": ("personaConfig", no_persona),
    "takes an empty livekitToken": ("environment", no_token),
}
"""What is wrong -> the part of the body that is put right, and how."""
LENIENT = {wrong: mending(place, mend) for wrong, (place, mend) in MENDS.items()}
