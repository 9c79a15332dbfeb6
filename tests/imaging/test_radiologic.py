"""The look at the pixels: images and figures of images pass, charts and colours do not."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from covidxr.imaging.pixels import decode
from covidxr.imaging.radiologic import look

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAPERS = Path(__file__).parents[3] / "shared" / "papers"
GOLD = PAPERS / "gold" / "panels.json"
with_papers = pytest.mark.skipif(not GOLD.is_file(), reason="the sample of papers is not here")


def film(height: int = 300, width: int = 300) -> NDArray[np.uint8]:
    """Draw grey levels that change smoothly, as a radiograph's do."""
    rng = np.random.default_rng(4)
    coarse = rng.integers(20, 235, (8, 8), np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def masked_lungs() -> NDArray[np.uint8]:
    """Draw twelve small pairs of lungs on white."""
    figure = np.full((600, 1000), 255, np.uint8)
    shade = film(600, 1000)
    for row in range(3):
        for column in range(4):
            for side in (-55, 55):
                lung = np.zeros_like(figure)
                centre = (125 + 250 * column + side, 100 + 200 * row)
                cv2.ellipse(lung, centre, (50, 80), 0, 0, 360, 255, -1)
                figure[lung > 0] = shade[lung > 0]
    return figure


def chart() -> NDArray[np.uint8]:
    """Draw grey bars, axes and lines of words on white."""
    figure = np.full((500, 700), 255, np.uint8)
    cv2.line(figure, (60, 20), (60, 450), 0, 2)
    cv2.line(figure, (60, 450), (680, 450), 0, 2)
    for bar in range(6):
        figure[400 - 40 * bar : 450, 90 + 100 * bar : 130 + 100 * bar] = 120
    for line in range(6):
        cv2.putText(figure, "cases a day", (70 + 90 * line, 480), 0, 0.4, 0, 1)
    return figure


def tinted(paper: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Put two films on coloured paper."""
    figure = np.empty((340, 700, 3), np.uint8)
    figure[:] = paper
    for left in (20, 360):
        figure[20:320, left : left + 320] = film(300, 320)[:, :, None]
    return figure


def with_arrow() -> NDArray[np.uint8]:
    figure = np.dstack([film()] * 3)
    cv2.arrowedLine(figure, (50, 50), (120, 120), (255, 0, 0), 6)
    return np.asarray(figure, np.uint8)


@pytest.mark.parametrize(
    "figure",
    [
        film(),
        film(600, 220),
        film(220, 900),
        np.dstack([film()] * 3),
        with_arrow(),
        masked_lungs(),
        tinted((255, 255, 255)),
        tinted((210, 230, 245)),
        film() // 8,
    ],
    ids=["square", "tall", "row", "three channels", "arrow", "masked", "white", "tint", "dark"],
)
def test_what_can_be_radiologic_passes(figure: NDArray[np.uint8]) -> None:
    seen = look(figure)
    assert seen.radiologic, seen
    assert seen.reason == ""


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (chart(), "is white"),
        (np.full((400, 400), 255, np.uint8), "100% of it is white"),
        (np.zeros((400, 400), np.uint8), "only 0% of what is not black is neither"),
        (tinted((90, 140, 200)), "of it is grey"),
        (film(199, 300), "199 pixels, fewer than 200"),
        (film(200, 1100), "5.5 times as long as wide"),
        (np.zeros((0, 10), np.uint8), "no pixels"),
        (np.zeros((1, 1), np.uint8), "1 pixels"),
        (np.zeros((1, 90_000, 3), np.uint8), "1 pixels"),
    ],
    ids=["chart", "white", "black", "colour", "small", "long", "none", "one", "line"],
)
def test_what_cannot_be_radiologic_says_why(figure: NDArray[np.uint8], reason: str) -> None:
    seen = look(figure)
    assert not seen.radiologic
    assert reason in seen.reason


def test_a_colour_photograph_is_not_grey() -> None:
    photograph = np.dstack([film(), np.full((300, 300), 120, np.uint8), film()[::-1]])
    assert "grey" in look(np.asarray(photograph, np.uint8)).reason


def test_the_shares_are_those_of_the_pixels() -> None:
    figure = np.zeros((300, 300, 3), np.uint8)
    figure[:150] = 255
    figure[150:225] = 128
    figure[225:, :, 0] = 200
    seen = look(figure)
    assert (seen.white, seen.grey) == (0.5, 0.75)
    assert seen.midtones == pytest.approx(0.25)


@with_papers
def test_every_radiology_figure_of_the_sample_passes() -> None:
    figures = json.loads(GOLD.read_text("utf-8"))["figures"]
    failed = [one["image"] for one in figures if not passes(PAPERS / one["image"])]
    assert failed == []


@with_papers
def test_no_chart_or_diagram_of_the_sample_passes() -> None:
    with (PAPERS / "figures.csv").open(encoding="utf-8", newline="") as file:
        others = {row["graphic"] for row in csv.DictReader(file) if row["truth"] == "other"}
    files = [file for file in PAPERS.glob("*/*/figures/*") if file.stem in others]
    assert len(files) > 5
    assert [file.name for file in files if passes(file)] == []


def passes(file: Path) -> bool:
    pixels = decode(file.read_bytes())
    assert pixels is not None
    return look(pixels).radiologic
