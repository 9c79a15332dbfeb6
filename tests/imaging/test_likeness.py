"""Whether two pictures show the same image."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests import candidates
from tools import phantom
from tools.phantom_build import build_of

from covidxr.imaging.likeness import (
    ALIKE,
    BITS,
    NEAR_BITS,
    SIDE,
    Fingerprint,
    confirm,
    distance,
    fingerprint,
)
from covidxr.imaging.viewing import eight_bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "sample"


def pixels(data: bytes) -> NDArray[np.uint8]:
    shown = eight_bits(data)
    assert shown is not None
    return shown


def taken(of: bytes | Image.Image) -> Fingerprint:
    if isinstance(of, Image.Image):
        written = io.BytesIO()
        of.save(written, "PNG")
        of = written.getvalue()
    found = fingerprint(pixels(of))
    assert found is not None
    return found


def shown(seed: int) -> Image.Image:
    return Image.open(io.BytesIO(candidates.picture(seed, (640, 600))))


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality)
    return Image.open(written)


def framed(picture: Image.Image, width: int, tone: int = 0) -> Image.Image:
    made = Image.new("L", (picture.width + 2 * width, picture.height + 2 * width), tone)
    made.paste(picture, (width, width))
    return made


def cut(picture: Image.Image, share: float) -> Image.Image:
    across, down = round(picture.width * share), round(picture.height * share)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def marked(picture: Image.Image) -> Image.Image:
    made = picture.copy()
    drawn = ImageDraw.Draw(made)
    drawn.text((20, 20), "AP SUPINE", fill=255, font_size=30)
    drawn.line((200, 200, 260, 240), fill=255, width=6)
    return made


def deep(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)


CHANGES = {
    "half the size": lambda picture: picture.resize((320, 300), Image.Resampling.BILINEAR),
    "JPEG quality 40": lambda picture: jpeg(picture, 40),
    "a black border": lambda picture: framed(picture, 20),
    "a white border": lambda picture: framed(picture, 35, 255),
    "a border, coded as JPEG": lambda picture: jpeg(framed(picture, 20), 60),
    "cut by 3 %": lambda picture: cut(picture, 0.03),
    "16 bits": deep,
    "colour": lambda picture: picture.convert("RGB"),
    "darker": lambda picture: picture.point(lambda level: level * 0.4),
    "letters and an arrow": marked,
    "another shape": lambda picture: picture.resize((640, 400), Image.Resampling.BILINEAR),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("seed", range(5))
def test_a_changed_copy_is_found(change: str, seed: int) -> None:
    before, after = taken(shown(seed)), taken(CHANGES[change](shown(seed)))  # type: ignore[no-untyped-call] # lambdas
    assert distance(before, after) <= NEAR_BITS
    assert confirm(before, after) >= ALIKE


def test_of_two_hundred_different_pictures_no_two_are_alike() -> None:
    made = [taken(candidates.picture(seed)) for seed in range(200)]
    near = [pair for pair in itertools.combinations(made, 2) if distance(*pair) <= NEAR_BITS]
    assert [pair for pair in near if confirm(*pair) >= ALIKE] == []


def test_the_copy_of_a_drawn_chest_is_likelier_than_any_other_chest() -> None:
    # They come from one drawing, so two of them are more alike than two patients ever are.
    made = [chest(number) for number in range(6)]
    prints = [taken(each) for each in made]
    for number, each in enumerate(made):
        copy = taken(jpeg(cut(each, 0.03), 50))
        likeness = [confirm(copy, other) for other in prints]
        assert likeness[number] == max(likeness) >= ALIKE


def chest(number: int) -> Image.Image:
    build = build_of(f"likeness {number}", is_female=False)
    drawn = phantom.draw(build, phantom.Exposure(key="one", view="PA"))
    return Image.fromarray((drawn.pixels * 255).astype(np.uint8))


def test_the_closer_look_is_the_same_either_way_round() -> None:
    one, other = taken(shown(1)), taken(cut(shown(1), 0.05))
    assert confirm(one, other) == pytest.approx(confirm(other, one), abs=1e-6)
    assert confirm(one, one) == pytest.approx(1.0, abs=1e-3)


def test_a_fingerprint_is_small() -> None:
    of = taken(shown(1))
    assert (len(of.bits) * 8, len(of.thumbnail)) == (BITS, SIDE * SIDE)
    assert distance(of, of) == 0


@pytest.mark.parametrize(
    "blank",
    [
        np.zeros((300, 200), np.uint8),
        np.full((50, 60, 3), 255, np.uint8),
        np.zeros((1, 1), np.uint8),
        np.zeros((0, 5), np.uint8),
        np.random.default_rng(1).integers(100, 104, (400, 400), dtype=np.uint8),
        np.pad(np.array([[0, 250], [250, 0]], np.uint8), 300),
    ],
    ids=["black", "white", "one pixel", "no pixel", "noise", "a dot"],
)
def test_a_picture_of_one_tone_has_no_fingerprint(blank: NDArray[np.uint8]) -> None:
    assert fingerprint(blank) is None


@pytest.mark.parametrize("shape", [(2000, 40), (40, 2000), (17, 17), (3000, 16)])
def test_odd_shapes_are_no_trouble(shape: tuple[int, int]) -> None:
    made = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    found = fingerprint(made)
    assert found is None or confirm(found, found) > ALIKE


def test_pictures_with_nothing_in_the_middle_are_not_alike_by_chance() -> None:
    empty = [np.full((400, 400), 128, np.uint8) for _ in range(2)]
    empty[0][:40] = np.random.default_rng(1).integers(0, 256, (40, 400))
    empty[1][:40] = np.random.default_rng(2).integers(0, 256, (40, 400))
    empty[0][-30:, ::3] = 255
    empty[1][-30:, ::7] = 255
    one, other = map(fingerprint, empty)
    assert one is None or other is None or confirm(one, other) < ALIKE


@pytest.mark.skipif(not REAL.is_dir(), reason="real images are not part of the repository")
def test_real_duplicates_are_found_and_nothing_else_is() -> None:
    prints = {
        path.name: found
        for path in sorted(REAL.joinpath("images").iterdir())
        if (found := fingerprint(pixels(path.read_bytes()))) is not None
    }
    assert len(prints) == len(list(REAL.joinpath("images").iterdir()))
    alike = {
        pair
        for pair in itertools.combinations(prints, 2)
        if distance(prints[pair[0]], prints[pair[1]]) <= NEAR_BITS
        and confirm(prints[pair[0]], prints[pair[1]]) >= ALIKE
    }
    lines = (REAL / "duplicates.csv").read_text("utf-8").splitlines()[1:]
    known = {tuple(sorted(line.split(",")[:2])) for line in lines}
    assert known <= {tuple(sorted(pair)) for pair in alike}
    # One more pair was looked at, and is the same radiograph.
    assert len(alike) == len(known) + 1
