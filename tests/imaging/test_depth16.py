"""Frames as PNG of sixteen bits, and the way back to what was stored."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests import persons

from covidxr.imaging.cleaned import UncleanError
from covidxr.imaging.depth16 import Picture, each_picture, pictures


def pixels(png: bytes | None) -> Any:
    assert png is not None
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture)


def back(picture: Picture) -> Any:
    return picture.slope * pixels(picture.png16).astype(np.int64) + picture.offset


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    ("kind", "bits", "values"),
    [
        ("u1", 8, [0, 1, 128, 255]),
        ("<u2", 12, [0, 1, 2047, 4095]),
        ("<u2", 16, [0, 1, 32768, 65535]),
        ("<i2", 12, [-2048, -1, 0, 2047]),
        ("<i2", 16, [-32768, -1, 0, 32767]),
        ("i1", 8, [-128, -1, 0, 127]),
    ],
)
def test_every_stored_number_is_found_again(
    photometric: str, kind: str, bits: int, values: list[int]
) -> None:
    stored = np.array(values, dtype=kind).reshape(2, 2)
    data = persons.radiograph(
        stored, PhotometricInterpretation=photometric, BitsStored=bits, HighBit=bits - 1
    )
    (picture,) = pictures(data)
    assert (back(picture) == stored).all()
    assert pixels(picture.png16).dtype == np.uint16
    assert picture.inverted == (photometric == "MONOCHROME1")


def test_what_is_dense_is_white_in_both_copies() -> None:
    stored = np.array([[0, 4095], [1000, 3000]], dtype="<u2")
    data = persons.radiograph(
        stored, PhotometricInterpretation="MONOCHROME1", BitsStored=12, HighBit=11
    )
    (picture,) = pictures(data)
    for png in (picture.png16, picture.png8):
        shown = pixels(png)
        assert shown[0, 0] == shown.max()
        assert shown[0, 1] == shown.min()
    assert pixels(picture.png16).max() == 4095


def test_the_viewing_copy_goes_through_the_window_of_the_file() -> None:
    stored = np.array([[0, 900], [1010, 1100]], dtype="<i2")
    data = persons.radiograph(
        stored, RescaleSlope="2", RescaleIntercept="-1000", WindowCenter="1000.5", WindowWidth="201"
    )
    shown = pixels(pictures(data)[0].png8)
    assert shown.tolist() == [[0, 0], [153, 255]]


@pytest.mark.parametrize("slope", [None, "2"])
def test_the_viewing_copy_goes_through_the_table_of_the_file(slope: str | None) -> None:
    step = 1 if slope is None else 2
    table = persons.item(LUTDescriptor=[4, 100 * step, 8])
    table.add_new(0x00283006, "OW", np.array([0, 40, 200, 255], dtype="<u2").tobytes())
    made = persons.dataset(np.array([[50, 100], [101, 200]], dtype="<u2"))
    made.VOILUTSequence = [table]
    if slope:
        made.RescaleSlope, made.RescaleIntercept = slope, "0"
    shown = pixels(pictures(persons.file(made))[0].png8)
    assert shown.tolist() == [[0, 0], [40 if slope is None else 200, 255]]


def test_a_palette_is_written_as_colour() -> None:
    made = persons.dataset(np.array([[0, 1], [2, 2]], dtype=np.uint8))
    made.PhotometricInterpretation = "PALETTE COLOR"
    for colour, shades in (("Red", [0, 65535, 0]), ("Green", [0, 0, 32768]), ("Blue", [257, 0, 0])):
        setattr(made, f"{colour}PaletteColorLookupTableDescriptor", [3, 0, 16])
        data = np.array(shades, dtype="<u2").tobytes()
        setattr(made, f"{colour}PaletteColorLookupTableData", data)
    (picture,) = pictures(persons.file(made))
    assert picture.png16 is None
    green = [0, 128, 0]
    assert pixels(picture.png8).tolist() == [[[0, 0, 1], [255, 0, 0]], [green, green]]


def test_a_window_that_makes_no_sense_is_passed_over() -> None:
    stored = np.array([[0, 1000], [2000, 4000]], dtype="<u2")
    data = persons.radiograph(stored, WindowCenter="", WindowWidth="0")
    shown = pixels(pictures(data)[0].png8)
    assert (shown.min(), shown.max()) == (0, 255)


def test_without_a_window_padding_does_not_darken_the_picture() -> None:
    stored = np.full((20, 20), -2000, dtype="<i2")
    stored[5:15, 5:15] = np.linspace(0, 200, 100).reshape(10, 10)
    shown = pixels(pictures(persons.radiograph(stored, PixelPaddingValue=-2000))[0].png8)
    assert shown[6, 5] < 60
    assert shown[14, 14] == 255
    assert shown[0, 0] == 0


def test_colour_is_written_as_it_is() -> None:
    stored = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
    (picture,) = pictures(persons.radiograph(stored))
    assert picture.png16 is None
    assert (pixels(picture.png8) == stored).all()


def test_frames_come_in_order_and_one_at_a_time() -> None:
    stored = np.arange(24, dtype="<u2").reshape(2, 3, 4)
    made = persons.dataset(stored[0])
    made.NumberOfFrames = 2
    made.PixelData = stored.tobytes()
    given = each_picture(persons.file(made))
    assert (back(next(given)) == stored[0]).all()
    # Whoever takes a picture may read another file before the next.
    assert len(pictures(persons.radiograph())) == 1
    assert (back(next(given)) == stored[1]).all()
    assert next(given, None) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"nothing", "cannot be read"),
        (persons.radiograph()[:-8], "frame 1 cannot be decoded"),
        (persons.radiograph(Rows=60000, Columns=60000), "frame 1 cannot be decoded"),
        (persons.radiograph(np.array([[0, 70000]], dtype="<u4")), "do not fit into 16 bits"),
    ],
)
def test_what_cannot_be_shown_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UncleanError, match=words):
        pictures(data)
