"""How long it takes to prepare a frame and to read its stamp, at 1152x768."""

import time
from collections.abc import Callable

import numpy as np

from mockvendors.avatar import stamp
from mockvendors.avatar.face import Face
from mockvendors.avatar.stamp import Stamp

WIDTH, HEIGHT = 1152, 768
ROUNDS = 2000
Row = tuple[str, float, str, str]
"""Name, value, unit, target."""


def rows() -> list[Row]:
    """Measure, and return what was found."""
    face = Face((WIDTH, HEIGHT), ("bench", "1152x768"))
    luma = np.frombuffer(face.data, np.uint8, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    return [
        ("stamp: write and prepare a 1152x768 frame", _each(lambda number: face.update(_mark(number))), "ms", "<= 0.2"),
        ("stamp: read a 1152x768 frame", _each(lambda _: stamp.read(luma)), "ms", "<= 0.4"),
    ]


def _mark(number: int) -> Stamp:
    mouth = number % 5 < 2  # noqa: PLR2004  # a mouth that opens and closes a few times a second
    return Stamp(1, number, number * 40, WIDTH, HEIGHT, mouth=mouth, segment=1)


def _each(work: Callable[[int], object]) -> float:
    """Return the milliseconds that one round takes."""
    work(0)
    began = time.perf_counter()
    for number in range(ROUNDS):
        work(number)
    return (time.perf_counter() - began) / ROUNDS * 1000


if __name__ == "__main__":
    for name, value, unit, target in rows():
        print(f"{name}: {value:.4f} {unit} (target {target})")
