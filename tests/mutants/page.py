"""The tables of docs/mutants.md, written by the command that proves them."""

from collections.abc import Iterable, Iterator, Mapping

from mockvendors.files import write_whole
from mockvendors.mutants import Mutant
from mockvendors.report.markup import code, plain, table

from . import judged
from .proof import Proof, own
from .rules import IMPLIED, VENDORS_OWN

PAGE = judged.ROOT / "docs" / "mutants.md"
BEGIN, END = "<!-- proof: begin, written by make mutants PROOF=1 -->", "<!-- proof: end -->"


def write(proofs: Mapping[str, Proof], mutants: Iterable[Mutant], rules: Iterable[str]) -> None:
    """Put the tables into the page, between its marks."""
    page = PAGE.read_text()
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    write_whole(PAGE, f"{before}{BEGIN}\n{render(proofs, mutants, rules)}{END}{after}".encode())


def render(proofs: Mapping[str, Proof], mutants: Iterable[Mutant], rules: Iterable[str]) -> str:
    """Return both tables, with their date."""
    by_name = {mutant.name: mutant for mutant in mutants}
    dates = sorted({each.date for each in proofs.values()})
    when = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "never"
    mine = own(proofs.values())
    parts = [
        f"Whole runs of the suite on {len(proofs)} mutants, {when}.",
        "### Rule → the mutant that only it catches",
        table(["rule", "mutant", "what is wrong with it"], _rules(mine, by_name, rules)),
        "### Mutant → the rules that failed it",
        "Of those that more than their own rule failed; the number of cases behind each.",
        table(["mutant", "its rule", "failed by"], _others(proofs)),
    ]
    return "\n\n".join(parts) + "\n"


def _rules(mine: Mapping[str, Proof], by_name: Mapping[str, Mutant], rules: Iterable[str]) -> Iterator[list[str]]:
    for rule in sorted({*rules, *VENDORS_OWN}):
        if rule in VENDORS_OWN:
            yield [code(rule), "none can be", plain(VENDORS_OWN[rule])]
        elif rule not in mine:
            yield [code(rule), "**none yet**", ""]
        else:
            name = mine[rule].mutant
            yield [code(rule), code(name), plain(by_name[name].wrong) + _implied(rule)]


def _implied(rule: str) -> str:
    if rule not in IMPLIED:
        return ""
    return f" (fails {', '.join(map(code, sorted(IMPLIED[rule].by)))} too: {plain(IMPLIED[rule].why)})"


def _others(proofs: Mapping[str, Proof]) -> Iterator[list[str]]:
    for each in sorted(proofs.values(), key=lambda each: each.mutant):
        if set(each.by) != {each.rule}:
            by = ", ".join(f"{code(rule)} {count}" for rule, count in sorted(each.by.items(), key=lambda one: (-one[1], one[0])))
            yield [code(each.mutant), code(each.rule), by or "nothing"]
