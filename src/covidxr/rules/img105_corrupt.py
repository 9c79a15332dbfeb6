"""IMG105: a picture is damaged inside."""

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
    "IMG105",
    severity=Severity.ERROR,
    since="0.1",
    needs=(
        Need.IMAGES,
        Need.STRUCTURE,
    ),
)
def corrupt(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture that is damaged inside.

    What it checks
    --------------
    The checksums that a picture in ``images/`` carries fit its data, and its parts can be read
    one after the other. With ``--images full`` every pixel is decoded, too.

    Why it matters
    --------------
    Damage inside a file changes pixels without a warning: most decoders show what they can and
    go on.

    Example
    -------
    One byte of a PNG was changed by a faulty disk; the checksum of its chunk does not fit.

    How to fix
    ----------
    Fetch the file again from the row's url, or take it from the collection's history.

    Source
    ------
    W3C PNG section 5.4 (CRC of each chunk); ITU-T T.81 annex B.
    """
    for path, message in dataset.broken("images", "corrupt"):
        yield dataset.at_file(path, message, suggestion=_DO)
