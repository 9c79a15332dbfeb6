"""DCM111: a DICOM file in images/ has several frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("DCM111", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_several_frames(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file in images/ with several frames.

    What it checks
    --------------
    Each DICOM file in ``images/`` has one frame.

    Why it matters
    --------------
    A row is one image. Which of the frames it speaks of, nobody can tell; most programs take the
    first.

    Example
    -------
    ``images/a.dcm`` with NumberOfFrames ``64``.

    How to fix
    ----------
    Move a volume to ``volumes/``; of other files keep the frame that the row is about.

    Source
    ------
    SCHEMA.md, what a row is; DICOM PS3.3, C.7.6.6, Multi-frame.
    """
    for path, facts in dataset.files.items():
        if path.startswith("images/") and facts.dicom is not None and facts.dicom.frames > 1:
            yield dataset.at_file(path, f"{path} has {facts.dicom.frames:,} frames")
