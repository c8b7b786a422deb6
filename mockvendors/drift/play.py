"""One pass: every request of a cassette, in order, to tenants of their own."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from mockvendors.cassettes.interaction import Answer, Interaction, NotJson, Sent
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recording import Cassette
from mockvendors.cassettes.scrub import Scrubber
from mockvendors.cassettes.standins import read_stand_in
from mockvendors.cassettes.vocabulary import METHODS
from mockvendors.contract import Contract, Operation
from mockvendors.drift.calls import Calls
from mockvendors.drift.compare import Pair
from mockvendors.drift.concrete import Concrete, Link, Request
from mockvendors.drift.difference import Difference
from mockvendors.drift.excuse import Asked, excuse
from mockvendors.drift.states import States
from mockvendors.drift.subject import Subject, Unsendable
from mockvendors.drift.told import Teller
from mockvendors.drift.usual import Usual


@dataclass(frozen=True)
class Guess:
    """What is assumed of the vendor in one pass, where the recording does not tell."""

    overlay: Mapping[str, Any] = field(default_factory=dict)
    """Laid over the tables."""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of one recorded request."""

    cassette: str
    number: int
    operation: str
    """operationId; method and path where the contract has no such call."""
    differences: tuple[Difference, ...] = ()
    not_compared: str = ""
    """Why not; empty where it was."""
    broken: tuple[str, ...] = ()
    """Rules that the request broke at the mock."""


@dataclass(frozen=True)
class Facts:
    """What a whole recording tells, before any of it is played."""

    states: States
    keys: tuple[int, ...]
    """Numbers of the API keys that the vendor took for such; one that it always refused is none."""
    usual: Usual
    calls: Calls

    @classmethod
    def of(cls, contract: Contract, interactions: Iterable[Interaction]) -> "Facts":
        """Return the facts of a recording."""
        states, interactions = States.of(contract), tuple(interactions)
        keys = tuple(_accepted_keys(contract, states, interactions))
        return cls(states, keys, Usual.of(contract, interactions), Calls.of(contract, interactions, states.strangers))


class Pass:
    """One cassette against one subject under one guess."""

    def __init__(self, subject: Subject, facts: Facts, guess: Guess) -> None:
        """Begin with a tenant for each API key that the vendor accepted."""
        self._subject = subject
        self._contract = subject.contract
        self._teller = Teller(self._contract, facts.states)
        self._facts = facts
        self._guess = guess
        self._tenants = {number: subject.tenant(guess.overlay) for number in facts.keys}
        self._concrete = Concrete({number: tenant.api_key for number, tenant in self._tenants.items()})
        self._scrubber = Scrubber(self._contract, Upstream.parse(subject.url))
        self._used: set[Link] = set()

    async def play(self, cassette: Cassette, only: Container[int] | None = None) -> list[Outcome]:
        """Return what came of each request, or of those with these numbers alone; the tenants end with it."""
        outcomes = []
        try:
            for number, interaction in enumerate(cassette.interactions, 1):
                if only is None or number in only:
                    outcomes.append(await self._outcome(cassette.name, number, interaction))
                else:
                    self._concrete.request(interaction.sent)  # what it holds was met before what follows
            return outcomes
        finally:
            for tenant in self._tenants.values():
                await tenant.close()

    async def _outcome(self, cassette: str, number: int, interaction: Interaction) -> Outcome:
        sent, recorded = interaction.sent, interaction.answer
        operation = operation_of(self._contract, sent)
        name = operation.id if operation else f"{sent.method} {sent.path}"
        request = self._concrete.request(sent)
        read = self._teller.told(operation, interaction, self._facts.calls)
        told = read.rule
        why = _unsent(request, self._concrete, told == self._teller.auth)
        answer: Answer | None = None
        broken: tuple[str, ...] = ()
        if not why:
            try:
                answer, broken = await self._ask(request, told)
            except Unsendable as error:
                why = f"it cannot be sent: {error}"
        if answer is None:
            self._bind(recorded, None, number)
            return Outcome(cassette, number, name, not_compared=why)
        mock = self._scrubber.interaction(Interaction(_at(request.sent, self._subject.url), answer)).answer
        pair = Pair(self._facts.usual, operation, sent, recorded, mock, broken)
        differences = pair.differences()
        if differences:
            asked = Asked(self._contract, self._facts.states, operation, request, sent, told, self._first(request))
            why = excuse(asked, recorded, mock, broken)
        why = why or read.why_not
        self._bind(recorded, answer, number)
        if request.token:
            self._used.add(request.token)
        return Outcome(cassette, number, name, () if why else differences, why, broken)

    async def _ask(self, request: Request, told: str) -> tuple[Answer, tuple[str, ...]]:
        tenants = tuple(self._tenants.values())
        settings = {**self._guess.settings, **self._facts.states.refusals.get(told, {})}
        for tenant in tenants:
            self._subject.put(tenant, settings)
        return await self._subject.ask(request.sent, tenants)

    def _first(self, request: Request) -> bool:
        """Tell whether a request comes with a session token that was not used before."""
        return request.token is not None and self._concrete.knows(request.token) and request.token not in self._used

    def _bind(self, recorded: Answer, answer: Answer | None, number: int) -> None:
        try:
            given = answer.json() if answer else None
        except NotJson:
            given = None
        try:
            self._concrete.bind(recorded.json(), given, f"interaction {number}")
        except NotJson:
            return


def _accepted_keys(contract: Contract, states: States, interactions: Iterable[Interaction]) -> list[int]:
    found, teller = set(), Teller(contract, states)
    for interaction in interactions:
        sent, answer = interaction.sent, interaction.answer
        operation = operation_of(contract, sent)
        if operation is None or not operation.security or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            continue
        stand_in = read_stand_in((sent.header("Authorization") or "").rpartition(" ")[2])
        refused = teller.rule(operation, answer) == teller.auth or answer.status == HTTPStatus.UNAUTHORIZED
        if stand_in is not None and stand_in.kind == "key" and not refused:
            found.add(stand_in.number)
    return sorted(found)


def operation_of(contract: Contract, sent: Sent) -> Operation | None:
    """Return the operation that a recorded request calls."""
    return contract.operation(sent.method, sent.path)


def _unsent(request: Request, concrete: Concrete, unauthorised: bool) -> str:
    """Return why a request is not even sent; empty where it is."""
    if request.sent.method not in METHODS:
        return "its method is not in the recording"
    if request.lost:
        return f"it holds what {request.lost} gave, where mock and recording part"
    if request.token and not concrete.knows(request.token) and not unauthorised:
        return "its session token was given out before the recording began"
    return ""


def _at(sent: Sent, url: str) -> Sent:
    return Sent(sent.method, url + sent.url, sent.headers, sent.body)
