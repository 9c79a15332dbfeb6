"""ANN101: an annotation file, or a part of it, cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("ANN101", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS,))
def annotation_unreadable(dataset: Dataset) -> Iterator[Hit]:
    """Report an annotation file that cannot be read, whole or in part.

    What it checks
    --------------
    Each file below ``annotations/`` that is of a known format can be read: JSON and XML are
    sound, every record of a table has as many cells as its header, every entry names an image,
    every mask can be opened.

    Why it matters
    --------------
    What cannot be read is not in any export, and nobody notices: a loader skips it, or stops in
    the middle of a training run.

    Example
    -------
    Line 1204 of ``boxes.json`` holds an annotation of image 99, which the file does not list.

    How to fix
    ----------
    Mend the file at the line that is named, or ask its author for it again.

    Source
    ------
    RFC 8259 (JSON); COCO data format, cocodataset.org; Pascal VOC development kit, 2012.
    """
    for file in dataset.annotations:
        for problem in file.problems if file.format else ():
            yield Hit(
                message=f"{(problem.file or file.path).rpartition('/')[2]}: {problem.message}",
                file=problem.file or file.path,
                line=problem.line,
                column=problem.column,
                value=problem.message,
                suggestion=problem.suggestion,
            )
        for image in file.images:
            for mask in image.masks:
                if mask.problem:
                    yield annotationhits.hit(
                        file, image, f"{image.written}: {mask.problem}", field=mask.label or None
                    )
