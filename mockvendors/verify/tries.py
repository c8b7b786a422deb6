"""What a contract says may be sent to its vendor, and what it expects then: `x-probes`, read and checked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from mockvendors.contract import Contract, Operation, Rule
from mockvendors.contract.document import merge
from mockvendors.errors import UsageFault
from mockvendors.verify.keeping import Keep
from mockvendors.verify.written import Group, Written, read

PLACEHOLDER = re.compile(r"\{([a-z]\w*)\}")
_STARTED = 300
"""Statuses below it say that a call did what it is for."""


@dataclass(frozen=True)
class Try:
    """One request, the rule that it tries, and what the rule makes the vendor answer."""

    number: int
    rule: Rule
    text: str
    """What is special about it, in a few words."""
    method: str
    path: str
    """May hold {names} of values that were kept before; so may header and body."""
    operation: Operation | None
    """None for a path or method that the contract does not have."""
    authorization: str | None
    """Value of the header; {key} is the key; None sends none."""
    body: Any
    """None: there is none."""
    raw: str | None
    """Sent instead of `body`, as it stands."""
    blanks: int
    """So many follow the body, which means the same with them."""
    content_type: str
    status: tuple[int, ...]
    error: str | None
    """The error text, where it is the vendor's own."""
    is_control: bool
    """Whether it shows that the right body of its call is taken."""
    keep: tuple[Keep, ...]
    needs: frozenset[str]
    """Names of the values without which it cannot be sent."""
    starts: str | None
    """JSON pointer to the id of a session, where the call is one that starts sessions."""

    @property
    def is_done(self) -> bool:
        """Whether the vendor is expected to do what the call is for."""
        return min(self.status) < _STARTED

    @property
    def is_start(self) -> bool:
        """Whether it is meant to start a session."""
        return self.starts is not None and self.is_done

    @property
    def has_key(self) -> bool:
        """Whether it is sent with the right key."""
        return self.authorization == "Bearer {key}"

    @property
    def request(self) -> str:
        """Method and path, for a person."""
        return f"{self.method} {self.path}"

    @property
    def expected(self) -> str:
        """What is to be answered, in words."""
        told = " or ".join(str(status) for status in self.status)
        return f"{told} {self.error!r}" if self.error else told


@dataclass(frozen=True)
class Tries:
    """All that a contract says about trying its rules."""

    contract: Contract
    tries: tuple[Try, ...]
    bodies: frozenset[str]
    """The calls of which a right body is known."""
    reasons: Mapping[str, str]
    """Rule id -> why nothing tries it."""
    account: Mapping[int, Rule]
    """Statuses that tell of the account or of the vendor's own state, wherever they come."""
    stop: Operation | None
    """The call that stops a session."""
    stop_parameter: str
    error_at: str
    """JSON pointer to the error text of a refusal."""


def read_tries(contract: Contract) -> Tries:
    """Return what `x-probes` of a contract says; UsageFault names the place where it is wrong."""
    place = f"{contract.vendor}/contract.yaml"
    written = read(contract.raw.get("x-probes"), place)
    stop, parameter, starts = _stopping(contract)
    reader = _Reader(contract, written.right, starts, place)
    tries = tuple(reader.read(number, node) for number, node in enumerate(written.tries, 1))
    first = tries[0]
    if not first.has_key or first.starts or first.needs or min(first.status) >= _STARTED:
        raise UsageFault(f"{place}: the first try of x-probes does not show that the key works", "Begin with a call that reads")
    reasons, account = _not_tried(contract, written.not_tried, place)
    return Tries(contract, tries, frozenset(written.right), reasons, account, stop, parameter, written.error_at)


