"""How the driver makes an avatar session of an Anam plugin for LiveKit Agents. Runs in the plugin's environment."""

NEEDED = {
    "AvatarSession": "the class whose start() asks the vendor for an avatar",
    "PersonaConfig": "the dataclass that holds the avatar: name, avatarId",
    "__version__": 'a text like "1.8.9", which tells what the plugin can do; or CAPABILITIES, the set of names that says it',
}
"""What a plugin cannot be driven without. SessionOptions and DirectorNotes are found where it has them."""


def lacking(plugin):
    """Return a line for each thing that is missing."""
    told = {name for name in NEEDED if hasattr(plugin, name)}
    if hasattr(plugin, "CAPABILITIES"):
        told.add("__version__")
    return [f"  {name}: {what}" for name, what in NEEDED.items() if name not in told]


def capabilities(plugin):
    """Say what this version of the plugin can do; each name is a `needs=` of a case. A module's own CAPABILITIES come first."""
    if lines := lacking(plugin):
        raise TypeError("\n".join(["it lacks", *lines]))
    if hasattr(plugin, "CAPABILITIES"):
        return set(plugin.CAPABILITIES)
    found = {"start", "speak", "interrupt", "close", "connection-options", "audio.datastream"}
    version = tuple(int(part) for part in plugin.__version__.split(".")[:3])
    found.add("call.one" if version >= (1, 8, 1) else "call.two")
    if hasattr(plugin.AvatarSession, "wait_for_join"):
        found.add("wait-for-join")
    if hasattr(plugin, "SessionOptions"):
        found.add("video-size")
        if "show_ai_avatar_disclosure" in plugin.SessionOptions.__dataclass_fields__:
            found.add("disclosure")
    if "avatarModel" in plugin.PersonaConfig.__dataclass_fields__:
        found.add("avatar-model")
    if hasattr(plugin, "DirectorNotes"):
        found.add("director-notes")
    if version >= (1, 8, 9):
        found.add("playback-started")
    return found


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
        if not hasattr(plugin, "SessionOptions"):
            raise NotImplementedError("this version has no session options")
        arguments["session_options"] = plugin.SessionOptions(**output)
    if connection is not None:
        arguments["conn_options"] = connection
    for name in ("avatar_participant_identity", "avatar_participant_name"):
        if name in options:
            arguments[name] = options[name]
    return plugin.AvatarSession(**arguments)
