"""DCM108: nothing here decodes a DICOM file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("DCM108", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_compression_unusual(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file whose compression is not decoded here.

    What it checks
    --------------
    The transfer syntax of each DICOM file with a picture is one that covidxr has a decoder for:
    uncompressed, deflated, RLE, JPEG with 8 bits, JPEG lossless, JPEG-LS, JPEG 2000 and HTJ2K. JPEG
    Extended with 12 bits, video and JPEG XL are not.

    Why it matters
    --------------
    What cannot be decoded here is not looked at: damage, duplicates and burnt-in names are not
    found. Most readers of the collection cannot open it either.

    Example
    -------
    Transfer syntax ``1.2.840.10008.1.2.4.51`` with 12 bits stored.

    How to fix
    ----------
    Convert the file with a tool that decodes it, such as ``dcmdjpeg``, and compress it with JPEG
    2000 lossless or not at all.

    Source
    ------
    DICOM PS3.5, annex A; docs/dicom.md has the table.
    """
    from covidxr.imaging.dicomdecode import is_decodable

    for path, facts in dataset.files.items():
        header = facts.dicom
        if header is None or not header.syntax or facts.width is None:
            continue
        if not is_decodable(header.syntax, header.bits_stored):
            yield dataset.at_file(
                path,
                f"{path} is compressed in a way that is not decoded here: {header.syntax}",
                suggestion="convert it without loss",
            )
