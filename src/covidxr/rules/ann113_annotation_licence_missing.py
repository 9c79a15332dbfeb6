"""ANN113: annotations say no licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.annotating import PLACES
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("ANN113", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def annotation_licence_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report annotations without a licence of their own.

    What it checks
    --------------
    Each annotation file, and each folder of masks, says under which licence it is: COCO in
    ``licenses`` or ``info.license``, a table in a comment ``## License: ...`` before its
    header, a folder of masks or XML files in a README or LICENSE beside them with a line
    ``License: ...``.

    Why it matters
    --------------
    Annotations are a work of their own: the image's licence does not cover them, and without
    one nobody may pass them on.

    Example
    -------
    A folder of lung masks without a README.

    How to fix
    ----------
    Ask their author, and write it down where the format has its place.

    Source
    ------
    user questions on the licence of annotations; SPDX licence list.
    """
    for file in dataset.annotations:
        if file.format and file.images and not file.licence:
            yield Hit(
                message=f"{file.path} says no licence",
                file=file.path,
                field="license",
                suggestion=PLACES[file.format].format("License: CC-BY-4.0"),
            )
