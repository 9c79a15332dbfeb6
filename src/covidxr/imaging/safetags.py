"""The tags of a cleaned DICOM file that are worth keeping beside its picture, as JSON.

This module owns the list: how the image was taken and how its numbers are to be read. What is not
in it is not kept. Nothing in it names a person, a place or a device of its own; the day is that of
the moved calendar. Source: DICOM PS3.3, C.7.6, C.8; PS3.15, table E.1-1, which names none of them
but PatientSex and PatientAge (option "Retain Patient Characteristics").
"""

from __future__ import annotations

import math
import re
from typing import Any

KEPT = (
    # What was taken, and how the patient stood.
    *("Modality", "BodyPartExamined", "ViewPosition", "PatientOrientation", "PatientPosition"),
    *("Laterality", "ImageLaterality", "ImageType", "ConversionType", "PresentationIntentType"),
    # By what kind of device; serial numbers and stations are not here.
    *("Manufacturer", "ManufacturerModelName", "DetectorType", "Grid", "FilterType"),
    # With how many rays.
    *("KVP", "Exposure", "ExposureInuAs", "ExposureTime", "XRayTubeCurrent", "FocalSpots"),
    *("DistanceSourceToDetector", "DistanceSourceToPatient", "RelativeXRayExposure"),
    *("ExposureIndex", "TargetExposureIndex", "DeviationIndex", "Sensitivity"),
    # Volumes.
    *("SliceThickness", "SpacingBetweenSlices", "ImagePositionPatient", "ImageOrientationPatient"),
    *("SliceLocation", "GantryDetectorTilt", "ConvolutionKernel", "ReconstructionDiameter"),
    *("InstanceNumber", "NumberOfFrames"),
    # Sizes.
    *("Rows", "Columns", "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"),
    *(
        "PixelSpacingCalibrationType",
        "PixelAspectRatio",
        "EstimatedRadiographicMagnificationFactor",
    ),
    # How stored numbers become grey.
    *("SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit"),
    *("PixelRepresentation", "PixelPaddingValue", "RescaleSlope", "RescaleIntercept"),
    *("RescaleType", "WindowCenter", "WindowWidth", "VOILUTFunction", "PresentationLUTShape"),
    *("PixelIntensityRelationship", "PixelIntensityRelationshipSign"),
    *("LossyImageCompression", "LossyImageCompressionRatio", "BurnedInAnnotation"),
)
"""Keywords, in the order of the JSON."""

_WHOLE = frozenset({"IS", "US", "SS", "UL", "SL"})
_FRACTION = frozenset({"DS", "FD", "FL"})
_AGE = re.compile(r"(\d{3})([DWMY])", re.ASCII)
_TOP_AGE_YEARS = 89
_PER_YEAR = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}
_SEXES = frozenset({"M", "F", "O"})


def safe_tags(dataset: Any) -> dict[str, Any]:
    """Pick the tags out of a cleaned dataset.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Cleaned; what it holds is believed.

    Returns
    -------
    dict
        Keyword to text, number, or list of either; without those that are absent or empty.
    """
    found = {}
    for word in KEPT:
        if word in dataset:
            value = _plain(dataset[word])
            if value not in ("", None, []):
                found[word] = value
    return found


def sex_of(dataset: Any) -> str:
    """Give ``"M"``, ``"F"`` or ``"O"``; empty where a dataset that was not cleaned says none."""
    said = str(dataset.get("PatientSex") or "").strip().upper()
    return said if said in _SEXES else ""


def age_of(dataset: Any) -> str:
    """Give the age as DICOM writes it, such as ``"063Y"``.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Before it is cleaned.

    Returns
    -------
    str
        ``"090Y"`` stands for every age over 89 (45 CFR 164.514(b)(2)(i)(C)); empty where none is
        said, or where it is not written as DICOM asks.
    """
    found = _AGE.fullmatch(str(dataset.get("PatientAge") or "").strip())
    if found is None:
        return ""
    years = int(found[1]) / _PER_YEAR[found[2]]
    return "090Y" if years >= _TOP_AGE_YEARS + 1 else found[0]


def whole_years(age: str) -> str:
    """Give an age as `age_of` has it in whole years that are over: ``"63"``; empty for empty."""
    found = _AGE.fullmatch(age)
    return str(math.floor(int(found[1]) / _PER_YEAR[found[2]])) if found else ""


def _plain(element: Any) -> Any:
    value = element.value
    if value is None:
        return None
    several = not isinstance(value, str) and hasattr(value, "append")
    parts = [_one(element.VR, part) for part in (value if several else [value])]
    if any(part is None for part in parts):
        return None
    return parts if several else parts[0]


def _one(kind: str, value: Any) -> Any:
    if value in ("", None):
        return None
    if kind in _WHOLE or isinstance(value, int):
        return int(value)
    if kind in _FRACTION:
        number = float(value)
        # JSON has no infinity.
        return number if math.isfinite(number) else None
    return str(value).strip()
