"""Which recorded requests hang together, and which tell the same story: only these have to be sent again under another guess.

A request depends on an earlier one by what that one gave: a token, a session. The mock knows nothing else from one request to
the next, since states of the account are set before each. So a request is answered alike wherever it and all that it depends
on read the same, and it is answered alike without the requests on which it does not depend.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from mockvendors.cassettes.interaction import Interaction, Sent
from mockvendors.drift.concrete import Link, given_by

_LINK = re.compile(r"<(token|id|jwt):(\d{1,9})|(00000000-0000-4000-8000-)0{6}(\d{6})")


@dataclass(frozen=True)
class Stories:
    """The stories of one cassette; its requests are told by their numbers, from 1 on."""

    told: tuple[int, ...]
    """The first request that tells the same story as this one."""
    before: tuple[frozenset[int], ...]
    """The requests on which this one depends directly."""
    held: tuple[frozenset[Link], ...]
    """What the request itself holds."""

    @classmethod
    def of(cls, interactions: Sequence[Interaction]) -> "Stories":
        """Return the stories of these interactions."""
        reader, first = _Reader(), dict[object, int]()
        read = [reader.read(number, interaction) for number, interaction in enumerate(interactions, 1)]
        told = tuple(first.setdefault(one.story, number) for number, one in enumerate(read, 1))
        return cls(told, tuple(one.before for one in read), tuple(one.held for one in read))

    def heads(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return of each of these requests the first of them that tells the same story."""
        first: dict[int, int] = {}
        return {number: first.setdefault(self.told[number - 1], number) for number in sorted(numbers)}

    def whole(self, numbers: Collection[int]) -> frozenset[int]:
        """Return these requests and all on which they depend."""
        found, waiting = set(numbers), list(numbers)
        while waiting:
            new = self.before[waiting.pop() - 1] - found
            found |= new
            waiting += new
        return frozenset(found)

    def holding(self, link: Link) -> frozenset[int]:
        """Return the requests that hold an id, and all that depend on them."""
        found: set[int] = set()
        for number, (held, before) in enumerate(zip(self.held, self.before, strict=True), 1):
            if link in held or before & found:
                found.add(number)
        return frozenset(found)


@dataclass(frozen=True)
class _Read:
    """What was read of one interaction."""

    story: object
    """The same for the same story; it holds those of the requests on which this one depends by their numbers."""
    before: frozenset[int]
    held: frozenset[Link]


class _Reader:
    """Reads one interaction after the other, and knows what was given so far."""

    def __init__(self) -> None:
        self._sent: set[Link] = set()
        """In any request so far: an answer that repeats it does not give it."""
        self._last: dict[Link, tuple[int, int]] = {}
        """What was given -> the last request that gave or held it, and its place among what that one gave or held."""
        self._stories: dict[object, int] = {}
        """Each story under a number, so that long ones stay small."""
        self._told: dict[int, int] = {}

    def read(self, number: int, interaction: Interaction) -> _Read:
        """Return what the next interaction tells."""
        request, answer = _request(interaction.sent), repr(interaction.answer)
        held = dict.fromkeys(_links(request))
        self._sent |= held.keys() - self._last.keys()
        given = [link for link in given_by(interaction.answer) if link not in self._sent and link not in self._last]
        used = [link for link in held if link in self._last]
        places = {link: place for place, link in enumerate([*used, *given])}
        came = tuple((self._told[self._last[link][0]], self._last[link][1]) for link in used)
        story = (_bare(request, places), _bare(answer, places), came)
        before = frozenset(self._last[link][0] for link in used)
        self._last |= {link: (number, place) for link, place in places.items()}
        self._told[number] = self._stories.setdefault(story, number)
        return _Read(story, before, frozenset(held))


def _request(sent: Sent) -> str:
    return repr((sent.method, unquote(sent.url), sent.headers, sent.body))


def _links(text: str) -> Iterator[Link]:
    for found in _LINK.finditer(text):
        yield _link(found)


def _link(found: re.Match[str]) -> Link:
    return ("uuid", int(found[4])) if found[3] else (found[1], int(found[2]))


def _bare(text: str, places: dict[Link, int]) -> str:
    """Return a text in which what was given stands by its place, since its number is another each time."""
    return _LINK.sub(lambda found: f"<{_link(found)[0]}@{places[_link(found)]}" if _link(found) in places else found[0], text)
