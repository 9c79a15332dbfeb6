"""PRV103: an image carries a position on earth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("PRV103", severity=Severity.ERROR, since="0.1", needs=(Need.STRUCTURE,))
def position_in_image(dataset: Dataset) -> Iterator[Hit]:
    """Report an image file with GPS coordinates.

    What it checks
    --------------
    No file has a position in its EXIF or XMP data.

    Why it matters
    --------------
    A film that was photographed with a telephone tells where: the hospital, or the home of the
    patient or of the physician.

    Example
    -------
    A JPEG photograph of a light box whose EXIF data give latitude and longitude.

    How to fix
    ----------
    Take the metadata out without touching the pixels, such as with
    ``exiftool -gps:all= -xmp:geotag= FILE``, and look for what else the file says.

    Source
    ------
    HIPAA safe harbour, 45 CFR 164.514(b)(2)(i)(B): geographic subdivisions smaller than a state.
    """
    for path, facts in dataset.files.items():
        if facts.gps:
            yield dataset.at_file(
                path,
                f"{path} says where on earth it was taken",
                suggestion="remove the position from the file's metadata",
            )
