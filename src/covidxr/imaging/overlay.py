"""Draw what annotations say over the picture that they are of.

This module owns colours, sizes and where words stand. It reads no file: pixels and records in, a
PNG file out, the same bytes for the same input.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from covidxr.annotated import MOST, SUM, ZONES
from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.maskread import marked_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw as Pen
    from PIL.ImageFont import FreeTypeFont
    from PIL.ImageFont import ImageFont as PlainFont

    from covidxr.annotated import Annotated, Region, Score

Colour = tuple[int, int, int]

# Okabe and Ito's palette, told apart by people who do not see all colours (2008, jfly.uni-koeln.de
# /color); without black, which a radiograph has of its own.
COLOURS: tuple[Colour, ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (213, 94, 0),
    (204, 121, 167),
    (0, 114, 178),
)
_PAPER, _INK = (18, 18, 18), (240, 240, 240)
# Pixels of the longer side: smaller pictures are drawn larger, so that words can be read on them.
_SMALLEST, _LARGEST = 900, 1800
_OPACITY = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one file says of the picture.

    Parameters
    ----------
    title : str
        The file, for the legend.
    said : Annotated
        Its marks and scores.
    lungs : tuple of Region
        Where the lungs are, for scores of their zones; empty where nothing says.
    notes : tuple of str
        What does not lie on the picture as it was meant, for the legend.
    """

    title: str
    said: Annotated
    lungs: tuple[Region, ...] = ()
    notes: tuple[str, ...] = ()


def draw(pixels: NDArray[np.uint8], layers: Sequence[Layer], name: str = "") -> bytes:
    """Draw layers over a picture, with a legend below.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
        The picture as it is looked at.
    layers : sequence of Layer
        In the order in which they are drawn.
    name : str
        Of the image, for the legend.

    Returns
    -------
    bytes
        A PNG file. A box of nulls is not drawn and is named in the legend; what reaches beyond the
        picture is cut at its edge.
    """
    from PIL import Image

    scale = _scale(pixels.shape[:2])
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    picture = Image.fromarray(pixels).convert("RGB").resize(size, Image.Resampling.BICUBIC)
    legend: list[tuple[Colour | None, str]] = [(None, name)] if name else []
    colours = _Colours()
    for layer in layers:
        picture = _masks(picture, layer, colours, scale)
    canvas = _Canvas(picture, scale)
    for layer in layers:
        for region in layer.said.regions:
            canvas.region(region, colours.of(layer, region.label))
        canvas.zones(layer)
        legend += _legend(layer, colours)
    out = io.BytesIO()
    canvas.with_legend(legend).save(out, "PNG", optimize=False)
    return out.getvalue()


