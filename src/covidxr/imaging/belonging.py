"""Where a DICOM file belongs, by its own tags: which patient, which study, which series.

This module reads a few tags before anything is cleaned. What it gives may name a person: it is for
joining files in memory, never for writing. It opens no file.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import Any

from covidxr.imaging.quiet import heard

_TAGS = (
    *("PatientID", "IssuerOfPatientID", "StudyInstanceUID", "SeriesInstanceUID", "Modality"),
    *("ImagePositionPatient", "NumberOfFrames"),
)
# Source: DICOM PS3.6, annex A.
_DIRECTORY = "1.2.840.10008.1.3.10"
_DEFLATED = b"1.2.840.10008.1.2.1.99"
# Preamble, "DICM", and the element that says how long the others of group 0002 are (PS3.10, 7.1).
_META_LENGTH, _META_BEGINS = slice(140, 144), 144
MOST_INFLATED = 1 << 30
"""Bytes that a deflated file may become: pydicom inflates it whole before it reads a tag."""


class UnplacedError(Exception):
    """A DICOM file whose tags cannot be read; says why, without a value out of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a DICOM file says of where it belongs; for memory alone.

    Parameters
    ----------
    patient, issuer : str
        PatientID and IssuerOfPatientID; empty where it has none.
    study, series : str
        Their instance UIDs; empty where it has none.
    position : str
        ImagePositionPatient as text; empty where it has none.
    modality : str
        As DICOM writes it: ``"CR"``, ``"CT"`` …
    frames : int
        Pictures in the file.
    directory : bool
        Whether it is a DICOMDIR, which lists files and holds no picture.
    """

    patient: str = ""
    issuer: str = ""
    study: str = ""
    series: str = ""
    position: str = ""
    modality: str = ""
    frames: int = 1
    directory: bool = False


def look(data: bytes) -> Look:
    """Read where a DICOM file belongs.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Look
        Blanks at the ends of values are no part of them.

    Raises
    ------
    UnplacedError
        If it cannot be read.
    """
    from pydicom import dcmread

    _refuse_bomb(data)
    try:
        with heard():
            found = dcmread(io.BytesIO(data), specific_tags=list(_TAGS), stop_before_pixels=True)
            kind = str(getattr(found.file_meta, "MediaStorageSOPClassUID", ""))
            frames = _text(found, "NumberOfFrames")
            return Look(
                patient=_text(found, "PatientID"),
                issuer=_text(found, "IssuerOfPatientID"),
                study=_text(found, "StudyInstanceUID"),
                series=_text(found, "SeriesInstanceUID"),
                position=_text(found, "ImagePositionPatient"),
                modality=_text(found, "Modality").upper(),
                frames=int(frames) if frames.isdecimal() and int(frames) else 1,
                directory=kind == _DIRECTORY,
            )
    except Exception as error:  # noqa: BLE001 - pydicom raises nearly anything on damaged bytes
        # Its words may quote the file.
        raise UnplacedError(f"its tags cannot be read ({type(error).__name__})") from None


def _text(found: Any, keyword: str) -> str:
    value = found.get(keyword)
    if value is None:
        return ""
    several = not isinstance(value, str) and hasattr(value, "append")
    return "\\".join(map(str, value)) if several else str(value).strip()


def _refuse_bomb(data: bytes) -> None:
    if _DEFLATED not in data[:1024]:
        return
    start = _META_BEGINS + int.from_bytes(data[_META_LENGTH], "little")
    stream = zlib.decompressobj(wbits=-15)
    total = 0
    piece = data[start:]
    try:
        while piece and not stream.eof:
            total += len(stream.decompress(piece, 1 << 22))
            if total > MOST_INFLATED:
                raise UnplacedError(f"it unpacks to more than {MOST_INFLATED:,} bytes")
            piece = stream.unconsumed_tail
    except zlib.error:
        raise UnplacedError("its compressed data are damaged") from None
