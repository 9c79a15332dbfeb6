"""Annotations turned into COCO JSON, a folder of masks or one table, and what is lost by it.

This workflow joins annotation files, the table and geometry. What cannot be turned is named with
the reason. It prints nothing and writes nothing but what it is asked for.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from covidxr import annotatedimages, cocoform, exportfolder
from covidxr.annotated import Mask, Region
from covidxr.annotationedit import stem
from covidxr.imaging import regions
from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.maskread import marked_of, png_of, runs_of
from covidxr.model import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from covidxr.annotatedimages import MarkedImage, MarkedImages
    from covidxr.imaging.regions import Loss


# Letters of a label in a file's name; a name has room for 255 bytes, the image's own among them.
_LONGEST = 30

_COLUMNS = ("filename", "file", "kind", "label", "left", "top", "width", "height", "value")


class Target(StrEnum):
    """What annotations are turned into."""

    COCO = "coco"
    MASKS = "masks"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to turn, and how.

    Parameters
    ----------
    to : Target
        Into what.
    only : tuple of str
        Annotation files, by their path or the end of it; empty means all.
    tolerance : float or None
        Pixels by which an outline may leave a mask's edge; None keeps masks as masks in COCO.
    """

    to: Target
    only: tuple[str, ...] = ()
    tolerance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one kind of turning lost, measured there and back.

    Parameters
    ----------
    name : str
        Such as ``"mask to outline and back"``.
    losses : tuple of (str, Loss)
        Of each mark, with its image.
    """

    name: str
    losses: tuple[tuple[str, Loss], ...]

    @property
    def worst(self) -> tuple[str, Loss]:
        """The mark that lost most."""
        return min(self.losses, key=lambda each: each[1].overlap)

    @property
    def median(self) -> float:
        """Overlap of the mark in the middle."""
        return float(np.median([each.overlap for _, each in self.losses]))


@dataclass(slots=True, kw_only=True)
class Converted:
    """What came of it.

    Attributes
    ----------
    files : dict of str to bytes
        By path relative to the target; one of empty name where the target is one file.
    marks : int
        How many marks and scores were turned.
    left_out : list of (str, str)
        Image and reason.
    notes : list of (str, str)
        Image, and what became of a mark instead of what was asked for; nothing is lost.
    lost : dict of str to list of (str, Loss)
        What was lost, by the kind of turning.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    marks: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    lost: dict[str, list[tuple[str, Loss]]] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What each kind of turning lost."""
        return tuple(Step(name=name, losses=tuple(each)) for name, each in self.lost.items())


def convert(root: Path, wanted: Wanted) -> Converted:
    """Turn the annotations of a collection.

    Parameters
    ----------
    root : Path
        The collection's folder.
    wanted : Wanted
        What, and into what.

    Raises
    ------
    UsageError
        If no file fits.
    CollectionError
        If the collection cannot be read.
    """
    marked = annotatedimages.gathered(root, wanted.only)
    making = _Making(wanted, marked)
    makers = {Target.COCO: making.coco, Target.MASKS: making.masks, Target.CSV: making.table}
    makers[wanted.to]()
    return making.converted


class _Making:
    """Turns image after image."""

    def __init__(self, wanted: Wanted, marked: MarkedImages) -> None:
        self._wanted, self._images, self._files = wanted, marked.images, marked.files
        self.converted = Converted(left_out=marked.left_out)
        # Of masks, which image and which marks a path is taken by.
        self._taken: dict[str, str] = {}

    def _leave(self, name: str, why: str) -> None:
        self.converted.left_out.append((name, why))

    def _lost(self, step: str, name: str, loss: Loss) -> None:
        self.converted.lost.setdefault(step, []).append((name, loss))

    # -- COCO --------------------------------------------------------------------------

    def coco(self) -> None:
        made = cocoform.Instances(
            info={"description": "Annotations of a collection, put together by covidxr."},
            licenses=[
                {"id": number, "name": file.licence or "not said", "url": "", "of": file.path}
                for number, file in enumerate(self._files, start=1)
            ],
        )
        numbers = {file.path: number for number, file in enumerate(self._files, start=1)}
        for image in self._images:
            told = cocoform.scores(score for _, score in image.scores)
            if image.size is None:
                self._leave(image.name, "nothing says its size, and its file is not there")
                continue
            number = made.image(image.name, image.size, {"attributes": told} if told else {})
            for path, region in image.regions:
                made.region(number, region, {"license": numbers[path]})
            for path, mask in image.masks:
                self._mask(made, (number, image.name), mask, {"license": numbers[path]})
            self.converted.marks += len(told) + len(image.regions) + len(image.masks)
        self.converted.files[""] = made.text.encode()

    def _mask(
        self, made: cocoform.Instances, image: tuple[int, str], mask: Mask, more: dict[str, int]
    ) -> None:
        number, name = image
        if self._wanted.tolerance is None:
            made.mask(number, mask, more)
            return
        marked = _pixels(mask)
        outlines = regions.outlines_of(marked, self._wanted.tolerance)
        again = regions.mask_of_outlines(outlines, marked.shape[1], marked.shape[0])
        if not outlines or regions.has_holes(marked):
            # Readers of COCO fill every outline: a hole would be lost.
            made.mask(number, mask, more)
            why = "has a hole" if outlines else "leaves no outline"
            self.converted.notes.append((name, f"its mask {why}: written as runs"))
            return
        self._lost("mask to outline and back", name, regions.loss(marked, again))
        made.region(number, Region(label=mask.label, outlines=outlines), more)

    # -- masks -------------------------------------------------------------------------

    def masks(self) -> None:
        for image in self._images:
            layers: dict[str, NDArray[np.bool_]] = {}
            for _, region in image.regions:
                marked = self._filled(image, region)
                if marked is not None:
                    self._lay(layers, region.label, marked)
            for _, mask in image.masks:
                self._lay(layers, mask.label, _pixels(mask))
            for ending, marked in layers.items():
                self._write_mask(image.name, ending, marked)

    def _filled(self, image: MarkedImage, region: Region) -> NDArray[np.bool_] | None:
        """Fill a region, and measure what that loses; None where nothing is left of it."""
        if image.size is None:
            self._leave(image.name, "nothing says its size, and its file is not there")
            return None
        if image.size[0] * image.size[1] > MOST_DECODED:
            self._leave(image.name, f"it is said to have more than {MOST_DECODED:,} pixels")
            return None
        if region.outlines:
            marked = regions.mask_of_outlines(region.outlines, *image.size)
        else:
            marked = regions.mask_of_boxes([_box(region)], *image.size)
        if not marked.any():
            self._leave(image.name, f"{region.label or 'a mark'} holds the middle of no pixel")
            return None
        if region.outlines:
            loss = regions.outline_loss(region.outlines, marked)
            self._lost("outline to mask", image.name, loss)
        else:
            loss = regions.box_loss(_box(region), regions.box_around(marked))
            self._lost("box to mask and back", image.name, loss)
        return marked

    def _lay(
        self, layers: dict[str, NDArray[np.bool_]], label: str, marked: NDArray[np.bool_]
    ) -> None:
        """Put a mark to the others of its label, which are one mask together."""
        self.converted.marks += 1
        ending = "-".join("".join(c if c.isalnum() else " " for c in label.lower()).split())
        ending = ending[:_LONGEST]
        layers[ending] = layers[ending] | marked if ending in layers else marked

    def _write_mask(self, name: str, ending: str, marked: NDArray[np.bool_]) -> None:
        path = f"{stem(name)}_mask{f'_{ending}' if ending else ''}.png"
        if path in self._taken:
            self._leave(name, f"{path} is the mask of {self._taken[path]}")
            return
        self._taken[path] = name
        height, width = marked.shape
        mask = Mask(path=path, width=width, height=height, runs=runs_of(marked))
        self.converted.files[path] = png_of(mask)

    # -- a table -----------------------------------------------------------------------

    def table(self) -> None:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for image in self._images:
            rows = list(self._rows(image))
            self.converted.marks += len(rows)
            writer.writerows((image.name, *row) for row in rows)
        self.converted.files[""] = out.getvalue().encode()

    def _rows(self, image: MarkedImage) -> Iterator[tuple[str, ...]]:
        for path, region in image.regions:
            kind = "outline" if region.box is None else "box"
            yield path, kind, region.label, *map(_number, _box(region)), ""
        for path, mask in image.masks:
            marked = _pixels(mask)
            boxes = regions.boxes_of(marked)
            if not boxes:
                self._leave(image.name, f"{mask.path or path} marks nothing")
                continue
            for box in boxes:
                yield path, "mask", mask.label, *map(_number, box), ""
            again = regions.mask_of_boxes(boxes, marked.shape[1], marked.shape[0])
            self._lost("mask to boxes and back", image.name, regions.loss(marked, again))
        for path, score in image.scores:
            yield path, "score", score.name, "", "", "", "", score.text


def _pixels(mask: Mask) -> NDArray[np.bool_]:
    return marked_of(mask.runs, mask.width or 0, mask.height or 0)


def _box(region: Region) -> regions.Box:
    """Give a region's box, or the one around its outlines."""
    if region.box is None:
        return cocoform.around(region.outlines)
    left, top, width, height = (each or 0.0 for each in region.box)
    return left, top, width, height


