"""How the driver makes an avatar session of Acme's plugin. Runs in the plugin's environment: nothing of mockvendors is there."""

ARGUMENTS = {"face": "face", "mood": "mood", "video_width": "width", "video_height": "height"}
"""What the cases call an option, and what the plugin does."""


def capabilities(plugin):
    """Say what this version of the plugin can do; each name is a `needs` of a case."""
    return {"connection-options", "wait-for-join", "playback-started", "mood", "video-size"}


def make(plugin, options, vendor, connection):
    """Return the plugin's `AvatarSession` for these options; what is not given, the environment may tell."""
    arguments = {ARGUMENTS[name]: value for name, value in options.items()}
    arguments |= {"api_url": vendor.get("base_url"), "api_key": vendor.get("api_key")}
    if connection is not None:
        arguments["conn_options"] = connection
    return plugin.AvatarSession(**arguments)
