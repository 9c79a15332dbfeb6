"""IMG104: a picture ends too early."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "fetch the file again from its source"


@rule(
    "IMG104",
    severity=Severity.ERROR,
    since="0.1",
    needs=(
        Need.IMAGES,
        Need.STRUCTURE,
    ),
)
def truncated(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture whose end is missing.

    What it checks
    --------------
    The structure of each picture in ``images/`` goes to its end: a JPEG has its end marker, a
    PNG all its chunks, a TIFF its strips. Pixels are decoded only with ``--images full``.

    Why it matters
    --------------
    A cut file opens without a word in most viewers and shows grey below the cut, which a
    network takes for anatomy. Pillow's ``verify()`` finds no cut JPEG.

    Example
    -------
    A download stopped after 48 kB of 60 kB, so that the lower third of the radiograph is grey.

    How to fix
    ----------
    Fetch the file again from the row's url. Where the source is gone, look for the whole file
    in the collection's history.

    Source
    ------
    ITU-T T.81 annex B (JPEG end of image); W3C PNG section 5; measured on 724 published images:
    none is cut, so that every hit deserves a look.
    """
    for path, message in dataset.broken("images", "truncated"):
        yield dataset.at_file(path, message, suggestion=_DO)
