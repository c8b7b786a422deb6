"""A recording against our mock: what it shows under the guess about the vendor that fits it best."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from mockvendors.cassettes.interaction import Interaction
from mockvendors.cassettes.recording import Cassette, Recording
from mockvendors.contract import Contract
from mockvendors.drift.concrete import Link
from mockvendors.drift.guesses import Kinds, first_kinds, overlay, strangers, turned
from mockvendors.drift.play import Facts, Guess, Outcome, Pass, operation_of
from mockvendors.drift.states import Stranger
from mockvendors.drift.stories import Stories
from mockvendors.drift.subject import Subject

Outcomes = list[Outcome]
_Broken = tuple[int, str]
"""Number of a request in its cassette, and the rule that it broke."""


@dataclass(frozen=True)
class Refused:
    """A request that broke one rule at the mock, whatever was guessed, and was answered alike by both."""

    rule: str
    interaction: Interaction


@dataclass(frozen=True)
class Played:
    """A recording with what came of its requests."""

    recording: Recording
    outcomes: tuple[Outcome, ...]
    refused: tuple[Refused, ...]

    @property
    def compared(self) -> int:
        """How many requests were compared."""
        return sum(not outcome.not_compared for outcome in self.outcomes)

    @property
    def agreeing(self) -> int:
        """In how many of them nothing differs."""
        return sum(not outcome.not_compared and not outcome.differences for outcome in self.outcomes)


async def play_all(contract: Contract, recordings: Sequence[Recording]) -> list[Played]:
    """Return what came of every request of these recordings."""
    async with Subject(contract) as subject:
        return [await _recording(subject, recording) for recording in recordings]


def usual(recording: Recording) -> list[Interaction]:
    """Return what was answered as it usually is: a mock that was asked for something says nothing of what is usual."""
    return [interaction for cassette in recording.cassettes if not cassette.asked for interaction in cassette.interactions]


async def _recording(subject: Subject, recording: Recording) -> Played:
    facts = Facts.of(subject.contract, usual(recording))
    outcomes: Outcomes = []
    refused: list[Refused] = []
    for cassette in recording.cassettes:
        if cassette.asked:
            outcomes += _left_out(subject.contract, cassette)
            continue
        found, rules = await _Best(subject, facts, cassette, Stories.of(cassette.interactions)).find()
        outcomes += found
        refused += [Refused(rule, cassette.interactions[number - 1]) for number, rule in sorted(rules)]
    return Played(recording, tuple(outcomes), tuple(refused))


def _left_out(contract: Contract, cassette: Cassette) -> Outcomes:
    """Return the requests of a cassette whose answers a mock gave because it was asked for them."""
    why = f"the recorded mock was asked for {cassette.asked}"
    operations = [operation_of(contract, interaction.sent) for interaction in cassette.interactions]
    named = [found.id if found else "another call" for found in operations]
    return [Outcome(cassette.name, number, name, not_compared=why) for number, name in enumerate(named, 1)]


@dataclass(frozen=True)
class _Best:
    """Finds the guess that fits a cassette best."""

    subject: Subject
    facts: Facts
    cassette: Cassette
    stories: Stories

    async def find(self) -> tuple[Outcomes, set[_Broken]]:
        """Return the outcomes under the best guess, and what is refused alike under every guess that fits what was accepted."""
        found = strangers(self.subject.contract, self.facts, self.cassette)
        first = kinds = first_kinds(found)
        best = await self._play(self._guess(found, kinds))
        tried = [best]
        for link, stranger in found.items():
            for row in stranger.like[1:]:
                other = {**kinds, link: row}
                outcomes = await self._again(self._guess(found, other), best, self.stories.holding(link))
                tried.append(outcomes)
                if _count(outcomes) < _count(best):
                    best, kinds = outcomes, other
        guess = self._guess(found, kinds)
        if kinds != first:
            best = await self._play(guess)
        return await self._settled(best, guess), _certain(tried)

    async def _settled(self, best: Outcomes, guess: Guess) -> Outcomes:
        """Return outcomes whose differences name the setting that would settle them, where there is one.

        A setting is looked at for all requests only where it settles one of those that are still open.
        """
        told = best
        left = {outcome.number for outcome in best if outcome.differences}
        for setting, tried in turned(self.subject.contract, self.facts, guess):
            if not left:
                break
            some = await self._again(tried, best, left)
            if any(outcome.number in left and not outcome.differences for outcome in some):
                gone = _gone(best, await self._play(tried))
                told = [_blamed(outcome, gone, setting) for outcome in told]
                left -= gone
        return told

    def _guess(self, found: Mapping[Link, Stranger], kinds: Kinds) -> Guess:
        return Guess(overlay(self.subject.contract, found, kinds))

    async def _play(self, guess: Guess, only: Collection[int] | None = None) -> Outcomes:
        return await Pass(self.subject, self.facts, guess).play(self.cassette, only)

    async def _again(self, guess: Guess, known: Outcomes, numbers: Collection[int]) -> Outcomes:
        """Return what comes of all where a guess concerns these requests alone: of each story one is sent, with what it needs.

        The texts of differences are those of the one that was sent.
        """
        heads = self.stories.heads(numbers)
        played = await self._play(guess, self.stories.whole(set(heads.values())))
        found = {outcome.number: outcome for outcome in played}
        return [replace(found[heads[old.number]], number=old.number) if old.number in heads else old for old in known]


def _count(outcomes: Outcomes) -> int:
    return sum(len(outcome.differences) for outcome in outcomes)


def _certain(tried: list[Outcomes]) -> set[_Broken]:
    """Return what is refused alike under each guess that fits; a refusal is no reason to believe in a guess."""
    fewest = min(_wrongly_refused(outcomes) for outcomes in tried)
    fitting = [_refused_alike(outcomes) for outcomes in tried if _wrongly_refused(outcomes) == fewest]
    return set.intersection(*fitting)


def _wrongly_refused(outcomes: Outcomes) -> int:
    return sum(difference.what == "accepted" for outcome in outcomes for difference in outcome.differences)


def _refused_alike(outcomes: Outcomes) -> set[_Broken]:
    """Return the requests whose answers agree and which broke one rule alone."""
    agreeing = [outcome for outcome in outcomes if not outcome.not_compared and not outcome.differences]
    return {(outcome.number, outcome.broken[0]) for outcome in agreeing if len(outcome.broken) == 1}


def _gone(before: Outcomes, after: Outcomes) -> set[int]:
    """Return the requests that agree now and did not; none when another that was compared got worse."""
    gone = set()
    for old, new in zip(before, after, strict=True):
        if not old.not_compared and (new.not_compared or not set(new.differences) <= set(old.differences)):
            return set()
        if old.differences and not new.differences:
            gone.add(old.number)
    return gone


def _blamed(outcome: Outcome, gone: set[int], setting: str) -> Outcome:
    if outcome.number not in gone or any(difference.setting for difference in outcome.differences):
        return outcome
    change = (f"x-settings.{setting.partition('=')[0]}",)
    return replace(outcome, differences=tuple(replace(one, change=change, setting=setting) for one in outcome.differences))
