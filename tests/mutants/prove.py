"""`make mutants PROOF=1`: whole runs of the suite on mutants, until each MUST rule has one that only it catches."""

import sys
from collections.abc import Collection

from mockvendors.mutants import Kind, Mutant, Outcome, Runner
from mockvendors.mutants.table import exit_code
from mockvendors.mutants.watch import judge_watched

from . import judged, page, proof
from .proof import Proof
from .rules import need_a_mutant

LIMIT = 900.0
"""Seconds for one whole run: one minute on a quiet machine, some where a mutant lets every wait pass its limit."""


def prove(chosen: Collection[Mutant], jobs: int, *, every_one: bool) -> int:
    """Run what is needed, write record and page, and return the exit code. What was seen before is not run again."""
    mutants = [mutant for mutant in chosen if mutant.rule]
    proofs = known()
    rules = sorted({mutant.rule for mutant in mutants} & set(need_a_mutant()))
    seen = {mutant.name: proofs[mutant.name] for mutant in mutants if proof.holds(proofs.get(mutant.name), mutant)}
    faults = run(mutants, rules, proofs, seen, jobs, every_one=every_one)
    kept = {name: each for name, each in {**proofs, **seen}.items() if (judged.FOLDER / f"{name}.py").exists()}
    proof.record(kept)
    page.write(kept, judged.mutants(), need_a_mutant())
    return tell(rules, seen, faults)


def known() -> dict[str, Proof]:
    """Return what is on record, and what a run has seen since."""
    return {**proof.read(proof.RECORD), **proof.read(proof.SEEN)}


def run(
    mutants: Collection[Mutant],
    rules: Collection[str],
    proofs: dict[str, Proof],
    seen: dict[str, Proof],
    jobs: int,
    *,
    every_one: bool,
) -> list[Outcome]:
    """Judge until nothing is missing or nothing is left to try; `seen` grows. Return the faults of ours."""
    tried, faults = {name for name, each in seen.items() if each.own or every_one}, list[Outcome]()

    def take(outcome: Outcome) -> None:
        found = proof.proof(outcome)
        if found is None:
            faults.append(outcome)
            proof.keep(outcome)
            return
        seen[found.mutant] = found
        proof.remember(found)

    runner = Runner(judged.SUITE, whole=True, limit=LIMIT)
    while True:
        missing = set(rules) - set(proof.own(seen.values()))
        left = [mutant for mutant in mutants if mutant.name not in tried]
        now = left if every_one else proof.next_round(missing, left, proofs, tried)
        if not now:
            return faults
        tried |= {mutant.name for mutant in now}
        judge_watched(runner, now, jobs, take, f"whole runs, {len(missing)} rules to go")


def tell(rules: Collection[str], seen: dict[str, Proof], faults: Collection[Outcome]) -> int:
    """Print which rules have no mutant of their own, and return the exit code."""
    mine = proof.own(seen.values())
    for rule in sorted(set(rules) - set(mine)):
        sys.stdout.write(f"{rule}: no mutant that only it catches\n")
        for each in (each for each in seen.values() if each.rule == rule):
            sys.stdout.write(f"    {each.mutant}: {', '.join(each.by) or 'nothing failed it'}\n")
    missed = [each for each in seen.values() if each.rule not in each.by]
    for each in missed:
        sys.stdout.write(f"{each.mutant}: not failed by {each.rule}\n")
    for each in faults:
        sys.stdout.write(f"{Kind.FAULT}: {each.mutant.name}: {each.told}\n")
    sys.stdout.write(f"{len(set(rules) & set(mine))} of {len(rules)} MUST rules have a mutant that only they catch\n")
    return exit_code(faults) if faults else int(bool(missed) or set(rules) > set(mine))
