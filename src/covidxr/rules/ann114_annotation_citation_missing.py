"""ANN114: annotations do not say whom to cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.annotating import PLACES
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("ANN114", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def annotation_citation_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report annotations that do not say whom to cite.

    What it checks
    --------------
    Each annotation file, and each folder of masks, says how it is cited or who made it: COCO in
    ``info`` (citation, contributor or creator), a table in a comment ``## Citation: ...``
    before its header, a folder in a README beside its files with a line ``Citation: ...``.

    Why it matters
    --------------
    Most licences ask for credit, and a reader wants to know who drew the boxes and how.

    Example
    -------
    A folder of lung masks without a README.

    How to fix
    ----------
    Ask their author, and write it down where the format has its place.

    Source
    ------
    Creative Commons 4.0, section 3(a)(1).
    """
    for file in dataset.annotations:
        if file.format and file.images and not file.citation:
            yield Hit(
                message=f"{file.path} does not say whom to cite",
                file=file.path,
                field="citation",
                suggestion=PLACES[file.format].format("Citation: who drew it, where published"),
            )
