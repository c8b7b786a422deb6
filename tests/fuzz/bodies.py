"""Bodies of a start, made from the contract's tables: right ones, then spoilt in a way or two."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

Tables = Mapping[str, Any]
Draw = st.DrawFn
JOIN = "the-join-token-of-somebodys-room"
"""A livekitToken: a secret, and long enough to be known again."""
REFUSED_PAIRS = [(720, 1280), (768, 1536), (768, 1344), (576, 1152)]
"""Measured as refused on Cara 4 (E15)."""
TRASH = [None, True, False, 0, 1, -1, 1.5, "", "text", [], {}, ["text"], {"a": 1}, 10**30, 1e300, "\x00", "ä\U0001f600"]
MODELS = ["cara-2", "cara-3", "cara-4", "cara-4-latest", "cara-5", "CARA-4", "cara-4 ", ""]
trash = st.sampled_from(TRASH)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.text("abcXYZ019-._~", min_size=1, max_size=20)
"""Of sessions and avatars that nobody has."""
numbers = st.one_of(st.integers(-2, 3000), st.floats(allow_nan=False, allow_infinity=False), trash)


def pairs(sizes: Tables) -> list[tuple[int, int]]:
    """Return every pair of the table."""
    found = {tuple(int(number) for number in pair.split("x")) for row in sizes.values() for pair in row["pairs"]}
    return sorted(found)  # type: ignore[arg-type]


@st.composite
def right(draw: Draw, tables: Tables) -> dict[str, Any]:
    """Return a body that keeps all rules of schema and tables."""
    avatar = draw(st.sampled_from(sorted(tables["avatars"])))
    persona: dict[str, Any] = {"avatarId": avatar}
    if draw(st.integers(0, 4)) == 4:
        name = draw(st.sampled_from(sorted(tables["personas"])))
        avatar = tables["personas"][name]["avatarId"]
        persona = draw(
            st.sampled_from([{"personaId": name}, {"personaId": name, "avatarId": None}, {**persona, "personaId": name}])
        )
    row = tables["avatars"][avatar]
    model = draw(st.sampled_from([None, *row["availableVersions"]]))
    if model is not None:
        persona = {**persona, "avatarModel": model}
    size = draw(st.sampled_from(pairs({"": tables["sizes"][model or row["activeVersion"]]})))
    parts = draw(st.sets(st.sampled_from(["size", "options", "environment", "notes", "label", "more"])))
    body: dict[str, Any] = {"personaConfig": persona}
    if "notes" in parts:
        persona["directorNotes"] = draw(_notes())
    if "more" in parts:
        persona.update(draw(_more()))
    if parts & {"size", "options"}:
        body["sessionOptions"] = draw(_options()) if "options" in parts else {}
    if "size" in parts:
        body["sessionOptions"].update(zip(("videoWidth", "videoHeight"), size, strict=True))
    if "environment" in parts:
        body["environment"] = draw(_environment())
    if "label" in parts:
        body.update(draw(_label()))
    return body


def _notes() -> st.SearchStrategy[Any]:
    style = st.sampled_from([{"presetStyle": "warm"}, {"presetStyle": None}, {"customStylePrompt": "x" * 2000}, {}])
    return st.builds(
        lambda one, other: {**one, **other}, style, st.sampled_from([{}, {"expressivity": 0}, {"expressivity": 1.0}])
    )


def _more() -> st.SearchStrategy[dict[str, Any]]:
    optional = {
        "type": trash,
        "name": trash,
        "llmId": trash,
        "voiceId": trash,
        "maxSessionLengthSeconds": st.sampled_from([None, 0.001, 1, 59.5, 3600, 1e9]),
        "unknown": trash,
    }
    return st.fixed_dictionaries({}, optional=optional)


def _options() -> st.SearchStrategy[dict[str, Any]]:
    optional = {
        "showAIAvatarDisclosure": st.sampled_from([True, False, None]),
        "videoQuality": st.sampled_from(["high", "auto", None]),
        "region": st.sampled_from(["eu", "", None]),
        "regionPolicy": st.sampled_from(["preferred", None]),
        "sessionReplay": st.sampled_from([{"enableSessionReplay": False}, {}, None]),
        "egress": st.sampled_from([{"mode": "daily"}, None]),
        "unknown": trash,
    }
    return st.fixed_dictionaries({}, optional=optional)


def _environment() -> st.SearchStrategy[Any]:
    address = st.sampled_from(["ws://127.0.0.1:7880", "wss://example.livekit.cloud", "http://127.0.0.1", "https://[::1]/x"])
    room = st.fixed_dictionaries({"livekitUrl": address, "livekitToken": st.sampled_from([JOIN, "e" * 900])})
    return st.one_of(room, st.sampled_from([None, {}, {"unknown": 1}]))


def _label() -> st.SearchStrategy[dict[str, Any]]:
    metadata = st.sampled_from([{"client": "sdk", "version": "1"}, {}, None])
    return st.fixed_dictionaries(
        {}, optional={"clientLabel": st.one_of(st.none(), texts), "clientMetadata": metadata, "x": trash}
    )


def into(body: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    """Set a copy of a value in a body, making objects on the way."""
    node = body
    for name in path[:-1]:
        if not isinstance(node.get(name), dict):
            node[name] = {}
        node = node[name]
    node[path[-1]] = copy.deepcopy(value)


def _field(*path: str, values: st.SearchStrategy[Any] = trash) -> Callable[[Draw, dict[str, Any], Tables], None]:
    """Return a way to spoil a body by one field's value."""
    return lambda draw, body, _: into(body, path, draw(values))


