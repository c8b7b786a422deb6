"""A suite's traits are held against the contract of its vendor before anything runs: a mistake there would be every plugin's."""

from collections.abc import Iterable, Iterator
from typing import Any

from mockvendors.conformance.traits import Traits
from mockvendors.contract import Contract, Operation, core_rules
from mockvendors.errors import UsageFault
from mockvendors.nearest import beside, near, remedy

TOKEN = "a.join.token"  # noqa: S105 - opens no room
URL = "ws://127.0.0.1:9"
"""The discard port: nobody is asked."""
ANY_REFUSAL = 400
"""Statuses from here on are refusals."""
VARIABLES = ("url", "key")


def hold_all(suites: Iterable[Traits]) -> None:
    """Hold each of them once, as `hold` does."""
    for traits in {id(traits): traits for traits in suites}.values():
        try:
            hold(traits)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            told = f"The traits of {traits.vendor} have not the form of traits: {type(error).__name__}: {error}"
            raise UsageFault(told, "Compare with examples/acme (docs/add-a-vendor.md)") from error


def hold(traits: Traits) -> None:
    """Raise UsageFault where traits say what the contract of their vendor cannot mean."""
    contract = Contract.load(traits.vendor)
    for found in (_rules(traits, contract), _calls(traits, contract), _own(traits), _pointers(traits, contract)):
        if told := next(found, None):
            raise told
    start = contract.operations[traits.start]
    broken = start.check_request(traits.body(traits.options, TOKEN, URL))
    if broken:
        raise UsageFault(
            f"A start as the traits of {traits.vendor} describe it is refused by the contract, {broken[0].rule.id}: "
            f"{broken[0].message}",
            "Correct token, url, options, fields or constants of the traits (docs/add-a-vendor.md)",
        )


def _rules(traits: Traits, contract: Contract) -> Iterator[UsageFault]:
    known = {*contract.rules, *core_rules()}
    unknown = sorted((traits.rules.all() | ({traits.hard_limit} - {""})) - known)
    if unknown:
        told = f"The traits of {traits.vendor} name rules that no contract holds: {', '.join(unknown)}"
        yield UsageFault(told, remedy(unknown[0], sorted(known), "its x-rules hold them (docs/add-a-vendor.md)"))


def _calls(traits: Traits, contract: Contract) -> Iterator[UsageFault]:
    for said, name in {"start": traits.start, **{f"first[{claim!r}]": call for claim, call in traits.first.items()}}.items():
        if name not in contract.operations:
            told = f"The traits of {traits.vendor} say {said}={name!r}, which is no operationId of the contract"
            yield UsageFault(told, remedy(name, contract.operations))


def _own(traits: Traits) -> Iterator[UsageFault]:
    """Yield what needs no contract to be wrong."""
    whose = f"The traits of {traits.vendor}"
    if not traits.description.is_file():
        yield UsageFault(f"{whose} name the description {traits.description}, and there is no such file", "Correct the path")
    if missing := [name for name in VARIABLES if name not in traits.variables]:
        yield UsageFault(f"{whose} say nothing of variables[{missing[0]!r}]", "Name the variable that the plugin reads")
    for option in (traits.model, *traits.sizes.both):
        try:
            traits.value(option) if option else None
        except UsageFault as fault:
            yield fault


def _pointers(traits: Traits, contract: Contract) -> Iterator[UsageFault]:
    start = contract.operations[traits.start]
    said = {"token": traits.token, "url": traits.url}
    said |= {f"fields[{name!r}]": option.field for name, option in traits.fields.items()}
    said |= {f"constants[{pointer!r}]": pointer for pointer in traits.constants}
    said |= {f"rules.body[{pointer!r}]": pointer for pointer in traits.rules.body if pointer}
    for name, pointer in said.items():
        yield from _pointer(traits, name, pointer, start)
    if (
        traits.words
        and (replies := _refusals(start))
        and not any(reply.describes(traits.words) is not False for reply in replies)
    ):
        known = [pointer for reply in replies for pointer in reply.pointers()]
        told = f"The traits of {traits.vendor} say words={traits.words!r}, which no refusal of {start.id} has"
        yield UsageFault(told + beside(near(traits.words, known)), "Point to the vendor's words, as the contract describes them")


def _pointer(traits: Traits, name: str, pointer: str, start: Operation) -> Iterator[UsageFault]:
    told = f"The traits of {traits.vendor} say {name}: {pointer!r}, which is"
    if not pointer.startswith("/"):
        yield UsageFault(f"{told} no JSON pointer", "Begin it with /")
    elif start.request is None:
        yield UsageFault(f"{told} to a body, and {start.id} has none in the contract", "Describe it there")
    elif start.request.describes(pointer) is False:
        known = remedy(pointer, start.request.pointers())
        yield UsageFault(f"{told} to nothing that the contract describes of {start.id}", known)


def _refusals(start: Operation) -> list[Any]:
    return [schema for status, schema in start.replies.items() if status >= ANY_REFUSAL and schema is not None]
