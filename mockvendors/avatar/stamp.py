"""The machine-readable strip in the top eighth of every frame, coded in luma.

128 bits lie as 4 rows of 32 black or white cells. Cells are fractions of the picture, so a picture that was scaled on
its way still reads. Cell levels stay clear of the ends of the video range (16 and 235), so that ringing does not clip.

Bits, the most significant first: version 7, tag 16, frame 24, media_ms 24, width 14, height 14, mouth 1, segment 12,
CRC 16.
"""

from binascii import crc_hqx
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

VERSION = 1
ROWS, COLUMNS = 4, 32
SMALLEST = 32
"""Width and height in pixels below which a picture has less than one pixel a cell."""

_BLACK, _WHITE = 56, 200
_CONTRAST = 40
"""Least distance between the darkest and the brightest cell; a picture without it carries no strip."""

_CRC_START = 0xFFFF
_BODY_BYTES = ROWS * COLUMNS // 8 - 2
_FIELDS = (("tag", 16), ("frame", 24), ("media_ms", 24), ("width", 14), ("height", 14), ("mouth", 1), ("segment", 12))
_MASKS = tuple((name, bits, (1 << bits) - 1) for name, bits in _FIELDS)

Luma = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one frame says about itself; numbers wrap at the width of their field."""

    tag: int
    """Which session drew the frame."""
    frame: int
    """Counts generated frames from 0."""
    media_ms: int
    """Milliseconds of the avatar's monotonic clock since it started."""
    width: int
    """Pixels at which the frame was generated."""
    height: int
    mouth: bool
    """True while the mouth is drawn open."""
    segment: int = 0
    """Number of the speech segment that is being played, from 1; 0 before the first."""
    version: int = VERSION


def write(luma: Luma, stamp: Stamp) -> None:
    """Draw the strip of `stamp` into the luma plane (height, width), in place."""
    height, width = luma.shape
    tops, columns = _layout(width, height)
    levels = _levels(_encode(stamp))
    for row in range(ROWS):
        luma[tops[row] : tops[row + 1]] = levels[row][columns]


def read(luma: Luma) -> Stamp | None:
    """Return the stamp of a luma plane (height, width), or None if there is none that can be trusted."""
    height, width = luma.shape
    if width < SMALLEST or height < SMALLEST:
        return None
    rows, columns, share = _samples(width, height)
    sampled = luma[rows, columns].reshape(ROWS, share, COLUMNS, share)
    cells = sampled.sum(axis=(1, 3), dtype=np.int32)
    low, high = int(cells.min()), int(cells.max())
    if high - low < _CONTRAST * share * share:
        return None
    return _decode(np.packbits(cells * 2 > low + high).tobytes())


def _encode(stamp: Stamp) -> bytes:
    value = stamp.version
    for name, bits, mask in _MASKS:
        value = value << bits | (int(getattr(stamp, name)) & mask)
    body = value.to_bytes(_BODY_BYTES, "big")
    return body + crc_hqx(body, _CRC_START).to_bytes(2, "big")


def _decode(data: bytes) -> Stamp | None:
    body = data[:_BODY_BYTES]
    if crc_hqx(body, _CRC_START) != int.from_bytes(data[_BODY_BYTES:], "big"):
        return None
    value = int.from_bytes(body, "big")
    fields: dict[str, int] = {}
    for name, bits, mask in reversed(_MASKS):
        fields[name] = value & mask
        value >>= bits
    if value != VERSION:
        return None
    return Stamp(
        tag=fields["tag"],
        frame=fields["frame"],
        media_ms=fields["media_ms"],
        width=fields["width"],
        height=fields["height"],
        mouth=bool(fields["mouth"]),
        segment=fields["segment"],
        version=value,
    )


def _levels(data: bytes) -> Luma:
    bits = np.unpackbits(np.frombuffer(data, np.uint8)).reshape(ROWS, COLUMNS)
    return bits * np.uint8(_WHITE - _BLACK) + np.uint8(_BLACK)


@lru_cache(maxsize=64)
def _layout(width: int, height: int) -> tuple[list[int], NDArray[np.intp]]:
    """Return the top edges of the cell rows (and the strip's end), and the cell column of each pixel column."""
    if width < SMALLEST or height < SMALLEST:
        raise ValueError(f"a picture of {width}x{height} is too small for a stamp; {SMALLEST} pixels is the least")
    tops = [row * height // (8 * ROWS) for row in range(ROWS + 1)]
    edges = np.arange(COLUMNS + 1) * width // COLUMNS
    return tops, np.repeat(np.arange(COLUMNS), np.diff(edges))


@lru_cache(maxsize=64)
def _samples(width: int, height: int) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
    """Return the pixel rows and columns to look at, as a grid: `share` by `share` a cell, all around its centre."""
    cell = min(width / COLUMNS, height / (8 * ROWS))
    spread = max(0.0, min(0.2, 0.5 - 1 / cell))
    share = 4 if spread else 1
    offsets = np.linspace(0.5 - spread, 0.5 + spread, share)
    rows = ((np.arange(ROWS)[:, None] + offsets) * height / (8 * ROWS)).astype(np.intp).ravel()
    columns = ((np.arange(COLUMNS)[:, None] + offsets) * width / COLUMNS).astype(np.intp).ravel()
    return rows[:, None], columns[None, :], share
