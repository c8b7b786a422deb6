"""`mockvendors contract`: what each statement about a vendor rests on."""

import json as json_module
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from mockvendors.cli import tables
from mockvendors.cli.out import while_read
from mockvendors.contract import LEVELS, Contract, core_rules
from mockvendors.contract.evidence import Evidence, Kind
from mockvendors.errors import UsageFault

if TYPE_CHECKING:
    from collections.abc import Iterable

CORE = "core"
KINDS: tuple[str, ...] = tuple(kind for kind in get_args(Kind) if kind != "event")
"""No contract has an event yet."""
_INDENT = "    "

EPILOG = """Levels, strongest first: recorded (a cassette of the real vendor shows it), documented (the vendor says so),
measured (seen on the live service by a third party, or by running a published client), client (a published client
relies on it), assumed (nobody knows; a choice, on which no plugin is failed).

mockvendors contract anam --level assumed       what is a choice

mockvendors contract anam --level client --level assumed --kind rule       several levels; as many kinds as you like

mockvendors contract anam --kind rule --json    for a script

mockvendors contract core                       the rules of LiveKit and the framework
"""


def contract(
    vendor: Annotated[str, typer.Argument(help="A vendor (anam), or core: the rules of LiveKit and the framework.")],
    *,
    level: Annotated[
        list[str] | None, typer.Option(help=f"Only this level (repeatable): {', '.join(LEVELS)}.", metavar="LEVEL")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help=f"Only this kind (repeatable): {', '.join(KINDS)}.", metavar="KIND")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead of a table.")] = False,
) -> None:
    """Print every rule, field, status, table row and setting of a contract, with its evidence, and count them by level."""
    levels = _known("level", level, LEVELS)
    kinds = _known("kind", kind, KINDS)
    found = [item for item in _evidence(vendor) if item.level in levels and item.kind in kinds]
    with while_read():
        if json:
            typer.echo(json_module.dumps([asdict(item) for item in found], indent=2, ensure_ascii=False))
        elif found:
            typer.echo("\n".join(_told(item) for item in found))
            typer.echo(_counted(found))
        else:
            wanted = " and ".join(" or ".join(names) for names in (level, kind) if names)
            typer.echo(f"No statement of {vendor} is {wanted}. docs/levels.md says how a statement gets a level.")


def _told(item: "Evidence") -> str:
    source = item.source if item.kind == "setting" else f"from: {item.source}"  # of a setting it is its whole description
    texts = (item.text, source)
    return "\n".join([f"{item.id}  [{item.level} {item.kind}]", *(tables.folded(text, _INDENT, len(_INDENT)) for text in texts)])


def _evidence(vendor: str) -> "Iterable[Evidence]":
    if vendor == CORE:
        return [
            Evidence(rule.id, "rule", rule.level, rule.source, rule.text, f"/x-rules/{rule.id}") for rule in core_rules().values()
        ]
    return Contract.load(vendor).evidence


def _known(what: str, wanted: list[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    for name in wanted or ():
        if name not in known:
            raise UsageFault(f"There is no {what} {name!r}", f"There is: {', '.join(known)}")
    return tuple(wanted or known)


def _counted(found: "list[Evidence]") -> str:
    """Return a table: a line a kind, a column a level."""
    counts = Counter((item.kind, item.level) for item in found)
    levels = [level for level in LEVELS if any(of == level for _, of in counts)]
    rows = [["", *levels, "all"]]
    for kind in KINDS:
        if any(of == kind for of, _ in counts):
            numbers = [counts[kind, level] for level in levels]  # type: ignore[index]  # a Kind, as its own list says
            rows.append([kind, *map(str, numbers), str(sum(numbers))])
    rows.append(["all", *(str(sum(n for (_, of), n in counts.items() if of == level)) for level in levels), str(len(found))])
    return "\n" + "\n".join("  ".join([row[0].ljust(8), *(cell.rjust(10) for cell in row[1:])]).rstrip() for row in rows)
