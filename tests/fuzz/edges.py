"""The fixed list: every body of `near.py`, every odd request of `odd.py`, every switch, and calls in an order that matters.

Nothing is drawn here, so that what stands at a border is tried in each run, however few examples it draws.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .bodies import JOIN, into
from .defect import Defect
from .near import Near
from .odd import JSON
from .odd import WAYS as ODD
from .play import Stage, switches
from .walks import BY_TOKEN, TOKEN, Step, Walk
from .wire import Sent, as_json, bearer

Body = dict[str, Any]
TOGETHER = 40
"""Bodies by the same keys."""
ORDERS: list[tuple[dict[str, Any], str]] = [
    ({}, "read stop delete list slots"),
    ({}, "start read list slots delete stop read list slots stop delete read stop delete list slots"),
    ({}, "start start list stop@1 list slots delete@1 list read@0 stop@0 list slots"),
    ({}, "start read:other stop:other delete:other read:nobody stop:nobody read list:other slots:other"),
    ({}, "token by by list slots token by@1 by@0"),
    ({"token_reuse": "allow"}, "token by by by list"),
    ({"token_seconds": 0}, "token by list"),
    ({"token_seconds": -1.5}, "token by list"),
    ({"token_seconds": 600}, "token by list"),
    ({"validate_at": "session_token"}, "token by list"),
    ({"max_concurrent": 0}, "slots start token by slots list"),
    ({"max_concurrent": 1}, "slots start slots start token by stop slots start slots by stop@1 by slots"),
    ({"max_concurrent": 2}, "start start slots start stop@1 slots start delete@1 slots start list"),
    ({"max_session_seconds": 0.001}, "start list slots read stop read delete list slots"),
    ({"max_session_seconds": 5}, "start list read slots stop read delete"),
    ({"plan": "free"}, "start list read slots stop read delete"),
    ({"success_status": 201}, "start token by list"),
]
"""Settings, and calls on what was given: which one (`@1`: the second), and by whom if not by its owner."""
SHORT = {"token": TOKEN, "by": BY_TOKEN}


class Edges:
    """Everything once."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._avatar = next(iter(stage.raw["x-tables"]["avatars"]))
        self._plain = {"personaConfig": {"avatarId": self._avatar}, "clientLabel": "a label"}

    def run(self, about: str = "") -> None:
        """Send it all, or only the bodies that have a part; what is answered wrongly once only is told as such."""
        if not about:
            self._calls()
        near = [body for body in Near(self._stage.raw).bodies() if about in ("", *body)]
        for first in range(0, len(near), TOGETHER):
            self._starts(near[first : first + TOGETHER], {})
        self._starts(self._strangers(), {"unknown_avatars": "accept"})

    def _calls(self) -> None:
        """Send what is about calls, and not about the body of a start."""
        self._plain_ones()
        for chosen, order in ORDERS:
            _twice(partial(self._walk, chosen, order))
        self._odd_ones()
        for name, value in switches(self._stage.raw):
            self._starts([self._plain], {name: value})

    def _starts(self, bodies: list[Body], chosen: Mapping[str, Any]) -> None:
        """Start with bodies by the same keys, which is quick; a defect is told with its body alone, where that one shows it."""
        try:
            self._stage.start(bodies, chosen)
        except Defect as defect:
            for body in bodies:
                _twice(partial(self._stage.start, [body], chosen))
            defect.repeated = False
            _twice(partial(self._stage.start, bodies, chosen))
            raise

    def _strangers(self) -> list[Body]:
        """Return starts of avatars and personas that nobody knows, which one stands in for."""
        found = []
        for path in ("avatarId", "personaId"):
            for name in ("nobody", "", None, 7, self._avatar.upper()):
                for model in (None, *self._stage.raw["x-tables"]["sizes"], "nothing"):
                    body: Body = {"personaConfig": {}, "environment": {"livekitUrl": "ws://x", "livekitToken": JOIN}}
                    for field, value in ((path, name), ("avatarModel", model), ("directorNotes", {"expressivity": 2})):
                        into(body, ("personaConfig", field), value)
                    found += [body, {**body, "personaConfig": {path: name, "avatarModel": model}}]
        return found

    def _walk(self, chosen: Mapping[str, Any], order: str) -> None:
        with self._stage.play(chosen, {}) as play:
            walk = Walk(play)
            for word in order.split():
                call, _, who = word.partition(":")
                call, _, number = call.partition("@")
                walk.take(Step(SHORT.get(call, call), int(number or 0), who or "owner", self._plain))

    def _plain_ones(self) -> None:
        """Send an ordinary request to each operation, as its key and as a stranger."""
        for node in self._stage.subject.operations():
            body = as_json(self._plain) if node.method.upper() == "POST" else b""
            sent = Sent(node.method.upper(), node.path.replace("{id}", self._avatar), (JSON,), body)
            _twice(partial(self._send, sent))

    def _send(self, sent: Sent) -> None:
        with self._stage.play({}) as play:
            play.send(sent.with_header(*bearer(play.ledgers[0].key)))
            play.send(sent)

    def _odd_ones(self) -> None:
        start = Sent("POST", "/v1/engine/session", (JSON,), as_json(self._plain))
        requests = [start, Sent("POST", "/v1/sessions/nobody/stop"), Sent("GET", f"/v1/avatars/{self._avatar}")]
        for sent in requests:
            for way in sorted(ODD):
                for chosen in ({}, {"double_slash": "accept"}) if way == "path" else ({},):
                    for number in range(self._odd(way, sent, chosen, 0)):
                        _twice(partial(self._odd, way, sent, chosen, number))

    def _odd(self, way: str, sent: Sent, chosen: Mapping[str, Any], number: int) -> int:
        """Send one of the requests that are odd in a way; return how many there are."""
        with self._stage.play(chosen) as play:
            changes = ODD[way](sent.with_header(*bearer(play.ledgers[0].key)), play.ledgers[0])
            play.send(changes[number])
        return len(changes)


def _twice(example: Callable[[], object]) -> None:
    """Run an example; where it finds a defect, run it again, to see whether the defect is there again."""
    try:
        example()
    except Defect as first:
        try:
            example()
        except Defect:
            raise first from None
        first.repeated = False
        raise
