"""How many millimetres lie between two pixels of a DICOM picture, and whose millimetres they are.

This module owns the choice between the elements that say so. It opens no file and decodes nothing.
A radiograph is a shadow: on the detector a heart is larger than in the patient, so a distance that
was measured on the detector's surface is too long by the magnification, which is seldom known.

Source: DICOM PS3.3, 10.7.1.1 (Pixel Spacing), 10.7.1.3 (its value order and calibration), C.8.11.7.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.imaging.dicomfile import items, text

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS = (
    "Modality",
    "PixelSpacing",
    "PixelSpacingCalibrationType",
    "ImagerPixelSpacing",
    "NominalScannedPixelSpacing",
    "SharedFunctionalGroupsSequence",
)
"""What `spacing_of` looks at."""

# Their pictures are computed in the patient's own space (PS3.3, C.7.6.2.1.1).
_SECTIONS = frozenset({"CT", "MR", "PT", "NM"})
# FIDUCIAL: by an object of known size in the picture; GEOMETRY: by distances of tube and detector.
_CALIBRATIONS = frozenset({"FIDUCIAL", "GEOMETRY"})
# Relative difference within which two spacings are one, written with fewer digits.
_SAME = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Distance of pixels.

    Parameters
    ----------
    millimetres : tuple of (float, float) or None
        Between rows and between columns; None where nothing says.
    keyword : str
        Where that is from; empty where it is None.
    calibrated : bool or None
        Whether it is that of the patient; None where the file does not say.
    """

    millimetres: tuple[float, float] | None = None
    keyword: str = ""
    calibrated: bool | None = None


def spacing_of(elements: Any) -> Spacing:
    """Choose the spacing of a picture.

    Parameters
    ----------
    elements : pydicom.Dataset
        A header, with at least those of `KEYWORDS` that the file has.

    Returns
    -------
    Spacing
        From PixelSpacing, or else from what the detector or the film scanner has. PixelSpacing is
        the patient's in CT and MR, where a way of calibrating is named, and where it differs from
        ImagerPixelSpacing; where it equals that it is the detector's, and alone it may be either.
    """
    given = next(filter(None, (_pair(each, "PixelSpacing") for each in _holders(elements))), None)
    imager = _pair(elements, "ImagerPixelSpacing")
    if given is not None:
        calibrated = _is_calibrated(elements, given, imager)
        return Spacing(millimetres=given, keyword="PixelSpacing", calibrated=calibrated)
    if imager is not None:
        return Spacing(millimetres=imager, keyword="ImagerPixelSpacing", calibrated=False)
    scanned = _pair(elements, "NominalScannedPixelSpacing")
    if scanned is not None:
        return Spacing(millimetres=scanned, keyword="NominalScannedPixelSpacing", calibrated=False)
    return Spacing()


def _is_calibrated(
    elements: Any, given: tuple[float, float], imager: tuple[float, float] | None
) -> bool | None:
    if text(elements, "Modality").upper() in _SECTIONS:
        return True
    if text(elements, "PixelSpacingCalibrationType").upper() in _CALIBRATIONS:
        return True
    if imager is None:
        return None
    return not all(math.isclose(*pair, rel_tol=_SAME) for pair in zip(given, imager, strict=True))


def _holders(elements: Any) -> Iterator[Any]:
    """Give what PixelSpacing may stand in; multi-frame files have it in functional groups."""
    yield elements
    for name in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        for group in items(elements, name)[:1]:
            yield from items(group, "PixelMeasuresSequence")[:1]


def _pair(elements: Any, word: str) -> tuple[float, float] | None:
    try:
        numbers = [float(part) for part in text(elements, word).split("\\")]
    except ValueError:
        return None
    if len(numbers) != 2 or not all(0 < each < math.inf for each in numbers):  # noqa: PLR2004
        return None
    return numbers[0], numbers[1]
