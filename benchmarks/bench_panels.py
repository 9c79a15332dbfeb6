"""Score the splitting of compound figures on drawn figures and on real ones, and time it.

Usage: python benchmarks/bench_panels.py [--papers DIR] [--each N] [--seed N]

A box is right at an intersection over union above 0.66 with a box of the same letter. The score of
a figure is the number of right boxes by the larger of the numbers of true and found ones; the score
of a class is the mean over its figures. A failure is a figure below 1; it is flagged where the
result is not confident. The drawn figures are chest phantoms; they are the same for the same seed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from covidxr.imaging.panels import Box, Split, split
from covidxr.imaging.pixels import decode
from covidxr.imaging.radiologic import look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Truth = tuple[tuple[Box, ...], ...]

ROOT = Path(__file__).resolve().parents[1]
RIGHT = 0.66
LAYOUTS = ((1, 2), (2, 1), (1, 3), (3, 1), (2, 2), (2, 3), (3, 2), (1, 4), (2, 4), (3, 3), (3, 4))
CLASSES = ("white gutter", "1-3 px gutter", "black gutter", "no gutter")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with its truth."""

    pixels: Pixels
    panels: Truth


@dataclass(slots=True)
class Tally:
    """What came out for one class of figures."""

    name: str
    scores: list[float] = field(default_factory=list)
    confident: int = 0
    flagged: int = 0
    unflagged: int = 0
    seconds: float = 0.0

    def add(self, truth: Truth, found: Split, seconds: float) -> None:
        """Score one figure."""
        value = score(truth, found.panels)
        self.scores.append(value)
        self.confident += found.confident
        self.flagged += value < 1 and not found.confident
        self.unflagged += value < 1 and found.confident
        self.seconds += seconds

    def line(self) -> str:
        """Give a line of the table."""
        count = len(self.scores)
        return (
            f"| {self.name} | {count} | {np.mean(self.scores):.3f} | {self.confident} |"
            f" {self.flagged} | {self.unflagged} | {count / self.seconds:.0f} |"
        )


