"""Which elements of a DICOM header are kept as text, and what they say of text in the picture.

This module owns the list. Rules compare it with the table's rows; nothing here does.
"""

from __future__ import annotations

from typing import Any

from covidxr.imaging.dicomfile import holds, text

KEYWORDS = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "StudyDate",
    "Modality",
    "ViewPosition",
    "BodyPartExamined",
    "InstitutionName",
    "ReferringPhysicianName",
    "PatientIdentityRemoved",
    "BurnedInAnnotation",
    "RecognizableVisualFeatures",
    "ImageType",
    "ConversionType",
    "SOPClassUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesDate",
    "AcquisitionDate",
    "AcquisitionDateTime",
    "ContentDate",
    "PatientOrientation",
    "ImageOrientationPatient",
    "Laterality",
    "ImageLaterality",
)
"""What privacy and consistency rules look at."""

# PS3.3, C.8.6.1: film that was digitised or scanned has the labels of its day on it, and what
# a workstation saved is a picture of a screen.
_CONVERSIONS = {
    "DF": "a digitised film",
    "SI": "a scanned image",
    "SD": "a scanned document",
    "WSD": "a picture that a workstation made",
}
# Secondary capture in its kinds (PS3.4, B.5).
_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
# Machines that write the patient's name into the picture itself.
_WRITING = {"US": "ultrasound", "IVUS": "ultrasound", "ES": "endoscopy"}


def tags_of(elements: Any) -> tuple[tuple[str, str], ...]:
    """Give those of `KEYWORDS` that a header has, as text.

    Returns
    -------
    tuple of (str, str)
        Keyword and value: ``""`` for a present but empty element, a backslash between several.
    """
    return tuple((word, text(elements, word)) for word in KEYWORDS if holds(elements, word))


def burnt_in(elements: Any) -> str:
    """Tell why a header makes text inside the picture likely.

    Parameters
    ----------
    elements : pydicom.Dataset
        With those of `KEYWORDS` that the file has.

    Returns
    -------
    str
        Empty where nothing speaks for it, or BurnedInAnnotation says NO.
    """
    said = text(elements, "BurnedInAnnotation").upper()
    if said == "YES":
        return "BurnedInAnnotation says YES"
    if text(elements, "RecognizableVisualFeatures").upper() == "YES":
        return "RecognizableVisualFeatures says YES"
    return "" if said == "NO" else _suspicion(elements)


def _suspicion(elements: Any) -> str:
    conversion = _CONVERSIONS.get(text(elements, "ConversionType").upper())
    if conversion:
        return f"it is {conversion}"
    machine = _WRITING.get(text(elements, "Modality").upper())
    if machine:
        return f"it is {machine}"
    if "SCREEN SAVE" in text(elements, "ImageType").upper():
        return "it is a saved screen"
    kind = text(elements, "SOPClassUID")
    if kind == _CAPTURE or kind.startswith(f"{_CAPTURE}."):
        return "it is a secondary capture"
    return ""
