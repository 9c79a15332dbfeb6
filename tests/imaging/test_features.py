"""Whether a picture is a part of another, drawn on, mirrored or inverted."""

from __future__ import annotations

import csv
import pickle
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from tools import phantom
from tools.phantom_build import build_of

from covidxr.imaging import shortlists
from covidxr.imaging.features import (
    LEAST_SPOTS,
    SIDE,
    SPOTS,
    VIEWS,
    Features,
    describe,
)
from covidxr.imaging.overlaps import Match, overlap
from covidxr.imaging.shortlists import Look, shortlist
from covidxr.imaging.viewing import eight_bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "sample"


@cache
def shown(seed: int) -> Pixels:
    """A grey picture with shapes of all sizes, another one for each seed."""
    rng = np.random.default_rng(seed)
    height, width = 560, 600
    levels = np.zeros((height, width), np.float32)
    for cells, strength in ((4, 90), (12, 50), (40, 30), (120, 15)):
        noise = rng.uniform(-1, 1, (cells, cells)).astype(np.float32)
        levels += strength * cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + levels, 0, 255).astype(np.uint8)


def taken(of: Pixels) -> Features:
    found = describe(of)
    assert found is not None
    return found


def cut(pixels: Pixels, share: float) -> Pixels:
    """Keep the lower right part."""
    height, width = pixels.shape
    return pixels[round(height * share) :, round(width * share) :]


def scaled(pixels: Pixels, factor: float) -> Pixels:
    made = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(made, np.uint8)


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def marked(pixels: Pixels) -> Pixels:
    picture = Image.fromarray(pixels)
    pen = ImageDraw.Draw(picture)
    pen.text((40, 40), "AP SUPINE 12:40", fill=255, font_size=40)
    pen.line((200, 200, 320, 260), fill=255, width=10)
    pen.ellipse((300, 300, 420, 380), outline=0, width=6)
    return np.asarray(picture)


def dark(pixels: Pixels) -> Pixels:
    return np.asarray(255 * (pixels / 255.0) ** 1.8).astype(np.uint8)


CHANGES = {
    "cut by 5 %": lambda pixels: cut(pixels, 0.05),
    "cut by 10 %": lambda pixels: cut(pixels, 0.1),
    "cut by 30 %": lambda pixels: cut(pixels, 0.3),
    "cut by 40 %": lambda pixels: cut(pixels, 0.4),
    "cut by 20 % and half the size": lambda pixels: scaled(cut(pixels, 0.2), 0.5),
    "half the size": lambda pixels: scaled(pixels, 0.5),
    "JPEG quality 30": lambda pixels: jpeg(pixels, 30),
    "letters, an arrow and a ring": marked,
    "darker": dark,
    "a black border": lambda pixels: np.pad(pixels, ((40, 40), (90, 20))),
    "on its side": lambda pixels: pixels.T[:, ::-1],
    "colour": lambda pixels: np.repeat(pixels[..., None], 3, axis=2),
    "all of it": lambda pixels: jpeg(marked(dark(scaled(cut(pixels, 0.15), 0.8))), 60),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(3))
def test_a_changed_copy_is_found(change: str, seed: int) -> None:
    match = overlap(taken(shown(seed)), taken(CHANGES[change](shown(seed))))  # type: ignore[no-untyped-call] # lambdas
    assert match is not None
    assert (match.mirrored, match.inverted) == (False, False)
    assert match.share > 0.9


@pytest.mark.parametrize(("mirrored", "inverted"), [(True, False), (False, True), (True, True)])
def test_a_mirrored_or_inverted_part_is_found_and_said_to_be(
    *, mirrored: bool, inverted: bool
) -> None:
    part = cut(shown(4), 0.25)
    part = part[:, ::-1] if mirrored else part
    part = 255 - part if inverted else part
    one, other = taken(shown(4)), taken(part)
    match = overlap(one, other)
    assert match is not None
    assert (match.mirrored, match.inverted) == (mirrored, inverted)
    view = mirrored + 2 * inverted
    assert Look(0, 1, view) in shortlist([one, other])
    assert overlap(one, other, [view]) == match
    assert overlap(one, other, [each for each in VIEWS if each != view]) is None


def test_a_match_says_how_the_two_overlap() -> None:
    # The whole is looked at with `SIDE` pixels, a half of it with all 300 that it has.
    match = overlap(taken(shown(5)), taken(cut(shown(5), 0.5)))
    assert match is not None
    assert match.scale == pytest.approx(300 / (SIDE / 2), rel=0.02)
    assert match.turned == pytest.approx(0, abs=1)
    turned = overlap(taken(shown(5)), taken(np.rot90(shown(5), -1)))
    assert turned is not None
    assert turned.turned == pytest.approx(90, abs=1)
    assert turned.correlation > 0.9
    assert turned.spread > 0.9


def test_the_share_is_that_of_what_both_show() -> None:
    # Each of them has 400 of 600 columns, and 200 columns are in both.
    left, right = shown(6)[:, :400], shown(6)[:, 200:]
    match = overlap(taken(left), taken(right))
    assert match is not None
    assert match.share == pytest.approx(0.5, abs=0.03)


