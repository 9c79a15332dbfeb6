"""IMG115: a picture is turned by its EXIF data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_TURNS = {
    1: "shown as it is",
    2: "mirrored",
    3: "turned by half",
    4: "mirrored upside down",
    5: "mirrored and turned to the left",
    6: "turned to the right",
    7: "mirrored and turned to the right",
    8: "turned to the left",
}


@rule("IMG115", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def turned_by_exif(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture that EXIF says is to be turned.

    What it checks
    --------------
    Orientation in EXIF is absent or 1: the picture is shown as it is stored.

    Why it matters
    --------------
    A browser turns it and most code that trains on it does not, so that a chest lies on its
    side, or is mirrored and the heart is on the right.

    Example
    -------
    A film that was photographed with a telephone held upright: orientation 6.

    How to fix
    ----------
    Turn the pixels themselves, without loss where it is a JPEG (``jpegtran -rotate``), and take
    the entry out.

    Source
    ------
    CIPA DC-008 (Exif 2.32), 4.6.4, tag 274.
    """
    for path, facts in dataset.files.items():
        if facts.orientation not in {None, 1}:
            name = path.rpartition("/")[2]
            yield dataset.at_file(
                path,
                f"{name} is to be {_TURNS[facts.orientation or 1]} (EXIF orientation "
                f"{facts.orientation}); not every program does",
                suggestion="turn the pixels themselves, and take the entry out",
            )
