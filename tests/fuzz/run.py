"""One round: a fresh mock, every kind of example with one seed, and a look at what is left behind."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import Phase
from hypothesis.errors import FlakyFailure

from .defect import Defect
from .edges import Edges
from .figures import Figures
from .flows import Flows
from .harness import RunningMock, Spoil
from .play import SHRINKING, Stage
from .single import Singles
from .subject import Subject
from .walks import Walks


@dataclass(frozen=True)
class Budget:
    """Examples of one round."""

    singles: int
    """Of each operation, way, oddity and switch."""
    walks: int
    """Sequences on what was given, of each scene."""
    flows: int
    """Sequences along links."""
    edges: bool = False
    """Whether the fixed list of what is just inside and just outside of each rule comes first."""
    about: str = ""
    """Of that list, only the bodies that have this part; empty: the whole list."""
    phases: tuple[Phase, ...] = SHRINKING


def play_round(subject: Subject, budget: Budget, start: int, figures: Figures, spoil: Spoil | None = None) -> Defect | None:
    """Return what the seed `start` finds wrong with the mock, as small as it can be made; None when nothing is."""
    found = None
    with RunningMock(subject.contract, spoil) as mock:
        stage = Stage(subject, mock, figures, budget.phases)
        try:
            _play(stage, budget, start)
        except Defect as defect:
            found = defect
        except BaseExceptionGroup as group:  # what Hypothesis could not repeat
            found = next(_defects(group), None)
            if found is None:
                raise
            found.repeated = not isinstance(group, FlakyFailure)
    if found is None and mock.left:
        found = Defect("left behind", "; ".join(mock.left))
    return found


def _play(stage: Stage, budget: Budget, start: int) -> None:
    """Play each kind of example, counted as its own way."""
    if budget.edges:
        stage.figures.way = "edges"
        Edges(stage).run(budget.about)
    kinds = {"single calls": (Singles, budget.singles), "walks": (Walks, budget.walks), "links": (Flows, budget.flows)}
    for way, (kind, examples) in kinds.items():
        if examples:
            stage.figures.way = way
            kind(stage).run(examples, start)


def _defects(group: BaseExceptionGroup) -> Iterator[Defect]:
    for error in group.exceptions:
        if isinstance(error, Defect):
            yield error
        elif isinstance(error, BaseExceptionGroup):
            yield from _defects(error)
