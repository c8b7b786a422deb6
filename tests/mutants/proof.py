"""The proof that every MUST rule has a mutant that only it catches: which rules fail a mutant in a run of the whole suite.

What was seen is kept beside the mutants (`mutants/anam/proof.jsonl`, a line a mutant); what a run has seen so far is in
`build/mutants`, so that one that is cut off goes on where it was.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import msgspec

from mockvendors.errors import UsageFault
from mockvendors.files import write_whole
from mockvendors.mutants import Kind, Mutant, Outcome

from . import judged
from .rules import IMPLIED

RECORD = judged.FOLDER / "proof.jsonl"
SEEN = judged.ROOT / "build" / "mutants" / "seen.jsonl"


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rules the whole suite failed a mutant by."""

    mutant: str
    rule: str
    by: dict[str, int]
    """Rule → cases that failed by it."""
    file: str
    """Digest of the mutant's file and of what it imports."""
    suite: str
    """Digest of the cases and the contract that it was judged by."""
    date: str

    @property
    def own(self) -> bool:
        """Whether its rule alone caught it, or no more than what the breach of that rule always breaks too."""
        return set(self.by) == {self.rule} | (IMPLIED[self.rule].by if self.rule in IMPLIED else set())


@cache
def suite_digest() -> str:
    """Return what changes with the cases of suites/anam, with the case classes that they import, or with the contract."""
    files = sorted((judged.ROOT / "suites" / "anam").glob("*.py"))
    contracts = sorted((judged.ROOT / "contracts").rglob("*.yaml"))
    text = b"\0".join(path.read_bytes() for path in [*files, *sorted(set(classes(files))), *contracts])
    return hashlib.sha256(text).hexdigest()[:16]


def classes(files: Iterable[Path]) -> Iterable[Path]:
    """Yield the modules of mockvendors.conformance that these files import."""
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mockvendors.conformance."):
                yield judged.ROOT / f"{(node.module or '').replace('.', '/')}.py"


def proof(outcome: Outcome) -> Proof | None:
    """Return what an outcome proves; nothing where it is a fault of ours."""
    if outcome.kind is Kind.FAULT:
        return None
    mutant = outcome.mutant
    return Proof(
        mutant=mutant.name,
        rule=mutant.rule,
        by=dict(sorted(Counter(case.rule for case in outcome.failed).items())),
        file=judged.digest(mutant.name),
        suite=suite_digest(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
    )


def read(path: Path) -> dict[str, Proof]:
    """Return the proofs in a file, by mutant; a later line of a mutant stands for an earlier one. Raises UsageFault."""
    if not path.exists():
        return {}
    found = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        try:
            each = msgspec.json.decode(line, type=Proof)
        except ValueError as exc:  # also of msgspec's own errors
            raise UsageFault(
                f"{path}:{number}: no line of a proof ({exc})", "Remove the line: make mutants PROOF=1 makes it anew"
            ) from exc
        found[each.mutant] = each
    return found


def remember(each: Proof) -> None:
    """Note what was seen, so that a run that is cut off need not see it again."""
    SEEN.parent.mkdir(parents=True, exist_ok=True)
    with SEEN.open("ab") as file:
        file.write(msgspec.json.encode(each) + b"\n")


def keep(outcome: Outcome) -> None:
    """Keep what a run printed that said nothing of the suite; whoever looks into the fault needs more than its one line."""
    SEEN.parent.mkdir(parents=True, exist_ok=True)
    (SEEN.parent / f"{outcome.mutant.name}.fault").write_text(outcome.output)


def holds(each: Proof | None, mutant: Mutant) -> bool:
    """Tell whether a proof is of this mutant and of today's suite."""
    return each is not None and (each.rule, each.file, each.suite) == (mutant.rule, judged.digest(mutant.name), suite_digest())


def record(proofs: Mapping[str, Proof]) -> None:
    """Write the record, whole."""
    lines = b"".join(msgspec.json.encode(proofs[name]) + b"\n" for name in sorted(proofs))
    write_whole(RECORD, lines)


def own(proofs: Iterable[Proof]) -> dict[str, Proof]:
    """Return for each rule the mutant that only it catches."""
    return {each.rule: each for each in sorted(proofs, key=lambda each: each.mutant, reverse=True) if each.own}


def next_round(
    rules: Collection[str], mutants: Collection[Mutant], proofs: Mapping[str, Proof], tried: Collection[str]
) -> list[Mutant]:
    """Return one more mutant of each rule that has none of its own yet, the likeliest first: see `likely`."""
    found: dict[str, Mutant] = {}
    for mutant in sorted(mutants, key=lambda mutant: (likely(mutant, proofs.get(mutant.name)), mutant.name)):
        if mutant.rule in rules and mutant.name not in tried:
            found.setdefault(mutant.rule, mutant)
    return list(found.values())


def likely(mutant: Mutant, before: Proof | None) -> int:
    """Return 0 for what was its rule's own before, 2 for what met other rules as it is (a busy machine may have), else 1."""
    if before is not None and before.own:
        return 0
    return 2 if holds(before, mutant) else 1
