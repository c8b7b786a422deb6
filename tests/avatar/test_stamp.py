"""The strip survives every size, scaling and noise, and nothing else reads as one."""

import numpy as np
import pytest
from PIL import Image

from mockvendors.avatar import stamp
from mockvendors.avatar.stamp import Stamp

SIZES = [
    (64, 64), (65, 64), (64, 65), (67, 71), (99, 101), (127, 64), (176, 144), (270, 180), (333, 222), (577, 385),
    (720, 480), (768, 1152), (1152, 768), (1151, 767), (1280, 720), (1919, 1079), (1920, 1080),
]  # fmt: skip


def some_stamp(rng: np.random.Generator, width: int = 1152, height: int = 768) -> Stamp:
    return Stamp(
        tag=int(rng.integers(1 << 16)),
        frame=int(rng.integers(1 << 24)),
        media_ms=int(rng.integers(1 << 24)),
        width=width,
        height=height,
        mouth=bool(rng.integers(2)),
        segment=int(rng.integers(1 << 12)),
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_is_written_is_read_at_every_size(width, height):
    rng = np.random.default_rng(width * 10_000 + height)
    luma = rng.integers(0, 256, (height, width), np.uint8)
    for _ in range(50):
        written = some_stamp(rng, width, height)
        stamp.write(luma, written)
        assert stamp.read(luma) == written


def test_every_size_up_to_200_pixels_reads():
    rng = np.random.default_rng(1)
    for size in range(64, 200):
        luma = np.zeros((size, 263 - size), np.uint8)
        written = some_stamp(rng, 263 - size, size)
        stamp.write(luma, written)
        assert stamp.read(luma) == written, size


@pytest.mark.parametrize("size", [(1152, 768), (768, 1152), (720, 480), (1279, 719)])
@pytest.mark.parametrize("share", [4, 2, 1.5, 3.37])
def test_a_scaled_picture_reads(size, share):
    rng = np.random.default_rng(2)
    width, height = size
    luma = rng.integers(0, 256, (height, width), np.uint8)
    for _ in range(10):
        written = some_stamp(rng, width, height)
        stamp.write(luma, written)
        small = Image.fromarray(luma).resize((int(width / share), int(height / share)), Image.Resampling.BILINEAR)
        assert stamp.read(np.asarray(small)) == written


def test_noise_and_a_narrowed_range_do_not_hurt():
    rng = np.random.default_rng(3)
    luma = np.zeros((768, 1152), np.uint8)
    for _ in range(20):
        written = some_stamp(rng)
        stamp.write(luma, written)
        noisy = np.clip(luma * 0.6 + 30 + rng.normal(0, 25, luma.shape), 0, 255).astype(np.uint8)
        assert stamp.read(noisy) == written


def test_garbage_is_never_a_stamp():
    rng = np.random.default_rng(4)
    for _ in range(3000):
        assert stamp.read(rng.integers(0, 256, (64, 96), np.uint8)) is None
        assert stamp.read(np.kron(rng.integers(0, 2, (32, 32), np.uint8), np.full((2, 2), 200, np.uint8))) is None


def test_a_plain_picture_and_the_last_frame_of_a_track_have_no_stamp():
    assert stamp.read(np.full((768, 1152), 128, np.uint8)) is None
    assert stamp.read(np.zeros((768, 1152), np.uint8)) is None
    for tiny in (2, 8, 31):
        assert stamp.read(np.zeros((tiny, tiny), np.uint8)) is None


def test_each_wrong_cell_is_noticed():
    rng = np.random.default_rng(5)
    luma = np.zeros((64, 64), np.uint8)
    stamp.write(luma, some_stamp(rng))
    for row in range(4):
        for column in range(32):
            broken = luma.copy()
            cell = broken[row * 2 : row * 2 + 2, column * 2 : column * 2 + 2]
            cell[:] = 256 - cell.astype(np.int32)
            assert stamp.read(broken) is None


def test_numbers_wrap_at_their_field():
    luma = np.zeros((64, 64), np.uint8)
    stamp.write(luma, Stamp(tag=1 << 16, frame=(1 << 24) + 5, media_ms=(1 << 24) + 6, width=64, height=64, mouth=True))
    read = stamp.read(luma)
    assert read == Stamp(tag=0, frame=5, media_ms=6, width=64, height=64, mouth=True)


def test_a_picture_too_small_is_refused():
    with pytest.raises(ValueError, match="too small"):
        stamp.write(np.zeros((16, 16), np.uint8), Stamp(0, 0, 0, 16, 16, mouth=False))
