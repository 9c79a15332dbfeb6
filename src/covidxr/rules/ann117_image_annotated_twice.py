"""ANN117: one annotation file speaks of an image twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.annotated import Annotated, AnnotationFile, Region
    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN117", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def image_annotated_twice(dataset: Dataset) -> Iterator[Hit]:
    """Report an image that one annotation file lists twice.

    What it checks
    --------------
    A file lists an image once; a mask of one label is there once for each image, and so is a
    box or outline of one label with the same numbers.

    Why it matters
    --------------
    Which of the two holds is not said: programs take the first, the last, or both.

    Example
    -------
    ``severity-scores.csv`` has two lines on ``a.jpg``.

    How to fix
    ----------
    Keep the one that holds. Several readers' scores stand side by side in columns of their own.

    Source
    ------
    COCO data format: ids of images are unique.
    """
    for file in dataset.annotations:
        seen: dict[tuple[str, str], Annotated] = {}
        for image in file.images:
            labels = [mask.label for mask in image.masks] or [""]
            for label in labels:
                first = seen.setdefault((image.image, label), image)
                if first is not image:
                    where = f" at line {first.line}" if first.line else f" in {first.written}"
                    yield annotationhits.hit(
                        file,
                        image,
                        f"{image.image} is annotated before{where}",
                        field="filename",
                        suggestion="keep the one that holds",
                    )
    for file, image in annotationhits.images(dataset):
        yield from _same_regions(file, image)


def _same_regions(file: AnnotationFile, image: Annotated) -> Iterator[Hit]:
    seen: dict[object, Region] = {}
    for region in image.regions:
        if region.box is not None and None in region.box:
            continue
        first = seen.setdefault((region.label, region.box, region.outlines), region)
        if first is not region:
            where = f", first at line {first.line}" if first.line else ""
            whose = annotationhits.named(region.label, image.image)
            yield annotationhits.hit(
                file,
                image,
                f"the mark {whose} is there twice with the same numbers{where}",
                at=(region.line, None),
                field=region.label or "bbox",
                suggestion="remove one of the two",
            )
