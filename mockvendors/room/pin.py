"""The version of LiveKit, read from its one place: the image of docker-compose.yml."""

from functools import cache

import yaml

from mockvendors import paths
from mockvendors.errors import HarnessFault


@cache
def image() -> str:
    """Return the pinned image, like "livekit/livekit-server:v1.11.0"."""
    file = paths.compose_file()
    try:
        pinned = yaml.safe_load(file.read_text())["services"]["livekit"]["image"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as why:
        raise HarnessFault(f"{file} names no image for the service livekit ({why!r})") from why
    if not isinstance(pinned, str) or ":v" not in pinned:
        raise HarnessFault(f"{file} pins {pinned!r} for livekit, which has no tag like v1.11.0")
    return pinned


def version() -> str:
    """Return the pinned version, like "1.11.0"."""
    return image().rpartition(":v")[2]
