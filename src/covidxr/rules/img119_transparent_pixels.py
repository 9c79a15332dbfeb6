"""IMG119: a picture lets something behind it show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("IMG119", severity=Severity.WARNING, since="0.1", needs=(Need.PIXELS,))
def transparent_pixels(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture with transparent pixels.

    What it checks
    --------------
    No pixel of a picture is transparent. An alpha channel that is opaque everywhere is harmless
    and not told.

    Why it matters
    --------------
    What shows there depends on the program: white in a browser, black in most code, and
    whatever colour lies under it where the channel is dropped.

    Example
    -------
    A radiograph whose corners were rounded off by the web page that it was saved from.

    How to fix
    ----------
    Lay the picture over black and save it as grey, or get the original.

    Source
    ------
    PNG (Third Edition), 13.16. Measured on 724 published images: 100 have an alpha channel, 3
    are not opaque.
    """
    for path, facts in dataset.files.items():
        if facts.pixels is not None and facts.pixels.transparent:
            name = path.rpartition("/")[2]
            yield dataset.at_file(
                path,
                f"{name} is transparent in places: what shows there depends on the program",
                suggestion="lay it over black and save it as grey, or get the original",
            )
