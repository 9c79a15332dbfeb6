"""All that annotations say of one image, drawn over it.

This workflow joins annotation files, the image and the drawing. It prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import annotationfiles, annotationhits, store
from covidxr.annotatedimages import fits
from covidxr.annotations import known_image
from covidxr.errors import CollectionError, UsageError
from covidxr.imaging.overlay import Layer, draw
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.annotated import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One image with its annotations.

    Parameters
    ----------
    image : str
        Its file name.
    data : bytes
        A PNG file.
    files : tuple of str
        Annotation files whose marks or scores are in it.
    notes : tuple of str
        What was not drawn as it stands, and why.
    """

    image: str
    data: bytes
    files: tuple[str, ...]
    notes: tuple[str, ...] = ()


def drawing(root: Path, name: str, only: Sequence[str] = ()) -> Drawing:
    """Draw what is said of one image.

    Parameters
    ----------
    root : Path
        The collection's folder.
    name : str
        The image's file name, with or without folder.
    only : sequence of str
        Annotation files to draw, by their path or the end of it; all where none is named.

    Raises
    ------
    UsageError
        If no row has that name, or no file fits `only`.
    CollectionError
        If the image is not there or cannot be shown.
    """
    table = store.read_collection(root).table
    image = known_image(table, name)
    row = annotationfiles.names_of(table).find(image)[1] or 0
    found = [
        (said.file or file.path, said, fits(file.path, only) or fits(said.file, only))
        for file in annotationfiles.read(root, table)
        for said in file.images
        if said.image == image
    ]
    chosen = [(path, said) for path, said, fit in found if fit or not only]
    if only and not chosen:
        files = ", ".join(each for each, *_ in found) or "no file"
        raise UsageError(f"{' and '.join(only)} says nothing of {image}; {files} does")
    path = Row(table, row).path
    pixels = _pixels(root, path)
    height, width = pixels.shape[:2]
    layers = with_lungs(
        [Layer(title=path, said=said, notes=_notes(said, (width, height))) for path, said in chosen]
    )
    return Drawing(
        image=image,
        data=draw(pixels, layers, f"{image}, {width} x {height}"),
        files=tuple(path for path, _ in chosen),
        notes=tuple(f"{each.title}: {note}" for each in layers for note in each.notes),
    )


def with_lungs(layers: Sequence[Layer]) -> list[Layer]:
    """Lend the lungs' boxes to layers of scores that say of no place of their own.

    The zones of a Brixia score are written over the lungs: where these are, another file knows.
    """
    lungs = next(
        (each.said.regions for each in layers if _is_of_lungs(each.said)),
        (),
    )
    scored = []
    for layer in layers:
        zones = any(score.name == "A" for score in layer.said.scores)
        if zones and lungs and not layer.said.regions:
            scored.append(replace(layer, lungs=lungs))
        else:
            scored.append(layer)
    return scored


def _is_of_lungs(said: Annotated) -> bool:
    labels = " ".join(each.label.lower() for each in said.regions)
    return "right" in labels and "left" in labels


def _pixels(root: Path, path: str) -> NDArray[np.uint8]:
    from covidxr.imaging.viewing import eight_bits

    data = store.file_bytes(root, path)
    if data is None:
        raise CollectionError(f"{path} is not there")
    pixels = eight_bits(data)
    if pixels is None:
        raise CollectionError(f"{path} is damaged, or in a format that is not drawn")
    return pixels


def _notes(said: Annotated, size: tuple[int, int]) -> tuple[str, ...]:
    """Say what does not lie on the image as it was meant, before anyone wonders at the drawing."""
    notes = []
    if said.width and said.height and (said.width, said.height) != size:
        notes.append(f"it was made on {said.width} x {said.height} pixels")
    for region in said.regions:
        what = region.label or "a box"
        beyond = annotationhits.beyond(region, size)
        if region.box is not None and None in region.box:
            notes.append(f"{what} has no numbers and is not drawn")
        elif beyond:
            notes.append(f"{what} reaches {beyond}")
    for mask in said.masks:
        if mask.problem:
            notes.append(mask.problem)
        elif (mask.width, mask.height) != size:
            notes.append(f"the mask has {mask.width} x {mask.height} pixels: stretched")
    return tuple(notes)