def write_folder(converted: Converted, folder: Path, root: Path, *, force: bool) -> None:
    """Write masks into a folder, all of them or none, with a list of their hashes.

    Parameters
    ----------
    converted : Converted
        With files of several names.
    folder : Path
        A new folder, or with `force` one that was written so before.
    root : Path
        The collection's folder.
    force : bool
        Whether an older one is replaced.

    Raises
    ------
    CollectionError
        If something else lies there, or the disk refuses; then nothing was changed.
    """
    artifacts = [Artifact(path=path, data=data) for path, data in converted.files.items()]
    exportfolder.write(folder, artifacts, root, force=force)


def _number(value: float) -> str:
    """Write a coordinate with every digit that it has."""
    number = cocoform.plain(float(value))
    return "" if number is None else repr(number)


def summed(steps: Sequence[Step]) -> list[dict[str, object]]:
    """Give what was lost as plain values, a step each."""
    return [
        {
            "step": each.name,
            "marks": len(each.losses),
            "median_overlap": round(each.median, 4),
            "worst_overlap": round(each.worst[1].overlap, 4),
            "worst_image": each.worst[0],
            "worst_pixels": each.worst[1].pixels,
            "greatest_distance": _finite(max(loss.distance for _, loss in each.losses)),
        }
        for each in steps
    ]


def _finite(distance: float) -> float | None:
    """Give a distance that JSON can hold; None where one of two masks marks nothing."""
    return round(distance, 2) if np.isfinite(distance) else None
