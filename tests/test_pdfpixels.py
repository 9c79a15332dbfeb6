"""Pictures of a PDF: grey, equal, inverted; at which resolution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.pdfs import radiograph
from tests.pdfwords import row

from covidxr.pdfcaptions import captions_of
from covidxr.pdfpixels import agree, grey, looks_inverted, own_scales_of, scales_of
from covidxr.pdfregions import ImageBox, Region
from covidxr.pdfwords import lines_of

CHEST = radiograph()
(CAPTION,) = captions_of(lines_of(row("Figure 1. A chest", 0, 0, size=8)), ("Roman", 10.0))


def colour(*shifts: int) -> Any:
    return np.stack([CHEST.astype(int) + shift for shift in shifts], axis=2).astype(np.uint8)


def test_three_equal_channels_are_one() -> None:
    assert (grey(colour(0, 0, 0)) == CHEST).all()
    assert grey(CHEST) is CHEST


def test_channels_that_differ_by_rounding_are_one() -> None:
    assert (grey(colour(-1, 0, 1)) == CHEST).all()


def test_one_coloured_arrow_keeps_a_picture_in_colour() -> None:
    picture = colour(0, 0, 0)
    picture[50:53, 50:70, 0] = 255
    assert grey(picture).shape == picture.shape


def test_what_two_decoders_make_of_one_file_agrees() -> None:
    assert agree(CHEST, CHEST + 2)
    assert agree(colour(0, 0, 0), CHEST)


def test_a_letter_a_swap_and_another_size_do_not_agree() -> None:
    lettered = CHEST.copy()
    lettered[5, 5] = 255
    assert not agree(CHEST, lettered)
    assert not agree(CHEST, 255 - CHEST)
    assert not agree(CHEST, CHEST[:-1])


def test_a_radiograph_with_bright_corners_looks_inverted() -> None:
    assert looks_inverted(255 - CHEST)
    assert not looks_inverted(CHEST)


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((200, 200), 255, np.uint8),
        np.zeros((200, 200), np.uint8),
        np.pad(CHEST, 60, constant_values=255),
        255 - CHEST[:20, :20],
        255 - colour(0, 0, 0),
        np.zeros((0, 0), np.uint8),
    ],
    ids=["white", "black", "on a white page", "tiny", "colour", "nothing"],
)
def test_what_is_no_radiograph_over_the_whole_figure_is_not_judged(pixels: Any) -> None:
    assert not looks_inverted(pixels)


def region(box: tuple[float, float, float, float], *images: ImageBox) -> Region:
    return Region(page=1, box=box, caption=CAPTION, images=images)


def image(width: int, height: int, box: tuple[float, float, float, float]) -> ImageBox:
    return ImageBox(box=box, width=width, height=height)


def test_the_largest_picture_decides_the_resolution() -> None:
    large = image(600, 600, (0, 0, 144, 144))
    small = image(900, 900, (144, 0, 180, 36))
    assert scales_of(region((0, 0, 180, 144), small, large)) == (600 / 144, 600 / 144)


@pytest.mark.parametrize(("pixels", "dpi"), [(10, 100), (300, 300), (9000, 600)])
def test_the_resolution_has_limits(pixels: int, dpi: float) -> None:
    box = (0.0, 0.0, 72.0, 72.0)
    assert scales_of(region(box, image(pixels, pixels, box))) == pytest.approx((dpi / 72, dpi / 72))
    assert own_scales_of(region(box, image(pixels, pixels, box))) == (pixels / 72, pixels / 72)


def test_a_poster_has_not_more_pixels_than_can_be_held() -> None:
    box = (0.0, 0.0, 5000.0, 5000.0)
    across, along = scales_of(region(box, image(90_000, 90_000, box)))
    assert 5000 * across * 5000 * along <= 60_000_001


def test_a_stretched_picture_keeps_the_shape_that_is_seen() -> None:
    box = (0.0, 0.0, 100.0, 100.0)
    across, along = scales_of(region(box, image(400, 200, box)))
    assert across == along


def test_a_picture_that_says_it_has_no_pixels_is_drawn_at_the_least() -> None:
    box = (0.0, 0.0, 100.0, 100.0)
    assert scales_of(region(box, image(0, 0, box))) == (100 / 72, 100 / 72)
