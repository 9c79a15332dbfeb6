"""IMG111: a volume lies among the images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_VOLUMES = frozenset({"NIFTI", "NIFTI.GZ"})
_DO = "move it to volumes/ and write volumes in folder"


@rule("IMG111", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def volume_in_images(dataset: Dataset) -> Iterator[Hit]:
    """Report a CT volume that lies in ``images/``.

    What it checks
    --------------
    No file in ``images/`` is a NIfTI volume. DICOM can be both and is not reported. A picture in
    ``volumes/`` is VOL104.

    Why it matters
    --------------
    Programs open each file of ``images/`` as one picture and stop at a volume.

    Example
    -------
    ``images/case-3.nii.gz``

    How to fix
    ----------
    Move the file to ``volumes/`` and write ``volumes`` in its row's folder.

    Source
    ------
    SCHEMA.md: folder says what a row is, a single image or a volume.
    """
    for path, facts in dataset.files.items():
        if path.startswith("images/") and facts.format in _VOLUMES:
            message = f"{path.rpartition('/')[2]} is a volume, not a picture"
            yield dataset.at_file(path, message, suggestion=_DO)
