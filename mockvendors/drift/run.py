"""A recording against our mock: what it shows under the guess about the vendor that fits it best."""

from dataclasses import dataclass

from mockvendors.cassettes.recording import Recording
from mockvendors.drift.play import Facts, Guess, Outcome, Pass
from mockvendors.drift.subject import Subject


@dataclass(frozen=True)
class Played:
    """A recording with what came of its requests."""

    recording: Recording
    outcomes: tuple[Outcome, ...]

    @property
    def compared(self) -> int:
        """How many requests were compared."""
        return sum(not outcome.not_compared for outcome in self.outcomes)

    @property
    def agreeing(self) -> int:
        """In how many of them nothing differs."""
        return sum(not outcome.not_compared and not outcome.differences for outcome in self.outcomes)


async def play(subject: Subject, recording: Recording) -> Played:
    """Return what came of every request of a recording."""
    facts = Facts.of(subject.contract, (interaction for _, interaction in recording.placed()))
    outcomes: list[Outcome] = []
    for cassette in recording.cassettes:
        outcomes += await Pass(subject, facts, Guess()).play(cassette)
    return Played(recording, tuple(outcomes))
