"""Phantoms of a chest, drawn: what the replica's papers and the demo's collection show.

Owns how they look, which is as crude as it can be while a panel of a figure is still taken for a
radiograph or a CT. No picture is a file of the package, none is of a person, and each says that it
is synthetic. The reference collection's own phantoms are drawn elsewhere, and far better.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable

VIEWS = ("PA", "Axial", "Coronal")
"""What a phantom is seen in."""

_SIDE, _EDGE = 360, 3
# Folds of tissue along a side, and how many levels they are deep.
_FOLDS, _DEPTH = 45, 16
_AIR, _LUNG, _TISSUE, _BONE = 16, 62, 150, 205

Numbers = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A picture that is being drawn.

    Parameters
    ----------
    picture : PIL.Image.Image
        Square, grey.
    numbers : numpy.random.Generator
        Makes this phantom another than the next.
    """

    picture: Image.Image
    numbers: Numbers

    def oval(self, middle: tuple[float, float], reach: tuple[float, float], level: int) -> None:
        """Fill an ellipse; places and reaches are parts of the side."""
        (x, y), (wide, tall) = middle, reach
        corners = (x - wide, y - tall, x + wide, y + tall)
        self.pen.ellipse(tuple(_SIDE * each for each in corners), fill=level)

    def arc(self, middle: tuple[float, float], reach: tuple[float, float], turn: int) -> None:
        """Draw a rib: half an ellipse, from `turn` degrees on."""
        (x, y), (wide, tall) = middle, reach
        corners = (x - wide, y - tall, x + wide, y + tall)
        places = tuple(_SIDE * each for each in corners)
        self.pen.arc(places, turn, turn + 160, fill=_TISSUE - 40, width=5)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """What draws on the picture."""
        return ImageDraw.Draw(self.picture)

    def between(self, low: float, high: float) -> float:
        """A number of this phantom's own."""
        return float(self.numbers.uniform(low, high))


@cache
def phantom(number: int, view: str = "PA", size: tuple[int, int] = (360, 360)) -> Image.Image:
    """Draw a phantom that no other number gives.

    Parameters
    ----------
    number : int
        Not negative.
    view : str
        ``"PA"``, ``"Axial"`` or ``"Coronal"``.
    size : tuple of int
        Width and height in pixels.
    """
    numbers = np.random.default_rng([number, VIEWS.index(view)])
    sketch = Sketch(picture=Image.new("L", (_SIDE, _SIDE), _AIR), numbers=numbers)
    _DRAWN[view](sketch)
    soft = sketch.picture.filter(ImageFilter.BoxBlur(4))
    grain = Image.fromarray(numbers.integers(0, 12, (_SIDE, _SIDE), dtype=np.uint8))
    grained = ImageChops.add(_textured(soft, numbers), grain)
    pen = ImageDraw.Draw(grained)
    pen.rectangle((0, 0, _SIDE - 1, _SIDE - 1), outline=_AIR, width=_EDGE)
    pen.text((2 * _EDGE, _SIDE - 16), f"SYNTHETIC {number}", fill=220)
    return grained if size == grained.size else grained.resize(size)


def _textured(soft: Image.Image, numbers: Numbers) -> Image.Image:
    """Give tissue vessels and folds of this phantom's own, so that no two pass for one image."""
    coarse = Image.fromarray(numbers.normal(0, 1, (_FOLDS, _FOLDS)).astype(np.float32))
    folds = np.asarray(coarse.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))
    levels = np.asarray(soft, dtype=np.float32)
    uneven = np.clip(levels + folds * _DEPTH * (levels / _TISSUE), 0, 255)
    return Image.fromarray(uneven.astype(np.uint8))


def encoded(number: int, view: str = "PA", kind: str = "PNG") -> bytes:
    """Give a phantom as a file; `kind` is Pillow's name of the format."""
    out = io.BytesIO()
    phantom(number, view).save(out, kind)
    return out.getvalue()


def _frontal(sketch: Sketch) -> None:
    wide, top = sketch.between(0.13, 0.17), sketch.between(0.42, 0.5)
    sketch.oval((0.5, 0.75), (0.49, 0.62), _TISSUE)
    sketch.pen.rectangle((0.44 * _SIDE, 0, 0.56 * _SIDE, 0.2 * _SIDE), fill=_TISSUE)
    for side in (0.29, 0.71):
        sketch.oval((side, top), (wide, sketch.between(0.29, 0.34)), _LUNG)
    sketch.pen.rectangle((0.475 * _SIDE, 0, 0.525 * _SIDE, _SIDE), fill=_BONE - 20)
    sketch.oval(
        (sketch.between(0.54, 0.58), 0.66), (sketch.between(0.12, 0.17), 0.15), _TISSUE + 25
    )
    for rib in range(7):
        for side, turn in ((0.3, 170), (0.7, 210)):
            sketch.arc((side, 0.26 + 0.085 * rib), (0.21, 0.09), turn)
    _opacities(sketch, (0.2, 0.36), (0.4, 0.68))


def _axial(sketch: Sketch) -> None:
    sketch.oval((0.5, 0.5), (0.5, sketch.between(0.47, 0.5)), _TISSUE)
    for side in (0.3, 0.7):
        sketch.oval(
            (side, 0.48), (sketch.between(0.14, 0.17), sketch.between(0.22, 0.26)), _AIR + 16
        )
    sketch.oval((sketch.between(0.52, 0.56), 0.42), (0.13, 0.12), _TISSUE + 30)
    sketch.oval((0.5, 0.74), (0.06, 0.06), _BONE)
    _opacities(sketch, (0.2, 0.36), (0.4, 0.64))


def _coronal(sketch: Sketch) -> None:
    sketch.oval((0.5, 0.66), (0.5, 0.65), _TISSUE)
    for side in (0.32, 0.68):
        sketch.oval(
            (side, 0.45), (sketch.between(0.12, 0.15), sketch.between(0.28, 0.33)), _AIR + 16
        )
    sketch.oval((0.5, 0.56), (0.12, 0.13), _TISSUE + 30)
    sketch.oval((0.34, 0.86), (0.2, 0.1), _TISSUE + 20)
    _opacities(sketch, (0.24, 0.38), (0.3, 0.6))


def _opacities(sketch: Sketch, across: tuple[float, float], down: tuple[float, float]) -> None:
    """Make each lung cloudy in places of its own."""
    for side in (0, 1):
        for _ in range(int(sketch.numbers.integers(1, 4))):
            x = sketch.between(*across)
            reach = (sketch.between(0.02, 0.06), sketch.between(0.02, 0.06))
            middle = (x if side == 0 else 1 - x, sketch.between(*down))
            sketch.oval(middle, reach, int(sketch.numbers.integers(95, 150)))


_DRAWN: dict[str, Callable[[Sketch], None]] = {
    "PA": _frontal,
    "Axial": _axial,
    "Coronal": _coronal,
}
