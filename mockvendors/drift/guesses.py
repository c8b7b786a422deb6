"""What may be assumed of a vendor where a recording does not tell: which avatars it has, how open questions are settled."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockvendors.cassettes.recording import Cassette
from mockvendors.contract import Contract
from mockvendors.drift.concrete import Link, ids_under, own_id
from mockvendors.drift.play import Facts, Guess
from mockvendors.drift.states import Stranger
from mockvendors.drift.told import Teller

MOST = 8
"""Ids for which all kinds are tried; a cassette has one or two."""

Kinds = Mapping[Link, str]
"""The row that each id is like."""


def strangers(contract: Contract, facts: Facts, cassette: Cassette) -> dict[Link, Stranger]:
    """Return the ids that may be of any kind: those that the vendor did not refuse as unknown."""
    teller = Teller(contract, facts.states)
    found: dict[Link, Stranger] = {}
    refused: set[Link] = set()
    for interaction in cassette.interactions:
        operation = contract.operation(interaction.sent.method, interaction.sent.path)
        told = teller.told(operation, interaction, facts.calls).rule
        for name, stranger in facts.states.strangers.items():
            links = ids_under(name, interaction.sent)
            found |= dict.fromkeys(links, stranger)
            refused |= links if told == stranger.unknown else set()
    return {link: found[link] for link in sorted(set(found) - refused)[:MOST]}


def overlay(contract: Contract, found: Mapping[Link, Stranger], kinds: Kinds) -> dict[str, Any]:
    """Return what is laid over the tables so that each id is of its kind."""
    tables: dict[str, dict[str, Any]] = {}
    for link, row in kinds.items():
        table = found[link].table
        tables.setdefault(table, {})[own_id(link)] = contract.tables[table][row]
    return tables


def first_kinds(found: Mapping[Link, Stranger]) -> dict[Link, str]:
    """Return the kinds that are tried first."""
    return {link: stranger.like[0] for link, stranger in found.items()}


def turned(contract: Contract, facts: Facts, guess: Guess) -> Iterator[tuple[str, Guess]]:
    """Yield the guess with each open question settled in another way; none that a recorded answer decides."""
    for name, setting in contract.settings.items():
        choices: Sequence[object] = setting.schema.get("enum", [True, False] if setting.schema.get("type") == "boolean" else [])
        if name in facts.states.settings or name in guess.settings or name == "avatars":
            continue
        for value in choices:
            if value != setting.serve:
                yield f"{name}={value}", Guess(guess.overlay, {**guess.settings, name: value})
