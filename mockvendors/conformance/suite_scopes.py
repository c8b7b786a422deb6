"""Which function of a file a name means: two classes, or two functions, may each have a helper of that name."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Place:
    """Where a function stands."""

    within: Function | None = None
    """The function around it."""
    home: ast.ClassDef | None = None
    """The class whose `self` it has, as a method or inside of one."""
    method: bool = False
    """It is called by `self`, and not by its bare name."""


class Scopes:
    """All functions and classes of a file."""

    def __init__(self, tree: ast.Module) -> None:
        self.places: dict[Function, Place] = dict(_placed(tree, Place()))
        self._classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]

    def of_self(self, caller: Function, name: str) -> list[Function]:
        """Return what `self.name` may mean: of the caller's class, those above it and those that derive from it; else of any."""
        home = self.places[caller].home
        below = [each for each in self._classes if home in self.above(each)]
        related = {above for each in below for above in self.above(each)}
        methods = [each for each, place in self.places.items() if place.method and each.name == name]
        return [each for each in methods if home is None or self.places[each].home in related]

    def bare(self, caller: Function, name: str) -> list[Function]:
        """Return what `name` means: the functions of the nearest scope that has it."""
        plain = [each for each, place in self.places.items() if not place.method and each.name == name]
        scope: Function | None = caller
        while scope is not None:
            if found := [each for each in plain if self.places[each].within is scope]:
                return found
            scope = self.places[scope].within
        return [each for each in plain if self.places[each].within is None]

    def above(self, home: ast.ClassDef | None) -> list[ast.ClassDef]:
        """Return a class and those of the file that it derives from; none of none."""
        found, waiting = [], [home] if home is not None else []
        while waiting:
            found.append(each := waiting.pop())
            bases = {base.id for base in each.bases if isinstance(base, ast.Name)}
            waiting += [other for other in self._classes if other.name in bases and other not in found]
        return found


def _placed(node: ast.AST, place: Place) -> Iterator[tuple[Function, Place]]:
    """Yield the functions below a node; `place` is that of one which stands right there."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            yield child, place
            yield from _placed(child, Place(child, place.home))
        elif isinstance(child, ast.ClassDef):
            yield from _placed(child, Place(place.within, child, method=True))
        else:
            yield from _placed(child, place)
