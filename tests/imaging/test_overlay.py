"""Annotations drawn over their picture."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from tests import marked

from covidxr.annotated import Region
from covidxr.imaging.overlay import COLOURS, Layer, draw

if TYPE_CHECKING:
    from numpy.typing import NDArray

GREY = np.full((300, 200), 90, np.uint8)
ORANGE, BLUE = COLOURS[0], COLOURS[1]


def drawn(*layers: Layer, pixels: NDArray[np.uint8] = GREY) -> Image.Image:
    return Image.open(io.BytesIO(draw(pixels, layers)))


def layer(title: str = "boxes.json", **more: object) -> Layer:
    return Layer(title=title, said=marked.image(**more))


def coloured(picture: Image.Image, colour: tuple[int, int, int]) -> set[tuple[int, int]]:
    """Where a colour stands, in pixels of the image that was drawn on (it is drawn threefold)."""
    found = np.argwhere((np.asarray(picture) == colour).all(axis=2))
    return {(x // 3, y // 3) for y, x in found.tolist()}


def test_a_box_is_drawn_at_its_place() -> None:
    picture = drawn(layer(regions=(marked.box(20, 100, 60, 80, label=""),)))
    assert picture.size[0] == 600
    edge = {(x, y) for x, y in coloured(picture, ORANGE) if y < 300}
    assert min(edge) == (20, 100)
    assert max(x for x, _ in edge) in {79, 80}
    assert max(y for _, y in edge) in {179, 180}


def test_an_outline_and_a_second_file_have_colours_of_their_own() -> None:
    outline = Region(label="", outlines=((10, 10, 90, 10, 50, 90),))
    picture = drawn(
        layer(regions=(marked.box(20, 100, 60, 80, label=""),)),
        layer("other.json", regions=(outline,)),
    )
    assert (50, 10) in coloured(picture, BLUE)
    assert coloured(picture, ORANGE)


def test_a_mask_is_laid_over_and_the_picture_shows_through() -> None:
    half = marked.mask(width=200, height=300, runs=(100 * 300, 100 * 300))
    whole = np.asarray(drawn(layer(masks=(half,))))
    assert whole[400, 100].tolist() == [90, 90, 90]
    inside = whole[400, 450].tolist()
    assert inside != [90, 90, 90]
    assert inside != list(ORANGE)


def test_a_box_of_nulls_is_not_drawn_and_hurts_nobody() -> None:
    nulls = drawn(layer(regions=(marked.box(None, None, None, None),)))
    plain = drawn(layer(regions=()))
    assert np.array_equal(np.asarray(nulls)[:900], np.asarray(plain)[:900])
    assert nulls.size[1] > plain.size[1]


def test_what_reaches_beyond_the_picture_is_cut() -> None:
    picture = drawn(layer(regions=(marked.box(-50, -50, 900, 900, label="far"),)))
    assert picture.size[0] == 600


def test_zones_are_written_over_the_lungs_of_another_file() -> None:
    lungs = (
        marked.box(20, 50, 60, 200, label="Right Lung"),
        marked.box(120, 50, 60, 200, label="Left Lung"),
    )
    scores = tuple(marked.score(zone, "2") for zone in "ABCDEF")
    without = drawn(layer("brixia.csv", scores=scores))
    over = Layer(title="brixia.csv", said=marked.image(scores=scores), lungs=lungs)
    picture = drawn(over)
    changed = np.asarray(picture)[:900] != np.asarray(without)[:900]
    places = {(int(x) // 300, int(y) // 300) for y, x, _ in np.argwhere(changed)}
    assert places == {(side, third) for side in (0, 1) for third in (0, 1, 2)}


def test_the_legend_has_a_line_for_each_score_file_and_each_note() -> None:
    said = marked.image(scores=(marked.score("opacity_mean", "2.0"),))
    plain = drawn(Layer(title="scores.csv", said=said))
    noted = drawn(Layer(title="scores.csv", said=said, notes=("it is of 9 x 9 pixels", "and so")))
    line = (noted.size[1] - plain.size[1]) // 2
    assert line > 0
    assert np.array_equal(
        np.asarray(plain)[: 900 + 3 * line // 2], np.asarray(noted)[: 900 + 3 * line // 2]
    )


def test_a_mask_too_large_to_be_drawn_is_passed_over() -> None:
    huge = marked.mask(width=10**6, height=10**6, runs=(0, 10**12))
    assert np.array_equal(
        np.asarray(drawn(layer(masks=(huge,))))[:900], np.asarray(drawn(layer()))[:900]
    )


def test_a_large_picture_is_drawn_smaller_and_colours_stay() -> None:
    colour = np.zeros((2400, 3600, 3), np.uint8)
    colour[..., 0] = 200
    picture = drawn(layer(), pixels=colour)
    assert picture.size[0] == 1800
    assert np.asarray(picture)[10, 10].tolist() == [200, 0, 0]


def test_the_same_annotations_give_the_same_bytes() -> None:
    one = layer(regions=(marked.box(20, 100, 60, 80),), scores=(marked.score("A", "2"),))
    assert draw(GREY, [one], "a.png") == draw(GREY, [one], "a.png")
