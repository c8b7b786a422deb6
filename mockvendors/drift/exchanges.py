"""Recorded interactions as evidence takes them."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from mockvendors.cassettes.interaction import Answer, Interaction, NotJson, Sent
from mockvendors.cassettes.standins import alike
from mockvendors.contract import Contract
from mockvendors.drift.places import named_fields
from mockvendors.evidence import Beside, Exchange

_NONE: Mapping[str, Any] = {}


def exchange(contract: Contract, interaction: Interaction) -> Exchange:
    """Return a recorded interaction as an exchange."""
    sent, answer = interaction.sent, interaction.answer
    credential = sent.header("Authorization") or ""
    return Exchange(
        operation=contract.operation(sent.method, sent.path),
        path=sent.url,
        credential=credential,
        kind=" ".join(alike(part) for part in credential.split(" ")),
        media_type=(sent.header("Content-Type") or "").partition(";")[0].strip().lower(),
        body=_object(sent),
        status=answer.status,
        words=_words(answer),
    )


def beside(contract: Contract, interactions: Iterable[Interaction]) -> Beside:
    """Return the control that looks among these for the same call, accepted."""
    accepted: dict[str, list[Exchange]] = {}
    for interaction in interactions:
        if interaction.answer.status < HTTPStatus.MULTIPLE_CHOICES:
            one = exchange(contract, interaction)
            if one.operation is not None:
                accepted.setdefault(one.operation.id, []).append(one)
    return Beside(accepted, lambda operation, text: named_fields(contract, operation, text))


def _object(sent: Sent) -> Mapping[str, Any] | None:
    """Return a body as an object; empty where there is none, None where it is something else."""
    try:
        body = sent.json() if sent.body else _NONE
    except NotJson:
        return None
    return body if isinstance(body, Mapping) else None


def _words(answer: Answer) -> str:
    try:
        body = answer.json()
    except NotJson:
        return ""
    return " ".join(value for value in body.values() if isinstance(value, str)) if isinstance(body, Mapping) else ""
