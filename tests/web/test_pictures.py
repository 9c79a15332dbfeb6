"""What is sent to the browser as it is, what is drawn anew, and what is not shown."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from tests import candidates

from covidxr.web.pictures import THUMBNAIL, NotShownError, shown, thumbnail


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG file of a few bytes whose header claims any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("form", "media"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("BMP", "image/bmp")],
)
def test_what_browsers_know_is_sent_as_it_is(form: str, media: str) -> None:
    data = candidates.picture(1, form=form)
    assert (shown(data).data, shown(data).media_type) == (data, media)


def test_a_tiff_file_is_drawn_anew() -> None:
    made = shown(candidates.picture(1, form="TIFF"))
    assert made.media_type == "image/png"
    with (
        Image.open(io.BytesIO(made.data)) as again,
        Image.open(io.BytesIO(candidates.picture(1))) as before,
    ):
        assert np.array_equal(np.asarray(again), np.asarray(before))


def test_a_picture_of_200_megapixels_is_not_decoded_by_anybody() -> None:
    bomb = png_that_claims(20_000, 10_000)
    for show in (shown, thumbnail):
        with pytest.raises(NotShownError, match=r"200 megapixels \(20000 x 10000\)"):
            show(bomb)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"",
        b"text",
    ],
)
def test_what_is_no_picture_is_never_sent(data: bytes) -> None:
    for show in (shown, thumbnail):
        with pytest.raises(NotShownError):
            show(data)


def test_a_damaged_picture_has_no_thumbnail() -> None:
    with pytest.raises(NotShownError, match="damaged"):
        thumbnail(candidates.picture(1)[:200])


def test_a_thumbnail_is_small_and_keeps_its_shape() -> None:
    small = thumbnail(candidates.picture(1, size=(1000, 500)))
    with Image.open(io.BytesIO(small.data)) as picture:
        assert picture.size == (THUMBNAIL, THUMBNAIL // 2)
    assert small.media_type == "image/jpeg"


def test_a_small_picture_is_not_blown_up() -> None:
    with Image.open(io.BytesIO(thumbnail(candidates.picture(1, size=(40, 30))).data)) as picture:
        assert picture.size == (40, 30)
