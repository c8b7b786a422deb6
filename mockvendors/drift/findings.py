"""What has to change: differences that say the same of the contract are one finding, with every place where it was seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from mockvendors.cassettes.standins import alike
from mockvendors.drift.difference import Difference, What
from mockvendors.drift.run import Played


@dataclass(frozen=True)
class Place:
    """One recorded request."""

    recording: str
    cassette: str
    number: int
    operation: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.recording}/{self.cassette} #{self.number} {self.operation} {self.where}".rstrip()


@dataclass(frozen=True)
class Finding:
    """One thing in which recordings and the mock part."""

    what: What
    recorded: str
    mock: str
    change: tuple[str, ...]
    setting: str
    places: tuple[Place, ...]
    is_evidence: bool
    """Whether a recording of the vendor itself shows it."""


def find(played: Iterable[Played]) -> list[Finding]:
    """Return the findings in the order in which they are met."""
    groups: dict[tuple[object, ...], list[tuple[Difference, Place, bool]]] = {}
    for one in played:
        recording = one.recording
        for outcome in one.outcomes:
            for difference in outcome.differences:
                place = Place(recording.folder.name, outcome.cassette, outcome.number, outcome.operation, difference.where)
                groups.setdefault(_key(difference), []).append((difference, place, recording.is_evidence))
    return [_finding(group) for group in groups.values()]


def _key(difference: Difference) -> tuple[object, ...]:
    same = (difference.what, difference.change, difference.setting)
    if difference.what == "accepted":
        return same
    recorded = alike(difference.recorded)
    return (*same, recorded) if difference.what == "refused" else (*same, recorded, difference.mock, _leaf(difference))


def _leaf(difference: Difference) -> str:
    return difference.where.rpartition("/")[2]


def _finding(group: list[tuple[Difference, Place, bool]]) -> Finding:
    first = group[0][0]
    places = tuple(place for _, place, _ in group)
    return Finding(first.what, first.recorded, first.mock, first.change, first.setting, places, any(one[2] for one in group))
