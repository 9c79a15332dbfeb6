"""VOL104: a single picture lies among the volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit, ImageFacts


_PICTURES = frozenset({"JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP"})
_DO = "move it to images/ and write images in folder"


@rule("VOL104", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES,))
def not_a_volume(dataset: Dataset) -> Iterator[Hit]:
    """Report a plain picture that lies in ``volumes/``.

    What it checks
    --------------
    Each file in ``volumes/`` holds a volume by its content, whatever its name: NIfTI or DICOM, not
    JPEG, PNG, GIF, TIFF, BMP or WEBP.

    Why it matters
    --------------
    A picture has neither slices nor spacing nor the scanner's units; programs that expect a volume
    stop at it.

    Example
    -------
    ``volumes/case-3.png``, one slice as a screenshot.

    How to fix
    ----------
    Move the file to ``images/`` and write ``images`` in its row's folder.

    Source
    ------
    SCHEMA.md: folder says what a row is, a single image or a volume.
    """
    for path, facts in dataset.files.items():
        if path.startswith("volumes/") and facts.format in _PICTURES:
            what = f"a {facts.format} picture{_size(facts)}, not a volume"
            message = f"{path.rpartition('/')[2]} is {what}"
            yield dataset.at_file(path, message, suggestion=_DO)


def _size(facts: ImageFacts) -> str:
    if facts.width is None or facts.height is None:
        return ""
    return f" of {facts.width} × {facts.height} pixels"