class _Colours:
    """Gives each label of each layer a colour of its own, as far as there are some."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], Colour] = {}

    def of(self, layer: Layer, label: str) -> Colour:
        key = (layer.title, label)
        return self._given.setdefault(key, COLOURS[len(self._given) % len(COLOURS)])


def _scale(shape: tuple[int, ...]) -> float:
    longer = max(1, *shape)
    if longer < _SMALLEST:
        return float(-(-_SMALLEST // longer))
    return min(1.0, _LARGEST / longer)


def _masks(picture: Picture, layer: Layer, colours: _Colours, scale: float) -> Picture:
    from PIL import Image

    for mask in layer.said.masks:
        pixels = (mask.width or 0) * (mask.height or 0)
        if not mask.width or not mask.height or not mask.runs or pixels > MOST_DECODED:
            continue
        marked = marked_of(mask.runs, mask.width, mask.height)
        # Laid on as it lies on the image; a mask of another size is stretched, as readers do.
        grown = Image.fromarray(marked.astype(np.uint8) * 255).resize(
            picture.size, Image.Resampling.NEAREST
        )
        tint = Image.new("RGB", picture.size, colours.of(layer, mask.label))
        edge = _edge(np.asarray(grown) > 0, max(1, round(2 * max(1.0, scale / 2))))
        through = np.where(edge, 230, np.where(np.asarray(grown) > 0, int(255 * _OPACITY), 0))
        picture = Image.composite(tint, picture, Image.fromarray(through.astype(np.uint8)))
    return picture


def _edge(marked: NDArray[np.bool_], thick: int) -> NDArray[np.bool_]:
    inner = marked.copy()
    for _ in range(thick):
        grown = np.pad(inner, 1)
        inner = grown[1:-1, 1:-1] & grown[:-2, 1:-1] & grown[2:, 1:-1]
        inner &= grown[1:-1, :-2] & grown[1:-1, 2:]
    return marked & ~inner


class _Canvas:
    """A picture that is drawn on, in the coordinates of the image."""

    def __init__(self, picture: Picture, scale: float) -> None:
        from PIL import ImageDraw, ImageFont

        self._picture, self._scale = picture, scale
        self._draw: Pen = ImageDraw.Draw(picture)
        self._points = max(14, round(max(picture.size) / 55))
        self._font: FreeTypeFont | PlainFont = ImageFont.load_default(self._points)
        self._line = max(2, round(max(picture.size) / 450))

    def region(self, region: Region, colour: Colour) -> None:
        for outline in region.outlines:
            points = [(x * self._scale, y * self._scale) for x, y in _pairs(outline)]
            self._draw.line([*points, points[0]], fill=colour, width=self._line, joint="curve")
            self._words(region.label, min(points, key=lambda point: point[1]), colour)
        corners = _corners(region)
        if corners is not None:
            left, top, right, bottom = (each * self._scale for each in corners)
            if right >= left and bottom >= top:
                self._draw.rectangle((left, top, right, bottom), outline=colour, width=self._line)
                self._words(region.label, (left, top), colour)

    def zones(self, layer: Layer) -> None:
        """Write Brixia scores over the lungs, where anything says where those are."""
        told = {score.name: score.text for score in layer.said.scores if score.name in ZONES}
        regions = layer.lungs or layer.said.regions
        lungs = {side: _lung(regions, side) for side in ("right", "left")}
        for at, zone in enumerate(ZONES):
            corners = lungs["right" if at < 3 else "left"]  # noqa: PLR2004 - zones of a lung
            if zone in told and corners is not None:
                left, top, right, bottom = corners
                third = (bottom - top) / 3
                where = ((left + right) / 2, top + third * (at % 3 + 0.5))
                self._words(
                    f"{zone} {told[zone]}", (where[0] * self._scale, where[1] * self._scale), _INK
                )

    def _words(self, words: str, at: tuple[float, float], colour: Colour) -> None:
        if not words:
            return
        pad = self._points // 5
        width, height = self._picture.size
        box = self._draw.textbbox((0, 0), words, font=self._font)
        x = min(max(at[0], 0), max(0, width - box[2] - 2 * pad))
        y = min(max(at[1], 0), max(0, height - box[3] - 2 * pad))
        self._draw.rectangle((x, y, x + box[2] + 2 * pad, y + box[3] + 2 * pad), fill=_PAPER)
        self._draw.text((x + pad, y + pad), words, fill=colour, font=self._font)

    def with_legend(self, lines: Sequence[tuple[Colour | None, str]]) -> Picture:
        from PIL import Image, ImageDraw

        if not lines:
            return self._picture
        step = round(self._points * 1.5)
        width, height = self._picture.size
        whole = Image.new("RGB", (width, height + step * (len(lines) + 1)), _PAPER)
        whole.paste(self._picture, (0, 0))
        pen = ImageDraw.Draw(whole)
        for number, (colour, words) in enumerate(lines):
            y = height + step // 2 + number * step
            if colour is not None:
                pen.rectangle((step // 2, y + step // 6, step, y + 2 * step // 3), fill=colour)
            room = width - 2 * step
            shown = _fitting(pen, words, self._font, room)
            pen.text((1.5 * step, y), shown, fill=_INK, font=self._font)
        return whole


def _fitting(pen: Pen, words: str, font: FreeTypeFont | PlainFont, room: float) -> str:
    if pen.textlength(words, font=font) <= room:
        return words
    while words and pen.textlength(f"{words}…", font=font) > room:
        words = words[:-1]
    return f"{words}…"


def _corners(region: Region) -> tuple[float, float, float, float] | None:
    if region.box is None:
        return None
    left, top, width, height = region.box
    if left is None or top is None or width is None or height is None:
        return None
    return left, top, left + width, top + height


def _lung(regions: Sequence[Region], side: str) -> tuple[float, float, float, float] | None:
    found = (each for each in regions if side in each.label.lower())
    return next((corners for each in found if (corners := _corners(each)) is not None), None)


def _pairs(outline: Sequence[float]) -> Iterator[tuple[float, float]]:
    return zip(outline[::2], outline[1::2], strict=True)


def _legend(layer: Layer, colours: _Colours) -> Iterator[tuple[Colour | None, str]]:
    said = layer.said
    labels = [*(each.label for each in said.regions), *(each.label for each in said.masks)]
    for label in dict.fromkeys(labels):
        yield colours.of(layer, label), f"{label or 'marked'}: {layer.title}"
    scores = [each for each in said.scores if each.text]
    if scores:
        order = [each for each in scores if each.name != SUM]
        order += [each for each in scores if each.name == SUM]
        yield None, f"{', '.join(map(_scored, order))}: {layer.title}"
    for note in layer.notes:
        yield None, f"! {note}"


def _scored(score: Score) -> str:
    """Give a score, and of one that stands alone the greatest there is."""
    most = MOST.get(score.name)
    return f"{score.name} {score.text}" + (
        f" of {most}" if most and score.name not in ZONES else ""
    )
