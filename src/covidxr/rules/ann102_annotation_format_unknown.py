"""ANN102: no adapter knows an annotation file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("ANN102", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def annotation_format_unknown(dataset: Dataset) -> Iterator[Hit]:
    """Report a file below annotations/ that is of no known format.

    What it checks
    --------------
    Every file below ``annotations/`` is COCO JSON, Pascal VOC XML, a mask named after its
    image, a table of severity or Brixia scores, a table of boxes, the file of pins, or a note
    such as README.md.

    Why it matters
    --------------
    It is neither checked nor converted, and nobody knows whether it still fits the images.

    Example
    -------
    ``annotations/lungs.npy``.

    How to fix
    ----------
    Convert it to one of these formats; ``docs/annotations.md`` says what each looks like. For a
    table of boxes with other column names put ``## columns: filename=..., left=..., top=...,
    width=..., height=...`` before its header.

    Source
    ------
    ``docs/annotations.md``.
    """
    for file in dataset.annotations:
        for problem in () if file.format else file.problems:
            yield Hit(
                message=f"{file.path.rpartition('/')[2]}: {problem.message}",
                file=file.path,
                value=problem.message,
                suggestion=problem.suggestion,
            )
