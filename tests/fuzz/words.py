"""What a refusal says where its words are known: the vendor's own, or what its client needs to go on."""

from .defect import Defect
from .oracle import Expected, Oracle
from .rules import is_integer, options, persona
from .wire import Got

RULE = "x-mockvendors-rule"


def check(oracle: Oracle, got: Got, expected: Expected) -> None:
    """Raise Defect where the message of a refusal does not say what it has to."""
    named, message = got.headers.get(RULE), got.json["message"]
    missing = [text for text in _due(oracle, named, expected) if text not in message]
    if missing:
        raise Defect("wrong words", f"{message!r} of {named} does not say {missing[0]!r}")


def _due(oracle: Oracle, named: str | None, expected: Expected) -> list[str]:
    """Return texts that the message must hold: measured of an unknown avatar (E16); of a pair, itself and those supported."""
    if named == "anam.avatar.unknown":
        name = expected.params.get("id") if expected.config is None else _avatar(dict(expected.config))
        return [] if name is None else [f"Avatar with id {name} does not exist."]
    if named == "anam.size.pair" and expected.config is not None:
        pair = [options(dict(expected.config)).get(name) for name in ("videoWidth", "videoHeight")]
        asked = [str(number) for number in pair if is_integer(number) and abs(number) < 10**9 and isinstance(number, int)]
        return [*asked, *oracle.tables["sizes"].get(expected.model, {}).get("pairs", ())]
    return []


def _avatar(config: dict[str, object]) -> str | None:
    """Return the avatar that a start asks for by its id; None where it names a persona."""
    name = persona(config).get("avatarId")
    return name if persona(config).get("personaId") is None and isinstance(name, str) else None
