"""IMG110: bytes follow the end of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "harmless to decoders; look at it where it is much, it may be a second file"


@rule(
    "IMG110",
    severity=Severity.INFO,
    since="0.1",
    needs=(
        Need.IMAGES,
        Need.STRUCTURE,
    ),
)
def trailing_bytes(dataset: Dataset) -> Iterator[Hit]:
    """Report bytes behind the end of a picture.

    What it checks
    --------------
    No more than 16 bytes follow the end of a picture in ``images/``. The end of a JPEG is its first
    end marker: where damage writes one into the middle, the rest of the picture follows it.

    Why it matters
    --------------
    Decoders ignore what follows, so the picture is sound. The bytes may still be a thumbnail, a
    second picture or text that nobody meant to publish, and they make two equal images look
    different to a checksum.

    Example
    -------
    A JPEG of 80 kB is followed by 14 bytes of a scanner's own.

    How to fix
    ----------
    Nothing needs to be done. Where the rest is large, look at what it is, and save the picture
    without it.

    Source
    ------
    Measured on 519 published JPEG files: 12 have 1 or 14 bytes behind the end marker.
    """
    for path, message in dataset.broken("images", "trailing"):
        yield dataset.at_file(path, message, suggestion=_DO)
