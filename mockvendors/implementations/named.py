"""The names of modules, and of the packages that they are published in."""


def is_module(name: str) -> bool:
    """Tell whether a text can be imported by its looks: `livekit.plugins.anam`."""
    return all(part.isidentifier() for part in name.split("."))


def package(module: str) -> str:
    """Return the name under which a plugin's module is published: `livekit.plugins.anam` is livekit-plugins-anam."""
    return module.replace(".", "-").replace("_", "-")