class _Reader:
    """Reads one try after the other, and knows what was kept so far."""

    def __init__(self, contract: Contract, right: Mapping[str, Any], starts: Mapping[str, str], place: str) -> None:
        self._contract = contract
        self._right = right
        self._starts = starts
        self._place = place
        self._kept = {"key"}

    def read(self, number: int, written: Written) -> Try:
        """Return one try."""
        where = f"{self._place}: try {number} of x-probes"
        if (written.call is None) == (written.request is None):
            raise UsageFault(f"{where} has not one of call and request", "Give it the one that fits")
        if sum(given is not UNSET for given in (written.body, written.change, written.raw)) > 1:
            raise UsageFault(f"{where} has more than one of body, change, raw", "Leave one")
        if written.rule not in self._contract.rules:
            raise UsageFault(f"{where} names the unknown rule {written.rule}", "Correct it, or add the rule to x-rules")
        made = self._made(number, written, where)
        if missing := made.needs - self._kept:
            raise UsageFault(f"{where} needs {', '.join(sorted(missing))}, which no earlier try keeps", "Keep it, or correct it")
        self._kept |= {keep.name for keep in made.keep}
        return made

    def _made(self, number: int, written: Written, where: str) -> Try:
        rule = self._contract.rules[written.rule]
        operation, method, path = self._called(written, where)
        body = self._body(written, operation)
        status = tuple(written.status or ([rule.status] if rule.status else []))
        if not status:
            raise UsageFault(f"{where} expects no status, and {rule.id} has none", "Give it status: [...]")
        used = {*placeholders([path, written.authorization, body]), *written.needs}
        return Try(
            number=number,
            rule=rule,
            text=written.try_,
            method=method,
            path=path,
            operation=operation,
            authorization=written.authorization,
            body=body,
            raw=None if written.raw is UNSET else written.raw,
            blanks=written.blanks,
            content_type=written.type,
            status=status,
            error=rule.error if written.error else None,
            is_control=written.control,
            keep=tuple(Keep(name, taken) for name, taken in written.keep.items()),
            needs=frozenset(used - {"key"}),
            starts=self._starts.get(operation.id) if operation else None,
        )

    def _called(self, written: Written, where: str) -> tuple[Operation | None, str, str]:
        if written.request is not None:
            method, _, path = written.request.partition(" ")
            if not path.startswith("/") or self._contract.operation(method, path):
                raise UsageFault(f"{where}: {written.request!r} is no `METHOD /path` beside the calls", "Use call: instead")
            return None, method, path
        operation = self._contract.operations.get(str(written.call))
        if operation is None:
            raise UsageFault(f"{where} names the unknown call {written.call}", f"Calls: {', '.join(self._contract.operations)}")
        path = operation.path
        for name, value in written.path.items():
            path = path.replace(f"{{{name}}}", value)
        return operation, operation.method, path

    def _body(self, written: Written, operation: Operation | None) -> Any:  # noqa: ANN401 - any JSON value
        """Return the body: the one that is told, or the right one with its change; None: there is none."""
        body = self._right.get(operation.id) if operation else None
        if written.body is not UNSET:
            body = written.body
        elif written.change is not UNSET:
            body = merge(body, written.change)
        for pointer, length in written.fill.items():
            body = merge(body, _filled(pointer, length))
        return body


def _filled(pointer: str, length: int) -> Any:  # noqa: ANN401 - any JSON value
    value: Any = "x" * length
    for name in reversed(pointer.lstrip("/").split("/")):
        value = {name: value}
    return value


def placeholders(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the names that stand in braces anywhere in a value."""
    if isinstance(value, str):
        yield from PLACEHOLDER.findall(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from placeholders(item)
    elif isinstance(value, list):
        for item in value:
            yield from placeholders(item)


def _not_tried(contract: Contract, groups: Iterable[Group], place: str) -> tuple[dict[str, str], dict[int, Rule]]:
    """Return why rules are not tried, and the statuses that tell of the account."""
    reasons: dict[str, str] = {}
    account: dict[int, Rule] = {}
    for group in groups:
        for name in group.rules:
            if name not in contract.rules:
                raise UsageFault(f"{place}: not_tried of x-probes names the unknown rule {name}", "Correct it")
            reasons[name] = group.because
            status = contract.rules[name].status
            if group.state and status is not None:
                account.setdefault(status, contract.rules[name])
    return reasons, account


def _stopping(contract: Contract) -> tuple[Operation | None, str, dict[str, str]]:
    """Return the call that stops a session, its parameter, and of each call that starts one the pointer to the session's id.

    The contract says so by a link named `stop` at the answer of a start.
    """
    components = contract.raw.get("components", {}).get("responses", {})
    stop, parameter, starts = None, "", {}
    for item in contract.raw["paths"].values():
        for node in item.values():
            for reply in node.get("responses", {}).values() if isinstance(node, Mapping) else ():
                found = components.get(reply["$ref"].rsplit("/", 1)[-1], {}) if "$ref" in reply else reply
                link = found.get("links", {}).get("stop")
                if link:
                    stop = contract.operations[link["operationId"]]
                    ((parameter, expression),) = link["parameters"].items()
                    starts[node["operationId"]] = expression.removeprefix("$response.body#")
    return stop, parameter, starts
