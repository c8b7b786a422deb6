"""Faults as text (`name:field=value,...`) and as plain data: for a command line, an admin API and a failure's text.

Beside its own fields a fault has those of its address: operation, calls, session. In text `%2C` is a comma and `%25` a
percent sign.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any
from urllib.parse import unquote

from mockvendors.errors import UsageFault
from mockvendors.faults.address import EVERY_CALL, Address, Calls, session_of
from mockvendors.faults.fault import Fault
from mockvendors.faults.fields import accept, describe, unknown
from mockvendors.faults.table import FAULTS

NAME = "fault"
"""Key of the name in plain data."""
ADDRESS = ("operation", "calls", "session")


def to_data(fault: Fault, address: Address = EVERY_CALL) -> dict[str, Any]:
    """Return plain data that JSON can hold; what is at its default is left out."""
    return {NAME: fault.name, **fault.data(), **address.data()}


def to_text(fault: Fault, address: Address = EVERY_CALL) -> str:
    """Return one line that `from_text` reads."""
    told = [f"{name}={_escaped(value)}" for name, value in {**fault.data(), **address.data()}.items()]
    return f"{fault.name}:{','.join(told)}" if told else fault.name


def from_text(text: str) -> tuple[Fault, Address]:
    """Return the fault of a line and its address; UsageFault names what is wrong with the line."""
    name, _, rest = text.strip().partition(":")
    told: dict[str, str] = {}
    for part in rest.split(",") if rest else ():
        key, equals, value = part.partition("=")
        if not equals or key.strip() in told:
            cause = "is given twice" if equals else "has no value"
            raise UsageFault(f"{key.strip() or part!r} {cause} in the fault {text!r}", "Write name:field=value,field=value")
        told[key.strip()] = unquote(value)
    return _made(name, told, text=True)


def from_data(data: Mapping[str, Any]) -> tuple[Fault, Address]:
    """Return the fault of plain data and its address; UsageFault names what is wrong with it."""
    if not isinstance(data, Mapping) or not isinstance(data.get(NAME), str):
        raise UsageFault(f"{data!r} names no fault", f'Write {{"{NAME}": one of: {", ".join(FAULTS)}}}')
    return _made(data[NAME], {name: value for name, value in data.items() if name != NAME}, text=False)


def _made(name: str, told: Mapping[str, Any], *, text: bool) -> tuple[Fault, Address]:
    kind = FAULTS.get(name)
    if kind is None:
        raise unknown("fault", name, FAULTS)
    own = {field.name: field for field in fields(kind)}
    for key in told:
        if key not in own and key not in ADDRESS:
            raise unknown(f"field of the fault {name}", key, [*own, *ADDRESS])
    for field in own.values():
        if field.default is MISSING and field.name not in told:
            raise UsageFault(f"The fault {name} needs {field.name}", f"{field.name}: {describe(kind, field.name)}")
    fault = kind(**{key: accept(kind, key, value, text=text) for key, value in told.items() if key in own})
    return fault, Address(_operation(told.get("operation")), _calls(told.get("calls")), session_of(told.get("session")))


def _operation(told: object) -> str | None:
    if told is None or isinstance(told, str):
        return told
    raise UsageFault(f"There is no operation {told!r}", "Give an operationId of the contract")


def _calls(told: object) -> Calls:
    if told is None or isinstance(told, int | str | list):
        return Calls.of(told)
    return Calls.of([told])  # type: ignore[list-item]  # which refuses it, and says what is right


def _escaped(value: object) -> str:
    return str(value).replace("%", "%25").replace(",", "%2C")
