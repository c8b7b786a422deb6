"""How the driver makes an avatar session of an Anam plugin for LiveKit Agents. Runs in the plugin's environment."""

import difflib
import inspect
import re

NEEDED = {
    "AvatarSession": "the class whose start() asks the vendor for an avatar",
    "PersonaConfig": "the dataclass that holds the avatar: name, avatarId",
    "__version__": 'a text like "1.8.9", which tells what the plugin can do; or CAPABILITIES, the set of names that says it',
}
"""What a plugin cannot be driven without. SessionOptions and DirectorNotes are found where it has them."""

CAPABILITIES = {
    "call.one": "starts with one call; since 1.8.1",
    "call.two": "starts with a session token, and one call with it; before 1.8.1",
    "connection-options": "AvatarSession takes conn_options",
    "avatar-identity": "AvatarSession takes avatar_participant_identity",
    "avatar-name": "AvatarSession takes avatar_participant_name",
    "avatar-model": "PersonaConfig has avatarModel",
    "director-notes": "the module has DirectorNotes, and PersonaConfig directorNotes",
    "video-size": "SessionOptions has video_width and video_height",
    "disclosure": "SessionOptions has show_ai_avatar_disclosure",
    "wait-for-join": "AvatarSession has wait_for_join",
    "playback-started": "the agent speaks when the avatar reports its start, and not before; since 1.8.9",
}
"""What a plugin may offer and may lack, and how that is seen where it does not say so itself."""

ARGUMENTS = {
    "connection-options": "conn_options",
    "avatar-identity": "avatar_participant_identity",
    "avatar-name": "avatar_participant_name",
}
"""Capabilities that are an argument of AvatarSession."""


def lacking(plugin):
    """Return a line for each thing that is missing."""
    told = {name for name in NEEDED if hasattr(plugin, name)}
    if hasattr(plugin, "CAPABILITIES"):
        told.add("__version__")
    return [f"  {name}: {what}" for name, what in NEEDED.items() if name not in told]


def capabilities(plugin):
    """Say what this version of the plugin can do; each name is a `needs` of a case. A module's own CAPABILITIES come first."""
    if lines := lacking(plugin):
        raise TypeError("\n".join(["it lacks", *lines]))
    return claimed(plugin.CAPABILITIES) if hasattr(plugin, "CAPABILITIES") else seen(plugin)


def claimed(names):
    """Return what the plugin says itself; of a name that no case knows nothing would come, and nobody would be told."""
    if not isinstance(names, (set, frozenset, list, tuple)) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"CAPABILITIES is {names!r:.80}, and not a set of names")
    for name in sorted(set(names) - set(CAPABILITIES)):
        near = difflib.get_close_matches(name, CAPABILITIES, 1)
        remedy = f"Nearest: {near[0]}" if near else f"Known: {', '.join(CAPABILITIES)}"
        raise ValueError(f"CAPABILITIES names {name!r}, which no case knows. {remedy}")
    return set(names)


def seen(plugin):
    """Return what can be seen from the plugin's names and version."""
    numbers = version(plugin)
    found = {name for name, argument in ARGUMENTS.items() if takes(plugin.AvatarSession, argument)}
    found.add("call.one" if numbers >= (1, 8, 1) else "call.two")
    if hasattr(plugin.AvatarSession, "wait_for_join"):
        found.add("wait-for-join")
    if hasattr(plugin, "SessionOptions"):
        if takes(plugin.SessionOptions, "video_width") or takes(plugin.SessionOptions, "video_height"):
            found.add("video-size")
        if takes(plugin.SessionOptions, "show_ai_avatar_disclosure"):
            found.add("disclosure")
    if takes(plugin.PersonaConfig, "avatarModel"):
        found.add("avatar-model")
    if hasattr(plugin, "DirectorNotes"):
        found.add("director-notes")
    if numbers >= (1, 8, 9):
        found.add("playback-started")
    return found


def version(plugin):
    """Return up to three numbers: of `1.9.0rc1` and of `1.9.0+fork` those of 1.9.0."""
    digits = re.match(r"v?(\d+(?:\.\d+){0,2})", str(plugin.__version__))
    if digits is None:
        raise ValueError(
            f"__version__ is {plugin.__version__!r}, which begins with no number: write it like 1.8.9, or offer CAPABILITIES, "
            "the set of names that says what the plugin can do"
        )
    return tuple(int(number) for number in digits[1].split("."))


def takes(kind, argument):
    """Tell whether a class can be made with that argument. Raises TypeError of what is no class."""
    if not callable(kind):
        raise TypeError(f"{kind!r:.80} stands where a class is looked for")
    try:
        given = inspect.signature(kind).parameters.values()
    except (TypeError, ValueError) as exc:
        raise TypeError(f"{kind!r:.80} does not say what it takes: {exc}") from exc
    return any(each.name == argument or each.kind is each.VAR_KEYWORD for each in given)


def make(plugin, options, vendor, connection):
    """Return the plugin's `AvatarSession` for these options."""
    persona = {"name": options["name"], "avatarId": options["avatar_id"]}
    if "avatar_model" in options:
        persona["avatarModel"] = options["avatar_model"]
    if "director_notes" in options:
        persona["directorNotes"] = plugin.DirectorNotes(**options["director_notes"])
    arguments = {"persona_config": plugin.PersonaConfig(**persona)}
    for name, field in (("api_url", "base_url"), ("api_key", "api_key")):  # what is not given, the environment may tell
        if vendor.get(field) is not None:
            arguments[name] = vendor[field]
    output = {name: options[name] for name in ("video_width", "video_height", "show_ai_avatar_disclosure") if name in options}
    if output:
        arguments["session_options"] = plugin.SessionOptions(**output)
    if connection is not None:
        arguments["conn_options"] = connection
    for name in ("avatar_participant_identity", "avatar_participant_name"):
        if name in options:
            arguments[name] = options[name]
    return plugin.AvatarSession(**arguments)
