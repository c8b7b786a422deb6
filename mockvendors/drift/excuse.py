"""Why answers that part are no drift: what the mock cannot know, and no recording tells."""

from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from mockvendors.cassettes.interaction import Answer, NotJson, Sent
from mockvendors.cassettes.standins import read_stand_in
from mockvendors.contract import Contract, Operation, Violation
from mockvendors.drift.concrete import Request
from mockvendors.drift.states import States
from mockvendors.evidence import of_the_moment

_CONTENT = ("pattern", "format", "enum", "const")
"""What a schema says of a text, and not of its length."""
_WRONG = HTTPStatus.BAD_REQUEST


@dataclass(frozen=True)
class Asked:
    """A request that was sent, and what is known of the state in which it was."""

    contract: Contract
    states: States
    operation: Operation | None
    request: Request
    recorded: Sent
    """As it stands in the recording."""
    told: str
    """The rule whose state the recorded answer tells; empty where it tells none."""
    first_use: bool
    """It comes with a session token that was given in this recording and not used before."""


def excuse(asked: Asked, recorded: Answer, mock: Answer, broken: tuple[str, ...]) -> str:
    """Return why a difference is none of the contract's; empty where it is."""
    return _of_the_vendor(asked, recorded, mock, broken) or _of_the_recording(asked, recorded, mock, broken)


def _of_the_vendor(asked: Asked, recorded: Answer, mock: Answer, broken: tuple[str, ...]) -> str:
    """Return which state of the vendor's the recorded answer tells that the mock cannot be brought into."""
    told, refusals = asked.told, asked.states.refusals
    if of_the_moment(recorded.status) and mock.status != recorded.status:
        return f"{recorded.status}: the service failed, and the mock fails only when asked to"
    if recorded.status == HTTPStatus.UNAUTHORIZED and mock.status != recorded.status and asked.first_use:
        return "its session token may have expired before it was used: recordings tell no times"
    if told not in refusals or told in broken:
        return ""
    if refusals[told] and mock.status < _WRONG:
        return f"{told} tells a state of the account which the mock does not ask for at this call"
    if not refusals[told] and asked.request.ids:
        return f"{told} tells of an id that is not from this recording"
    return ""


def _of_the_recording(asked: Asked, recorded: Answer, mock: Answer, broken: tuple[str, ...]) -> str:
    """Return what the mock refuses for something that is not in the recording."""
    if mock.status < _WRONG or (asked.told and asked.told in broken):
        return ""
    first = broken[0] if broken else ""
    if first in asked.states.passing:
        return f"{first} tells a state that may have ended by itself: recordings tell no times"
    if first in asked.states.refusals and asked.request.ids:
        return "it holds an id that is not from this recording, which the mock cannot know"
    if asked.request.unreadable:
        return "its body is not in the recording, only its length"
    if recorded.status >= _WRONG and not asked.told:
        return ""  # both refuse what is not in the recording
    hidden = next((violation.where for violation in _violations(asked) if _is_hidden(asked, violation)), "")
    return f"the text at {hidden} is not in the recording, only its length" if hidden else ""


def _violations(asked: Asked) -> tuple[Violation, ...]:
    try:
        body = asked.request.sent.json() if asked.request.sent.body else {}
    except NotJson:
        return ()
    return asked.operation.check_request(body) if asked.operation else ()


def _is_hidden(asked: Asked, violation: Violation) -> bool:
    """Tell whether a violation is about the content of a text for which the recording has a stand-in."""
    if violation.expected.partition(" ")[0] not in _CONTENT:
        return False
    try:
        value = msgspec.json.decode(asked.recorded.body)
    except msgspec.DecodeError:
        return False
    for part in violation.where.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        value = value.get(name) if isinstance(value, dict) else value[int(name)] if isinstance(value, list) else None
    stand_in = read_stand_in(value) if isinstance(value, str) else None
    return stand_in is not None and stand_in.kind == "text"
