"""ANN112: what an annotation file repeats of a row is not what the row says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule
from covidxr.rowcopies import differing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_LONGEST = 60


@rule("ANN112", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def row_copy_disagrees(dataset: Dataset) -> Iterator[Hit]:
    """Report what an annotation file repeats of a row and gets wrong.

    What it checks
    --------------
    What an annotation file says of an image besides its marks (COCO ``metadata``: view,
    finding, sex, date and so on) is what the row says, compared as the column means it: 22
    January 2020 is 2020-01-22, an old form of a finding is today's, a country contradicts no
    town in it. Of several rows of one file any may agree. What the row leaves blank is told,
    too. Notes are not compared.

    Why it matters
    --------------
    A copy is not corrected with the row: whoever trains from the annotation file alone learns
    the old label. In the published file 11 views and 5 findings differ.

    Example
    -------
    The file says view PA, the row says AP.

    How to fix
    ----------
    Take the copy out of the annotation file; the image's name is enough to find the row. Where
    the copy is right, correct the row.

    Source
    ------
    The published lung boxes against the table of 2020-06-22.
    """
    for file, image in annotationhits.images(dataset):
        if image.row is None or not image.copies:
            continue
        rows = dataset.table.rows_of_same_file(image.row)
        places = image.places or ((None, None),) * len(image.copies)
        for (name, text), place in zip(image.copies, places, strict=True):
            told = differing(name, text, [dataset.row(row)[name] for row in rows])
            if told is not None:
                there = _short(told) if told else "blank"
                yield annotationhits.hit(
                    file,
                    image,
                    f"{name} of {image.image} is {_short(text)} here and {there} in its row",
                    at=place,
                    field=name,
                    suggestion="take the copy out, or correct the row where the copy is right",
                )


def _short(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