def _other_pair(draw: Draw, body: dict[str, Any], tables: Tables) -> None:
    anything = st.tuples(st.integers(1, 4000), st.integers(1, 4000))
    width, height = draw(st.one_of(st.sampled_from([*pairs(tables["sizes"]), *REFUSED_PAIRS]), anything))
    into(body, ("sessionOptions", "videoWidth"), width)
    into(body, ("sessionOptions", "videoHeight"), height)


def _half_pair(draw: Draw, body: dict[str, Any], tables: Tables) -> None:
    _other_pair(draw, body, tables)
    name = draw(st.sampled_from(["videoWidth", "videoHeight"]))
    if draw(st.booleans()):
        body["sessionOptions"][name] = None
    else:
        del body["sessionOptions"][name]


def _no_avatar(draw: Draw, body: dict[str, Any], _: Tables) -> None:
    for name in draw(st.sampled_from([("personaId",), ("avatarId",), ("personaId", "avatarId")])):
        if isinstance(body.get("personaConfig"), dict):
            body["personaConfig"].pop(name, None)


def _half_room(draw: Draw, body: dict[str, Any], _: Tables) -> None:
    body["environment"] = draw(st.sampled_from([{"livekitUrl": "ws://x"}, {"livekitToken": JOIN}]))


def _loud(draw: Draw, body: dict[str, Any], _: Tables) -> None:
    styles = st.sampled_from(["happy", "laughter", None])
    prompts = st.sampled_from(["x", "\U0001f600" * 2000, "x" * 2001, None])
    notes = {"presetStyle": draw(styles), "customStylePrompt": draw(prompts)}
    into(body, ("personaConfig", "directorNotes"), notes)


def _strict(draw: Draw, body: dict[str, Any], _: Tables) -> None:
    into(body, ("sessionOptions", "regionPolicy"), "strict")
    if draw(st.booleans()):
        body["sessionOptions"].pop("region", None)


WAYS: dict[str, Callable[[Draw, dict[str, Any], Tables], None]] = {
    "other pair": _other_pair,
    "half pair": _half_pair,
    "width": _field("sessionOptions", "videoWidth", values=numbers),
    "height": _field("sessionOptions", "videoHeight", values=numbers),
    "no avatar": _no_avatar,
    "avatar": _field("personaConfig", "avatarId", values=st.one_of(trash, texts)),
    "persona": _field("personaConfig", "personaId", values=st.one_of(trash, texts)),
    "model": _field(
        "personaConfig",
        "avatarModel",
        values=st.one_of(
            trash, st.sampled_from(["cara-2", "cara-3", "cara-4", "cara-4-latest", "cara-5", "CARA-4", "cara-4 ", ""])
        ),
    ),
    "length": _field("personaConfig", "maxSessionLengthSeconds", values=st.one_of(numbers, st.sampled_from([1e308, 10**400]))),
    "notes": _field("personaConfig", "directorNotes"),
    "loud notes": _loud,
    "expressivity": _field("personaConfig", "directorNotes", "expressivity", values=numbers),
    "preset": _field("personaConfig", "directorNotes", "presetStyle"),
    "prompt": _field("personaConfig", "directorNotes", "customStylePrompt"),
    "personaConfig": _field("personaConfig"),
    "sessionOptions": _field("sessionOptions"),
    "disclosure": _field("sessionOptions", "showAIAvatarDisclosure"),
    "quality": _field("sessionOptions", "videoQuality", values=st.one_of(trash, st.just("low"))),
    "strict": _strict,
    "region": _field("sessionOptions", "region"),
    "policy": _field("sessionOptions", "regionPolicy"),
    "replay": _field("sessionOptions", "sessionReplay"),
    "egress": _field("sessionOptions", "egress"),
    "environment": _field("environment"),
    "half room": _half_room,
    "address": _field(
        "environment",
        values=st.fixed_dictionaries(
            {
                "livekitUrl": st.sampled_from(["ws:/x", "ftp://x", "ws://", "ws:///x", "x", "", None, 7, " ws://x", "ws://\n"]),
                "livekitToken": st.sampled_from([JOIN, "", None, 7]),
            }
        ),
    ),
    "label": _field("clientLabel"),
    "metadata": _field("clientMetadata"),
}


@st.composite
def spoilt(draw: Draw, tables: Tables, *ways: str) -> dict[str, Any]:
    """Return a body of a start that is spoilt in these ways."""
    body = copy.deepcopy(draw(right(tables)))
    for way in ways:
        WAYS[way](draw, body, tables)
    return body


def bodies(tables: Tables) -> st.SearchStrategy[dict[str, Any]]:
    """Return bodies of a start: one in three is right, the others are spoilt in two ways."""
    two = st.lists(st.sampled_from(sorted(WAYS)), min_size=2, max_size=2, unique=True)
    mixed = two.flatmap(lambda ways: spoilt(tables, *ways))
    return st.one_of(right(tables), mixed, mixed)
