"""Answers a client's requests from recorded ones: each is played once, the first that fits; what fits none is told."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from mockvendors.cassettes.interaction import Answer, Interaction, NotJson, Sent
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.replay_differences import Difference, differences
from mockvendors.cassettes.scrub import Scrubber
from mockvendors.cassettes.standins import ORIGIN, read_stand_in
from mockvendors.contract import Contract

_DIFFERENCES = 6
"""That are shown of a request; one that differs in more is another request."""
_SHOWN = 600
"""Characters of a request's body."""
_OTHER_KEY = Difference("key", "the one that was given", "another")


class NotRecorded(Exception):
    """A request that no recording answers; its text shows it, the nearest recording, and where they differ."""


class Player:
    """Plays one cassette to one client, which was given `base_url` as the address of its vendor."""

    def __init__(self, contract: Contract, interactions: Iterable[Interaction], place: str, base_url: str = ORIGIN) -> None:
        """`place` is what messages call the cassette by."""
        self._upstream = Upstream.parse(base_url)
        self._scrubber = Scrubber(contract, self._upstream)
        self._left = dict(enumerate(interactions, 1))
        self._played: dict[int, Interaction] = {}
        self._place = place

    def play(self, raw: Sent, *, other_key: bool = False) -> Answer:
        """Return the recorded answer to a request as it was sent; raises NotRecorded.

        `other_key` says that it bears another key than its client was given: what was recorded bears the one that was given.
        """
        self._scrubber.sent(raw)  # learns what stands in it anywhere
        sent = self._scrubber.sent(raw)
        stray = self._elsewhere(raw) + ([_OTHER_KEY] if other_key else [])
        for number, interaction in self._left.items() if not stray else ():
            if not differences(interaction.sent, sent):
                self._played[number] = self._left.pop(number)
                return interaction.answer
        raise NotRecorded("\n".join([f"request:   {_shown(sent)}", *self._nearest(sent, stray)]))

    def _elsewhere(self, raw: Sent) -> list[Difference]:
        if self._upstream.path(raw.url) is not None:
            return []
        parts = urlsplit(raw.url)
        return [Difference("address", self._upstream.shown, f"{parts.scheme}://{parts.hostname}")]

    def _nearest(self, sent: Sent, stray: list[Difference]) -> list[str]:
        """Return lines about the recorded request that differs least, `stray` apart; of equals one that was not played."""
        found = [
            (len(told := stray + differences(interaction.sent, sent)), bool(was_played), number, interaction, told)
            for was_played, some in enumerate((self._left, self._played))
            for number, interaction in some.items()
        ]
        if not found:
            return [f"nearest:   none: {self._place} holds no request at all"]
        _, was_played, number, interaction, told = min(found, key=lambda one: one[:3])
        played = ", which was played already" if was_played else ""
        lines = [f"nearest:   {self._place}, interaction {number}{played}: {_line(interaction.sent)}"]
        lines += [f"differs:   {difference}" for difference in told[:_DIFFERENCES]]
        left_out = len(told) - _DIFFERENCES
        return [*lines, f"           and {left_out} more"] if left_out > 0 else lines


def _line(sent: Sent) -> str:
    return f"{sent.method} {sent.url.removeprefix(ORIGIN)}"


def _shown(sent: Sent) -> str:
    """Return a request in a line; claims are shown where they differ."""
    try:
        body = json.dumps(_bare(sent.json()))
    except NotJson:
        body = sent.body.decode(errors="replace")
    return f"{_line(sent)} {body if len(body) <= _SHOWN else body[:_SHOWN] + '…'}".rstrip()


def _bare(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with its JWTs as numbers alone."""
    if isinstance(value, dict):
        return {name: _bare(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_bare(item) for item in value]
    stand_in = read_stand_in(value) if isinstance(value, str) else None
    return f"<jwt:{stand_in.number}>" if stand_in is not None and stand_in.kind == "jwt" else value
