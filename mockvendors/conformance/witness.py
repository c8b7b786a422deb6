"""Who saw what a case said: the witnesses of what it holds against its rules, as `witness_reader` finds them in its text."""

from collections.abc import Iterable

import pytest

from mockvendors.conformance.judge import Judgement
from mockvendors.conformance.verdict import Verdict
from mockvendors.conformance.witness_reader import Comparison, Texts

ORDER = ("journal", "avatar", "probe", "process", "driver")
"""From the most trusted to the least. `process` is mockvendors itself, which sees from outside that nothing came within a limit,
or that the implementation's process died. What stands on the driver's word alone is reported by the process that is judged."""

BY_THE_DRIVE = {"core.start.answered": "journal", "core.start.succeeds": "driver", "core.session.no-error": "driver"}
"""What the commands of `Drive` hold an implementation to by themselves."""

NOT_JUDGED = frozenset({Verdict.ERROR, Verdict.NOT_CLAIMED, Verdict.NOT_VERIFIED})
FROM_OUTSIDE = frozenset({Verdict.TIMEOUT, Verdict.CRASH})

_TEXTS: pytest.StashKey[Texts] = pytest.StashKey()


def judged_by(item: pytest.Item, said: Judgement) -> list[str]:
    """Return the witnesses of what a case said, the most trusted first; nobody, where nothing was judged."""
    if said.outcome in NOT_JUDGED:
        return []
    if said.outcome in FROM_OUTSIDE:
        return ["process"]
    texts = item.config.stash.setdefault(_TEXTS, Texts())
    return witnesses(texts.comparisons(item.function, item.cls), said.broken)  # type: ignore[attr-defined]  # a case is a method


def witnesses(compared: Iterable[Comparison], broken: Iterable[str] = ()) -> list[str]:
    """Return who told what was compared; where rules were broken, what was held against these."""
    found, rules = list(compared), set(broken)
    own = [each.witnesses for each in found if each.rule in rules]
    own = own or [frozenset({BY_THE_DRIVE[rule]}) for rule in rules if rule in BY_THE_DRIVE]
    own = own or [each.witnesses for each in found if rules and not each.rule]
    told = frozenset[str]().union(*(own or [each.witnesses for each in found]))
    return [witness for witness in ORDER if witness in told]
