"""Pictures as arrays: every format becomes eight bits, and nothing raises."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.pixels import Box, crop_png, decode

if TYPE_CHECKING:
    from numpy.typing import NDArray

RED, CLEAR_RED = (200, 30, 10), (200, 30, 10, 0)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def decoded(data: bytes) -> NDArray[np.uint8]:
    pixels = decode(data)
    assert pixels is not None
    assert pixels.dtype == np.uint8
    return pixels


def png_claiming(width: int, height: int) -> bytes:
    """Make a PNG file whose header claims a size and whose pixels are three bytes."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0\0")),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "WEBP", "JPEG", "GIF"])
def test_every_format_gives_red_green_and_blue_in_this_order(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    pixels = decoded(saved(Image.new("RGB", (40, 20), RED), kind, **options))
    assert pixels.shape == (20, 40, 3)
    assert np.abs(pixels.astype(int) - RED).max() <= 2


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "JPEG"])
def test_grey_stays_grey(kind: str) -> None:
    assert decoded(saved(Image.new("L", (40, 20), 77), kind)).tolist() == [[77] * 40] * 20


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_to_eight(kind: str) -> None:
    deep = Image.fromarray(np.array([[0, 257, 32_896, 65_535]], np.uint16))
    assert decoded(saved(deep, kind)).tolist() == [[0, 1, 128, 255]]


def test_numbers_without_a_white_of_their_own_are_scaled_to_their_largest() -> None:
    real = Image.fromarray(np.array([[0.0, 0.5, 2.0, np.nan]], np.float32))
    assert decoded(saved(real, "TIFF")).tolist() == [[0, 64, 255, 0]]


def test_one_bit_is_black_and_white() -> None:
    assert decoded(saved(Image.new("1", (3, 1), 1), "PNG")).tolist() == [[255] * 3]


def test_what_is_transparent_is_white() -> None:
    assert decoded(saved(Image.new("RGBA", (2, 1), CLEAR_RED), "PNG")).tolist() == [[[255] * 3] * 2]
    assert decoded(saved(Image.new("LA", (2, 1), (0, 0)), "PNG")).tolist() == [[[255] * 3] * 2]


def test_a_palette_is_looked_up_and_its_clear_colour_is_white() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([*RED, 0, 0, 0])
    picture.putpixel((1, 0), 1)
    assert decoded(saved(picture, "PNG")).tolist() == [[list(RED), [0, 0, 0]]]
    assert decoded(saved(picture, "PNG", transparency=1)).tolist() == [[list(RED), [255] * 3]]


def test_inks_become_colours() -> None:
    pixels = decoded(saved(Image.new("CMYK", (8, 8), (0, 0, 0, 255)), "TIFF"))
    assert pixels.shape == (8, 8, 3)
    assert pixels.max() <= 2


def test_the_first_frame_is_taken() -> None:
    frames = [Image.new("L", (4, 4), level) for level in (10, 200)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decoded(data).max() == 10


@pytest.mark.parametrize("size", [(100_001, 1_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_not_decoded(size: tuple[int, int]) -> None:
    assert size[0] * size[1] > MOST_DECODED
    assert decode(png_claiming(*size)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 5_000,
        b"%PDF-1.4",
        b"<html></html>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"II*\0\x08\0\0\0\xff\xff",
        png_claiming(10, 10),
        png_claiming(0, 10),
    ],
)
def test_what_is_no_picture_gives_none(data: bytes) -> None:
    assert decode(data) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_half_a_picture_gives_none(kind: str) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (64, 64, 3), np.uint8)
    data = saved(Image.fromarray(noise), kind)
    assert decode(data) is not None
    assert decode(data[: len(data) // 2]) is None


def test_a_box_knows_its_sides() -> None:
    box = Box(2, 3, 7, 13)
    assert (box.width, box.height) == (5, 10)


def test_a_crop_keeps_every_value() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (30, 40, 3), np.uint8)
    again = decoded(crop_png(pixels, Box(5, 7, 25, 30)))
    assert np.array_equal(again, pixels[7:30, 5:25])


def test_a_crop_without_colour_is_grey_even_of_a_colour_picture() -> None:
    pixels = np.full((10, 20, 3), 90, np.uint8)
    pixels[0, 0] = RED
    assert decoded(crop_png(pixels, Box(0, 0, 5, 5))).ndim == 3
    assert decoded(crop_png(pixels, Box(1, 1, 5, 5))).tolist() == [[90] * 4] * 4
    assert decoded(crop_png(pixels[:, :, 0], Box(1, 1, 5, 5))).tolist() == [[90] * 4] * 4


def test_a_crop_ends_at_the_picture() -> None:
    pixels = np.full((10, 20), 90, np.uint8)
    assert decoded(crop_png(pixels, Box(-4, -4, 99, 99))).shape == (10, 20)


@pytest.mark.parametrize("box", [Box(5, 5, 5, 9), Box(30, 0, 40, 9), Box(-9, -9, -1, -1)])
def test_an_empty_crop_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="holds no pixel"):
        crop_png(np.zeros((10, 20), np.uint8), box)
