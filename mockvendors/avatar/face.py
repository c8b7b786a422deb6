"""The picture a person sees: drawn once per size, then only the strip, the mouth and the clock change."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mockvendors.avatar import stamp
from mockvendors.avatar.behaviour import Size
from mockvendors.avatar.stamp import Stamp

Box = tuple[int, int, int, int]
Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
"""Luma (height, width) and both chromas at half of that, rounded up."""

_BACKGROUND, _SKIN, _INK, _TEXT, _LIPS = "#233044", "#f2c49b", "#2b2118", "#e8edf5", "#a8343c"
_LUMA = [16 + round(level * 219 / 255) for level in range(256)]
_CHROMA = [128 + round((level - 128) * 224 / 255) for level in range(256)]


class Face:
    """One avatar's own frame buffer of a size; it is written in place and never allocated again."""

    def __init__(self, size: Size, caption: tuple[str, ...]) -> None:
        self.width, self.height = size
        closed, opened = _picture(size, caption, opened=False), _picture(size, caption, opened=True)
        self.data = bytearray(b"".join(plane.tobytes() for plane in closed))
        """The frame as I420: luma, then both chromas, without padding."""
        self._planes = _planes(self.data, size)
        self._strip_end = self.height // 8
        self._patches = tuple(_patches(planes, _mouth_box(size)) for planes in (closed, opened))
        self._open = False

    def adopt(self, buffer: memoryview) -> None:
        """Write into this copy of `data` from now on; older `livekit` frames hold one of their own."""
        self._planes = _planes(buffer, (self.width, self.height))

    def update(self, mark: Stamp) -> None:
        """Make `data` the next frame: its strip, and the mouth where that changed."""
        if mark.mouth != self._open:
            self._open = mark.mouth
            for plane, (rows, columns, patch) in zip(self._planes, self._patches[mark.mouth], strict=True):
                plane[rows, columns] = patch
        stamp.write(self._planes[0], mark)


def _planes(data: bytearray | memoryview, size: Size) -> Planes:
    width, height = size
    chroma = ((height + 1) // 2, (width + 1) // 2)
    flat = np.frombuffer(data, np.uint8)
    first, second = width * height, width * height + chroma[0] * chroma[1]
    return flat[:first].reshape(height, width), flat[first:second].reshape(chroma), flat[second:].reshape(chroma)


def _patches(planes: Planes, box: Box) -> tuple[tuple[slice, slice, NDArray[np.uint8]], ...]:
    """Cut the box out of all three planes; its edges are even numbers."""
    patches = []
    for plane, step in zip(planes, (1, 2, 2), strict=True):
        rows, columns = slice(box[1] // step, box[3] // step), slice(box[0] // step, box[2] // step)
        patches.append((rows, columns, plane[rows, columns].copy()))
    return tuple(patches)


@lru_cache(maxsize=16)
def _picture(size: Size, caption: tuple[str, ...], *, opened: bool) -> Planes:
    """Draw the whole picture and return it as I420 planes in video range."""
    image = Image.new("RGB", size, _BACKGROUND)
    draw = ImageDraw.Draw(image)
    _draw_face(draw, size, opened=opened)
    _draw_caption(draw, size, caption)
    luma, blue, red = image.convert("YCbCr").split()
    half = ((size[0] + 1) // 2, (size[1] + 1) // 2)
    small = (plane.resize(half, Image.Resampling.BOX).point(_CHROMA) for plane in (blue, red))
    return (np.asarray(luma.point(_LUMA)), *(np.asarray(plane) for plane in small))  # type: ignore[return-value]  # mypy does not count a starred generator


def _head(size: Size) -> tuple[float, float, float]:
    """Return centre and radius of the head, below the strip and clear of the caption."""
    width, height = size
    top, bottom = height / 8, height * 0.84
    return width / 2, (top + bottom) / 2, min(width * 0.4, (bottom - top) * 0.46)


def _mouth_box(size: Size) -> Box:
    """Return left, top, right, bottom of what changes when the mouth moves, on even pixels."""
    x, y, radius = _head(size)
    box = (x - 0.5 * radius, y + 0.2 * radius, x + 0.5 * radius, y + 0.85 * radius)
    left, top, right, bottom = (int(edge) // 2 * 2 for edge in box)
    return left, top, right, bottom


def _draw_face(draw: ImageDraw.ImageDraw, size: Size, *, opened: bool) -> None:
    x, y, radius = _head(size)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_SKIN)
    for side in (-0.38, 0.38):
        eye, reach = x + side * radius, 0.11 * radius
        draw.ellipse((eye - reach, y - 0.35 * radius, eye + reach, y - 0.08 * radius), fill=_INK)
    if opened:
        draw.ellipse((x - 0.3 * radius, y + 0.28 * radius, x + 0.3 * radius, y + 0.75 * radius), fill=_LIPS)
    else:
        smile = (x - 0.4 * radius, y + 0.1 * radius, x + 0.4 * radius, y + 0.6 * radius)
        draw.arc(smile, 35, 145, fill=_LIPS, width=max(1, int(radius * 0.07)))


def _draw_caption(draw: ImageDraw.ImageDraw, size: Size, caption: tuple[str, ...]) -> None:
    width, height = size
    font = ImageFont.load_default(size=max(6, height // 26))
    step = height // 22
    for number, line in enumerate(reversed(caption)):
        draw.text((width // 2, height - step * (number + 1)), line, fill=_TEXT, font=font, anchor="mm")
