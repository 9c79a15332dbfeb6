"""IMG114: a picture file holds more than one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_ONE_PICTURE = frozenset({"GIF", "PNG", "WEBP", "TIFF", "JPEG"})


@rule("IMG114", severity=Severity.WARNING, since="0.1", needs=(Need.STRUCTURE,))
def several_frames(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture file with several frames.

    What it checks
    --------------
    Each GIF, PNG, WebP and TIFF file in ``images/`` holds one picture. A DICOM file of several
    frames is a volume or a film, and not meant here.

    Why it matters
    --------------
    Most programs show the first frame and never mention the others, so that a scroll through a
    CT becomes one slice.

    Example
    -------
    An animated GIF of 40 axial slices.

    How to fix
    ----------
    Take the frame out that the row is about, without scaling it, or keep the series as a
    volume.

    Source
    ------
    GIF89a; APNG, now PNG (Third Edition) 11.3.4; RFC 9649.
    """
    for path, facts in dataset.files.items():
        if facts.frames > 1 and facts.format in _ONE_PICTURE and path.startswith("images/"):
            name = path.rpartition("/")[2]
            yield dataset.at_file(
                path,
                f"{name} holds {facts.frames} pictures; most programs show the first",
                suggestion="keep the picture that the row is about, or make the series a volume",
            )