def overlap(one: Box, other: Box) -> float:
    """Give the intersection over union of two boxes."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    common = max(width, 0) * max(height, 0)
    return common / (one.width * one.height + other.width * other.height - common)


def score(truth: Truth, found: Truth) -> float:
    """Score one figure."""
    right = sum(
        any(overlap(box, candidate) > RIGHT for candidate in candidates)
        for boxes, candidates in zip(truth, found, strict=False)
        for box in boxes
    )
    return right / max(sum(map(len, truth)), sum(map(len, found)))


def radiograph(rng: Generator, width: int, height: int) -> Pixels:
    """Draw a chest phantom: body, lungs, heart, spine and ribs, with noise."""
    x = np.linspace(-1, 1, width)[None, :]
    y = np.linspace(-1, 1, height)[:, None]
    tilt, wide, dark = rng.uniform(-0.1, 0.1), rng.uniform(0.75, 1.1), rng.uniform(0.3, 0.8)
    body = 1 / (1 + np.exp((np.abs(x - tilt * y) - wide - 0.1 * y) * rng.uniform(8, 25)))
    image = rng.uniform(5, 60) + rng.uniform(110, 170) * body
    for side in (-1, 1):
        across, down = x - side * rng.uniform(0.38, 0.46), y + rng.uniform(0, 0.2)
        lung = (across / rng.uniform(0.25, 0.34)) ** 2 + (down / rng.uniform(0.5, 0.7)) ** 2
        ribs = 1 + 0.25 * np.sin(down * rng.uniform(18, 26) + 2 * across**2 * side)
        image = image - dark * 110 * ribs / (1 + np.exp((lung - 1) * 8))
    heart = ((x - 0.12) / 0.3) ** 2 + ((y - 0.25) / 0.35) ** 2
    image = image + 50 / (1 + np.exp((heart - 1) * 6)) + 30 * np.exp(-((x / 0.09) ** 2))
    image = image + 40 * np.clip(y - rng.uniform(0.3, 0.7), 0, 1) * body
    noisy = image + rng.normal(0, rng.uniform(1, 7), (height, width))
    smooth = cv2.GaussianBlur(noisy, (0, 0), 0.7) * rng.uniform(0.8, 1.15)
    return np.asarray(np.clip(smooth, 0, 255), np.uint8)


def ct_slice(rng: Generator, width: int, height: int) -> Pixels:
    """Draw a slice: a bright body on black, on a table, with dark lungs and vessels."""
    x = np.linspace(-1, 1, width)[None, :]
    y = np.linspace(-1, 1, height)[:, None]
    image = np.full((height, width), rng.uniform(0, 30))
    image[(x / rng.uniform(0.8, 1.1)) ** 2 + (y / rng.uniform(0.7, 1.0)) ** 2 < 1] = 205
    image[np.abs(y - 0.86 + 0.1 * x**2) < 0.03] = 180
    for side in (-1, 1):
        lung = ((x - side * 0.42) / 0.3) ** 2 + ((y + 0.02) / rng.uniform(0.45, 0.6)) ** 2
        image[lung < 1] = rng.uniform(30, 70)
        for _ in range(25):
            at = (side * rng.uniform(0.2, 0.6), rng.uniform(-0.4, 0.4), rng.uniform(0.01, 0.05))
            image[(x - at[0]) ** 2 + (y - at[1]) ** 2 < at[2] ** 2] = rng.uniform(90, 220)
    noisy = cv2.GaussianBlur(image + rng.normal(0, 12, image.shape), (0, 0), 0.8)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def compound(
    rng: Generator, kind: str, image: Callable[[Generator, int, int], Pixels] = radiograph
) -> Drawn:
    """Draw a compound figure of one of `CLASSES`, some with columns that do not align."""
    rows, columns = LAYOUTS[rng.integers(len(LAYOUTS))]
    total = int(rng.integers(700, 1900))
    gutter = _gutter(rng, kind)
    written = kind == "white gutter" and rng.random() < 0.5
    below = int(rng.integers(24, 40)) if written else 0
    shape = [int(total / columns * rng.uniform(0.75, 1.2)) for _ in range(rows)]
    aligned = rng.random() < 0.6 or columns == 1
    shares = rng.dirichlet(np.full(columns, 60.0), 1 if aligned else rows)
    paper = 0 if kind == "black gutter" else 255
    height = sum(shape) + rows * below + (rows - 1) * gutter
    canvas = np.full((height, total), paper, np.uint8)
    boxes: list[Box] = []
    top = 0
    for row, high in enumerate(shape):
        ends = np.cumsum(shares[0 if aligned else row]) * (total + gutter)
        left = 0
        for end in ends.round().astype(int):
            box = Box(left, top, int(end) - gutter, top + high)
            canvas[box.top : box.bottom, box.left : box.right] = image(rng, box.width, box.height)
            place = ((box.left + box.right) // 2 - 14, box.bottom + below - 8)
            if written:
                cv2.putText(canvas, f"({'abcdefghijkl'[len(boxes)]})", place, 0, 0.6, 0, 1, 16)
            boxes.append(box)
            left = int(end)
        top += high + below + gutter
    return Drawn(canvas, tuple((box,) for box in boxes))


def _gutter(rng: Generator, kind: str) -> int:
    if kind == "no gutter":
        return 0
    return int(rng.integers(1, 4) if kind == "1-3 px gutter" else rng.integers(6, 40))


def gold(papers: Path) -> Iterator[Drawn]:
    """Read the real figures whose boxes were measured by hand."""
    truth = papers / "gold" / "panels.json"
    if not truth.is_file():
        return
    for figure in json.loads(truth.read_text("utf-8"))["figures"]:
        pixels = decode((papers / figure["image"]).read_bytes())
        assert pixels is not None, figure["image"]
        panels = tuple(
            tuple(Box(*box) for box in panel["boxes_xyxy"]) for panel in figure["panels"]
        )
        yield Drawn(pixels, panels)


def scaled(figure: Drawn, factor: float) -> Drawn:
    """Change a figure's size."""
    pixels = cv2.resize(figure.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return Drawn(np.asarray(pixels, np.uint8), _moved(figure, lambda value: round(value * factor)))


def recoded(figure: Drawn) -> Drawn:
    """Save a figure as JPEG at quality 60."""
    _, coded = cv2.imencode(".jpg", figure.pixels, [cv2.IMWRITE_JPEG_QUALITY, 60])
    return Drawn(np.asarray(cv2.imdecode(coded, cv2.IMREAD_UNCHANGED), np.uint8), figure.panels)


def cropped(figure: Drawn) -> Drawn:
    """Cut three pixels off at the left and the top."""
    pixels = np.ascontiguousarray(figure.pixels[3:, 3:])
    return Drawn(pixels, _moved(figure, lambda value: max(value - 3, 0)))


def mirrored(figure: Drawn) -> Drawn:
    """Turn left to right; letters then run from the right, so only the boxes keep their places."""
    width = figure.pixels.shape[1]
    panels = tuple(
        tuple(Box(width - box.right, box.top, width - box.left, box.bottom) for box in boxes)
        for boxes in figure.panels
    )
    return Drawn(np.ascontiguousarray(figure.pixels[:, ::-1]), panels)


def _moved(figure: Drawn, move: Callable[[int], int]) -> Truth:
    return tuple(
        tuple(Box(*(move(v) for v in (b.left, b.top, b.right, b.bottom))) for b in boxes)
        for boxes in figure.panels
    )


CHANGES: dict[str, Callable[[Drawn], Drawn]] = {
    "as it is": lambda figure: figure,
    "x 0.7": lambda figure: scaled(figure, 0.7),
    "x 1.3": lambda figure: scaled(figure, 1.3),
    "JPEG 60": recoded,
    "3 px cut off": cropped,
    "mirrored": mirrored,
}


def tallied(name: str, figures: list[Drawn], *, any_order: bool = False) -> Tally:
    """Split figures with the true number of letters."""
    tally = Tally(name)
    for figure in figures:
        start = time.perf_counter()
        found = split(figure.pixels, len(figure.panels))
        taken = time.perf_counter() - start
        truth = figure.panels
        if any_order:
            truth, found = _one(truth), _all_in_one(found)
        if len(figure.panels) > 1:
            tally.add(truth, found, taken)
    return tally


def _one(panels: Truth) -> Truth:
    return (tuple(box for boxes in panels for box in boxes),)


def _all_in_one(found: Split) -> Split:
    return Split(
        panels=_one(found.panels),
        confident=found.confident,
        method=found.method,
        score=found.score,
        reason=found.reason,
    )


def miscounted(figures: list[Drawn]) -> tuple[int, int]:
    """Split with one letter too few and one too many; count the tries, and the confident ones."""
    tries = [
        split(figure.pixels, letters).confident
        for figure in figures
        if len(figure.panels) > 1
        for letters in (len(figure.panels) - 1, len(figure.panels) + 1)
        if letters > 1
    ]
    return len(tries), sum(tries)


def single(images: list[Pixels]) -> str:
    """Count single images that are split: with no letter or one, and with wrong letters."""
    plain = sum(bool(split(image, letters).panels) for image in images for letters in (0, 1))
    wrong = [split(image, letters) for image in images for letters in (2, 3, 4, 6)]
    sure = sum(found.confident for found in wrong)
    return f"{len(images)} images, {plain} split; {sure} of {len(wrong)} sure with 2, 3, 4, 6"


def main() -> int:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--papers", type=Path, default=ROOT.parent / "shared" / "papers")
    parser.add_argument("--each", type=int, default=80, help="drawn figures of each class")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    rng = np.random.default_rng(given.seed)
    drawn = {kind: [compound(rng, kind) for _ in range(given.each)] for kind in CLASSES}
    drawn |= {
        f"CT, {kind}": [compound(rng, kind, ct_slice) for _ in range(given.each)]
        for kind in CLASSES
    }
    real = list(gold(given.papers))
    print("| figures | n | score | sure | failures flagged | not flagged | figures/s |")
    print("|---|---|---|---|---|---|---|")
    for kind, figures in drawn.items():
        print(tallied(kind, figures).line())
    for name, change in CHANGES.items() if real else ():
        figures = [change(figure) for figure in real]
        print(tallied(f"real, {name}", figures, any_order=name == "mirrored").line())
    print("\nWrong number of letters (one more, one less), confident all the same:")
    for kind, figures in {**drawn, "real": real}.items():
        tries, sure = miscounted(figures)
        print(f"  {kind}: {sure} of {tries}")
    print("\nSingle images:")
    print(f"  radiographs: {single([radiograph(rng, 700, 600) for _ in range(given.each)])}")
    print(f"  CT slices: {single([ct_slice(rng, 700, 600) for _ in range(given.each)])}")
    if real:
        print(f"  real: {single([one for figure in real for one in _images(figure)])}")
        print(f"\nLook radiologic: {sum(look(f.pixels).radiologic for f in real)} of {len(real)}")
    else:
        print(f"\nno {given.papers / 'gold'}: real figures are not measured; name with --papers")
    return 0


def _images(figure: Drawn) -> Iterator[Pixels]:
    """Cut the images of a real figure out, a little inside their borders."""
    for box in _one(figure.panels)[0]:
        rows, columns = slice(box.top + 3, box.bottom - 3), slice(box.left + 3, box.right - 3)
        yield np.ascontiguousarray(figure.pixels[rows, columns])


if __name__ == "__main__":
    sys.exit(main())
