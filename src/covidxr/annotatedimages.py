"""All that annotation files say of an image, brought together on the image's own pixels.

This module joins annotation files with the sizes of images. A mark that was made on a picture of
another size is somewhere else in this one, cropped or scaled, nobody knows which: it is left out,
as is what has no place, and each is named with the reason. Nothing is drawn or written here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr import annotationfiles, store
from covidxr.errors import UsageError
from covidxr.imaging.formats import MOST_DECODED
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from covidxr.annotated import Annotated, AnnotationFile, Mask, Region, Score

# Pixels. No side of an image is as long: formats count them in 32 bits at most.
_FARTHEST = 2.0**32

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(slots=True, kw_only=True)
class MarkedImage:
    """One image, with what can be made use of.

    Parameters
    ----------
    name : str
        Its file name.
    size : (int, int) or None
        Its width and height: the file's own, or where it is not there, as annotations say; None
        where nothing does.
    regions : list of (str, Region)
        Boxes and outlines, each with the path of its `AnnotationFile`; boxes have an area.
    masks : list of (str, Mask)
        Masks that were read, of the image's size, likewise.
    scores : list of (str, Score)
        Scores that are not blank, likewise.
    """

    name: str
    size: Size | None
    regions: list[tuple[str, Region]] = field(default_factory=list)
    masks: list[tuple[str, Mask]] = field(default_factory=list)
    scores: list[tuple[str, Score]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class MarkedImages:
    """Images in the order of their rows.

    Parameters
    ----------
    images : list of MarkedImage
        Also those of which nothing can be used.
    files : tuple of AnnotationFile
        Whose words they are.
    left_out : list of (str, str)
        Image, as the file names it where no row does, and why a mark of it is left out.
    """

    images: list[MarkedImage]
    files: tuple[AnnotationFile, ...]
    left_out: list[tuple[str, str]]


def gathered(root: Path, only: Sequence[str] = ()) -> MarkedImages:
    """Bring together what annotation files say, image by image.

    Parameters
    ----------
    root : Path
        The collection's folder.
    only : sequence of str
        Annotation files, by their path or the end of it; all where none is named.

    Raises
    ------
    UsageError
        If no file fits `only`.
    CollectionError
        If the collection cannot be read.
    """
    dataset = store.read_collection(root, store.Contents(depth=ImageDepth.HEADER))
    read = annotationfiles.read(root, dataset.table)
    files = tuple(each for each in read if not only or fits(each.path, only))
    if only and not files:
        raise UsageError(f"there is no annotation file {' or '.join(only)}")
    left_out: list[tuple[str, str]] = []
    said: dict[int, list[tuple[str, Annotated]]] = {}
    for file in files:
        for image in file.images:
            if image.row is None:
                left_out.append((image.written, "no row names it"))
            else:
                said.setdefault(image.row, []).append((file.path, image))
    images = []
    for row in sorted(said):
        facts = dataset.files.get(dataset.row(row).path)
        seen = (facts.width, facts.height) if facts and facts.width and facts.height else None
        images.append(_together(said[row], seen, left_out))
    return MarkedImages(images=images, files=files, left_out=left_out)


def fits(path: str, only: Iterable[str]) -> bool:
    """Tell whether a path is one of some, or ends as one does.

    >>> [fits(f"annotations/{name}", ["boxes.json"]) for name in ("boxes.json", "x-boxes.json")]
    [True, False]
    """
    ends = [each.strip("/") for each in only]
    return any(path == end or path.endswith(f"/{end}") for end in ends)


def _together(
    said: Sequence[tuple[str, Annotated]], seen: Size | None, left_out: list[tuple[str, str]]
) -> MarkedImage:
    size = seen or _said_size(said)
    made = MarkedImage(name=said[0][1].image, size=size)
    for path, image in said:
        why = _other(_declared(image), size, seen)
        if image.regions and why:
            left_out.append((image.image, f"{image.file or path} {why}"))
        for region in image.regions if not why else ():
            problem = _without_place(region)
            if problem:
                left_out.append((image.image, problem))
            else:
                made.regions.append((path, region))
        for mask in image.masks:
            problem = _unfit(mask) or _other((mask.width or 0, mask.height or 0), size, seen)
            if problem:
                left_out.append((image.image, f"{mask.path or path} {problem}"))
            else:
                made.masks.append((path, mask))
        made.scores += [(path, score) for score in image.scores if score.text]
    return made


def _declared(image: Annotated) -> Size | None:
    return (image.width, image.height) if image.width and image.height else None


def _said_size(said: Sequence[tuple[str, Annotated]]) -> Size | None:
    """Give the size that annotations say an image has, the first of them that says one."""
    for _, image in said:
        declared = _declared(image)
        if declared:
            return declared
        for mask in image.masks:
            if mask.width and mask.height:
                return mask.width, mask.height
    return None


def _other(made_on: Size | None, size: Size | None, seen: Size | None) -> str:
    """Say that something was made on another size than the image has; empty where it was not."""
    if made_on is None or size is None or made_on == size:
        return ""
    whose = "the image has" if seen else "another annotation is of"
    return f"is of {made_on[0]} x {made_on[1]} pixels, {whose} {size[0]} x {size[1]}"


def _without_place(region: Region) -> str:
    what = region.label or "a box"
    numbers = [each for outline in region.outlines for each in outline]
    if any(abs(each or 0.0) > _FARTHEST for each in (*numbers, *(region.box or ()))):
        return f"{what} lies farther away than any image reaches"
    if region.box is None:
        return ""
    if None in region.box:
        return f"{what} has no numbers"
    _, _, width, height = (each or 0.0 for each in region.box)
    return "" if width > 0 and height > 0 else f"{what} has no area"


def _unfit(mask: Mask) -> str:
    """Say why a mask's pixels cannot be used; empty where they can."""
    if mask.problem:
        return f"cannot be read: {mask.problem}"
    pixels = (mask.width or 0) * (mask.height or 0)
    if not mask.runs or sum(mask.runs) != pixels:
        return "was not read"
    return f"has more than {MOST_DECODED:,} pixels" if pixels > MOST_DECODED else ""
