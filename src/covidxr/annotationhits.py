"""Where a rule about annotations points, and what it compares with.

This module owns how marks, images and rows are brought together for rules. It judges nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.annotated import Annotated, AnnotationFile, Region
    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts

# Pixels: a box that ends on the last pixel, written from its middle, is none too large.
_ROUNDING = 1.0


def images(dataset: Dataset) -> Iterator[tuple[AnnotationFile, Annotated]]:
    """Give what each file says of each image, in the order of the files."""
    for file in dataset.annotations:
        for image in file.images:
            yield file, image


def hit(
    file: AnnotationFile,
    image: Annotated,
    message: str,
    *,
    at: tuple[int | None, int | None] = (None, None),
    field: str | None = None,
    suggestion: str | None = None,
) -> Hit:
    """Make a hit in an annotation file.

    Parameters
    ----------
    file : AnnotationFile
        Which file.
    image : Annotated
        About which image; its name is the hit's value, so that two hits are told apart when lines
        move.
    message : str
        What is wrong.
    at : (int or None, int or None)
        Line and column; by default where the file names the image.
    field : str, optional
        What is wrong of it: a label, a score, a column.
    suggestion : str, optional
        What to do.
    """
    line, column = at
    if line is None:
        line, column = image.line, image.column
    return Hit(
        message=message,
        file=image.file or file.path,
        line=line,
        column=column,
        field=field,
        value=image.image,
        suggestion=suggestion,
    )


def facts(dataset: Dataset, image: Annotated) -> ImageFacts | None:
    """Give what was seen of an annotated image; None where it has no row, or was not looked at."""
    if image.row is None:
        return None
    return dataset.files.get(dataset.row(image.row).path)


def size(dataset: Dataset, image: Annotated) -> tuple[int, int] | None:
    """Give an image's width and height in pixels; None where they are not known.

    That of the file holds; where it was not looked at, what the annotation says.
    """
    seen = facts(dataset, image)
    width = seen.width if seen else image.width
    height = seen.height if seen else image.height
    return None if width is None or height is None else (width, height)


def named(label: str, of: str) -> str:
    """Say what is marked: ``Left Lung of a.png``, or ``of a.png`` where there is no label."""
    return f"{label} of {of}" if label else f"of {of}"


def beyond(region: Region, size: tuple[int, int] | None) -> str:
    """Say how far a region reaches beyond an image.

    Parameters
    ----------
    region : Region
        A box, outlines or both.
    size : (int, int) or None
        The image's width and height in pixels.

    Returns
    -------
    str
        Empty where it does not, by more than a pixel, or the size is not known.
    """
    if size is None:
        return ""
    across = list(_spans(region, 0))
    down = list(_spans(region, 1))
    if not across:
        return ""
    over = {
        "left of the image": -min(across),
        "above the image": -min(down),
        f"beyond its width of {size[0]}": max(across) - size[0],
        f"beyond its height of {size[1]}": max(down) - size[1],
    }
    far = {words: by for words, by in over.items() if by > _ROUNDING}
    return ", ".join(f"{by:g} pixels {words}" for words, by in far.items())


def _spans(region: Region, axis: int) -> Iterator[float]:
    for outline in region.outlines:
        yield from outline[axis::2]
    if region.box is not None and None not in region.box:
        start, extent = region.box[axis] or 0.0, region.box[axis + 2] or 0.0
        yield from (start, start + extent)
