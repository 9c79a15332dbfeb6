"""PRV109: a picture has rows of letters burnt in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.filefacts import MANY_LETTERS
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# Longer than "PORTABLE AP SEMI-ERECT", and than what vessels of a lung were taken for (11).


@rule("PRV109", severity=Severity.INFO, since="0.1", needs=(Need.PIXELS,))
def writing_in_picture(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file with rows of letters burnt into its picture.

    What it checks
    --------------
    Fewer than 20 letters or digits stand in rows in the picture of a DICOM file: markers such as
    ``L``, ``PORTABLE`` and ``AP ERECT`` are usual. Letters are counted by their shape, not read.
    Other pictures are looked at when they come in, by ``covidxr ingest``.

    Why it matters
    --------------
    Names, dates and hospitals that are part of the picture stay when its metadata are cleaned.

    Example
    -------
    A name, a date and a hospital in the corners of a radiograph: some 60 letters.

    How to fix
    ----------
    Look at the image. Cover what says who it shows; if it is about the technique only, keep the
    file in the baseline.

    Source
    ------
    Of 250 real files 16 have 20 or more, and all 16 have rows of text; HIPAA, 45 CFR 164.514(b)(2).
    """
    for path, facts in dataset.files.items():
        count = facts.pixels.writing if facts.pixels is not None else 0
        if count >= MANY_LETTERS:
            yield dataset.at_file(
                path,
                f"{path} has rows of letters in the picture, some {count}",
                suggestion="look for names, dates and hospitals",
            )
