"""What the body of a start breaks, one line a rule, read off the texts and evidence of contracts/anam/contract.yaml.

Each function takes the whole configuration, which may be any JSON object, and says whether the rule is broken.
"""

import re
from collections.abc import Callable
from typing import Any

Config = dict[str, Any]
PRESETS = ("happy", "warm", "playful", "supportive", "sad", "angry", "distressed")
ADDRESS = re.compile(r"(ws|wss|http|https)://[^/]")
ABSENT = object()


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_integer(value: object) -> bool:
    """A whole number, however it is written: JSON does not tell 1 from 1.0."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())  # type: ignore[attr-defined]


def is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def part(config: Config, name: str) -> Config:
    """Return an object of the configuration; {} where it is absent or something else."""
    value = config.get(name)
    return value if isinstance(value, dict) else {}


def persona(config: Config) -> Config:
    return part(config, "personaConfig")


def options(config: Config) -> Config:
    return part(config, "sessionOptions")


def notes(config: Config) -> Config:
    return part(persona(config), "directorNotes")


def no_persona(config: Config) -> bool:
    if not isinstance(config.get("personaConfig"), dict):
        return True
    name = persona(config).get("personaId")
    if name is None:
        return not is_name(persona(config).get("avatarId"))
    return not is_name(name)


def wrong_environment(config: Config) -> bool:
    value = config.get("environment")
    if value is None:
        return False
    if not isinstance(value, dict):
        return True
    url, token = value.get("livekitUrl", ABSENT), value.get("livekitToken", ABSENT)
    if url is ABSENT and token is ABSENT:
        return False
    return not (isinstance(url, str) and ADDRESS.match(url) and is_name(token))


def wrong_size_type(config: Config) -> bool:
    sent = [options(config).get(name) for name in ("videoWidth", "videoHeight")]
    return any(value is not None and not (is_integer(value) and value > 0) for value in sent)


def half_pair(config: Config) -> bool:
    width, height = (options(config).get(name, ABSENT) for name in ("videoWidth", "videoHeight"))
    return (width is ABSENT) != (height is ABSENT) or (width is None) != (height is None)


def wrong_region(config: Config) -> bool:
    region, policy = options(config).get("region"), options(config).get("regionPolicy")
    wrong_type = not (region is None or isinstance(region, str)) or policy not in (None, "preferred", "strict")
    return wrong_type or (policy == "strict" and region is None)


def both_styles(config: Config) -> bool:
    return notes(config).get("presetStyle") is not None and notes(config).get("customStylePrompt") is not None


def wrong_expressivity(config: Config) -> bool:
    value = notes(config).get("expressivity")
    return value is not None and not (is_number(value) and 0 <= value <= 1)


def wrong_length(config: Config) -> bool:
    value = persona(config).get("maxSessionLengthSeconds")
    return value is not None and not (is_number(value) and value > 0)


def neither(*kinds: type) -> Callable[[object], bool]:
    """Return a test of values that are of none of these types, and not null."""
    return lambda value: value is not None and not isinstance(value, kinds)


BROKEN: dict[str, Callable[[Config], bool]] = {
    # The type of what is beside the three parts has no rule of its own: it is part of what a body is.
    "anam.body.json": lambda c: neither(str)(c.get("clientLabel")) or neither(dict)(c.get("clientMetadata")),
    "anam.body.persona": no_persona,
    "anam.body.environment": wrong_environment,
    "anam.body.session-options": lambda c: (
        neither(dict)(c.get("sessionOptions")) or any(neither(dict)(options(c).get(n)) for n in ("sessionReplay", "egress"))
    ),
    "anam.session.region": wrong_region,
    "anam.session.quality": lambda c: options(c).get("videoQuality") not in (None, "high", "auto"),
    "anam.size.type": wrong_size_type,
    "anam.size.both-or-neither": half_pair,
    "anam.avatar.model-name": lambda c: neither(str)(persona(c).get("avatarModel")),
    "anam.notes.type": lambda c: (
        neither(dict)(persona(c).get("directorNotes")) or neither(str)(notes(c).get("customStylePrompt"))
    ),
    "anam.notes.expressivity": wrong_expressivity,
    "anam.notes.preset": lambda c: notes(c).get("presetStyle") not in (None, *PRESETS),
    "anam.notes.exclusive": both_styles,
    "anam.notes.length": lambda c: isinstance(t := notes(c).get("customStylePrompt"), str) and len(t) > 2000,
    "anam.disclosure.type": lambda c: neither(bool)(options(c).get("showAIAvatarDisclosure")),
    "anam.session.length-type": wrong_length,
}


def broken(config: Config) -> set[str]:
    """Return the rules of the schema that a configuration breaks."""
    return {rule for rule, is_broken in BROKEN.items() if is_broken(config)}
