"""A picture without what was not its pixels: EXIF, GPS, XMP, comments, thumbnails, what trails.

This module owns which format is stripped by whom. Nothing is decoded or coded again: bytes are cut
out, so that the pixels stay what they were. It opens no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.imaging.cleaned import Stripped, UncleanError
from covidxr.imaging.formats import PEEK, describe, recognise
from covidxr.imaging.stripjpeg import strip_jpeg
from covidxr.imaging.strippng import strip_png

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Stripped", "UncleanError", "strip"]

_STRIPPERS: dict[str, Callable[[bytes], Stripped]] = {"JPEG": strip_jpeg, "PNG": strip_png}
_ELSEWHERE = {
    "DICOM": "it is a DICOM file, which is de-identified, not stripped",
    "NIFTI": "it is a volume, whose header is cleaned instead",
    "NIFTI.GZ": "it is a volume, whose header is cleaned instead",
}


def strip(data: bytes) -> Stripped:
    """Take everything but the picture out of a JPEG or PNG file.

    Parameters
    ----------
    data : bytes
        The whole file, told by its content.

    Returns
    -------
    Stripped
        The same pixels and the same colours. Stripping it again changes nothing.

    Raises
    ------
    UncleanError
        For another format, and for a file so damaged that what is in it cannot be told.
    """
    kind = recognise(data[:PEEK])
    if kind in _STRIPPERS:
        return _STRIPPERS[kind](data)
    if kind in _ELSEWHERE:
        raise UncleanError(_ELSEWHERE[kind])
    if kind in {"GIF", "TIFF", "BMP", "WEBP"}:
        raise UncleanError(f"it is a {kind} picture: save it as PNG, which loses nothing")
    raise UncleanError(_plain(kind, data[:PEEK]) if data else "it is empty")


def _plain(kind: str, head: bytes) -> str:
    # What a web page is titled, or which bytes a file begins with, is not repeated here.
    return (
        "it is a web page, not an image" if kind == "HTML" else describe(kind, head).split(":")[0]
    )