def test_of_many_different_pictures_no_two_match() -> None:
    made = [taken(shown(seed)) for seed in range(12)]
    pairs = [(one, other) for place, one in enumerate(made) for other in made[place + 1 :]]
    assert [pair for pair in pairs if overlap(*pair) is not None] == []


def test_pictures_with_the_same_letters_and_ruler_do_not_match() -> None:
    def ruled(pixels: Pixels) -> Pixels:
        picture = Image.fromarray(pixels)
        pen = ImageDraw.Draw(picture)
        for step in range(20):
            pen.line((570, 40 + 24 * step, 590 - step % 5 * 4, 40 + 24 * step), fill=255, width=3)
        pen.text((30, 500), "HOSPITAL OF INVENTION 1234 R", fill=255, font_size=30)
        return np.asarray(picture)

    one, other = ruled(shown(1)), ruled(shown(2))
    assert overlap(taken(one), taken(other)) is None
    assert overlap(taken(one), taken(cut(one, 0.1))) is not None


def test_the_part_of_a_drawn_chest_is_likelier_than_any_other_chest() -> None:
    # They come from one drawing, so two of them are more alike than two patients ever are.
    def chest(number: int) -> Pixels:
        build = build_of(f"features {number}", is_female=bool(number % 2))
        drawn = phantom.draw(build, phantom.Exposure(key="one", view="PA"))
        return np.asarray(drawn.pixels * 255).astype(np.uint8)

    made = [taken(chest(number)) for number in range(6)]
    for number, one in enumerate(made):
        part = taken(cut(chest(number), 0.2))
        matches = [overlap(part, other) for other in made]
        spots = [0 if match is None else match.spots for match in matches]
        assert spots[number] > 2 * max(spots[:number] + spots[number + 1 :])
        assert overlap(one, part) is not None


def test_the_short_list_has_the_copies_and_grows_with_the_pictures_alone() -> None:
    made = [taken(shown(seed)) for seed in range(24)]
    copies = [taken(marked(cut(shown(seed), 0.3))) for seed in range(24)]
    found = shortlist(made + copies)
    # All copies have the same letters and rings, which bring some of them together as well.
    assert {Look(seed, 24 + seed, 0) for seed in range(24)} <= set(found)
    assert len(shortlist(made + copies, most=2)) <= 2 * 48
    assert found == sorted(found)
    assert all(look.first < look.second for look in found)


def test_a_spot_that_all_pictures_have_brings_none_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shortlists, "_CROWD", 5)
    one = taken(shown(1))
    assert {(look.first, look.second) for look in shortlist([one] * 2)} == {(0, 1)}
    assert [look for look in shortlist([one] * 6) if not look.view] == []


def test_of_no_picture_or_one_the_short_list_is_empty() -> None:
    assert shortlist([]) == []
    assert shortlist([taken(shown(1))]) == []


@pytest.mark.parametrize(
    "plain",
    [
        np.zeros((0, 0), np.uint8),
        np.zeros((0, 40, 3), np.uint8),
        np.full((300, 300), 90, np.uint8),
        np.full((1, 1), 3, np.uint8),
        np.full((4, 9_000), 200, np.uint8),
        np.tile(np.linspace(0, 255, 400).astype(np.uint8), (300, 1)),
    ],
    ids=["nothing", "no rows", "one tone", "a pixel", "a line", "a slope"],
)
def test_a_picture_with_nothing_that_stands_out_has_no_features(plain: Pixels) -> None:
    assert describe(plain) is None


def test_features_are_small_and_survive_pickling() -> None:
    one = taken(shown(1))
    assert LEAST_SPOTS < len(one.codes) == len(one.places) <= SPOTS
    packed = pickle.dumps(one)
    assert len(packed) <= 20_480
    again = pickle.loads(packed)  # noqa: S301 - just packed
    assert isinstance(overlap(again, one), Match)


def test_odd_shapes_are_no_trouble() -> None:
    for shape in ((3, 3), (700, 8), (8, 700), (16, 5_000)):
        noise = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
        found = describe(noise)
        assert found is None or overlap(found, found) is None or found.width <= SIDE


@cache
def real() -> dict[str, Features]:
    """Of the images that are known to be the same as others, and of some that are not."""
    with (REAL / "duplicates.csv").open(encoding="utf-8", newline="") as file:
        judged = {row[side] for row in csv.DictReader(file) for side in ("file_a", "file_b")}
    paths = sorted((REAL / "images").glob("*"))
    chosen = [path for place, path in enumerate(paths) if path.name in judged or place % 6 == 0]
    shown = {path.name: eight_bits(path.read_bytes()) for path in chosen}
    found = {name: describe(each) for name, each in shown.items() if each is not None}
    return {name: each for name, each in found.items() if each is not None}


@pytest.mark.skipif(not REAL.exists(), reason="needs the real images in ../shared")
def test_of_real_images_the_nine_pairs_match_and_no_other() -> None:
    names, made = tuple(real()), tuple(real().values())
    matched = {
        frozenset((names[look.first], names[look.second]))
        for look in shortlist(made)
        if overlap(made[look.first], made[look.second], [look.view]) is not None
    }
    with (REAL / "duplicates.csv").open(encoding="utf-8", newline="") as file:
        judged = {frozenset((row["file_a"], row["file_b"])) for row in csv.DictReader(file)}
    assert len(judged) == 9
    assert matched == judged
