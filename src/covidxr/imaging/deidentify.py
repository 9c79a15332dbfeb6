"""A DICOM file that names nobody any more, and what of its tags is safe to keep.

This module owns the order of the steps and what is refused. It opens no file, remembers nothing
between two files, and gives the same bytes for the same file and secret.

What is done is the Basic Application Level Confidentiality Profile of DICOM PS3.15, annex E, at
every depth, with one option: dates are moved by as many days for all files of a patient (113107).
Times of day, free text, private elements, overlays, curves and icons go. Sex and age go as well;
they are given beside the file, an age over 89 as 90. Compressed pixels are unpacked, since each
frame may carry words of its own, and spare bits are blanked, where old overlays are drawn.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.imaging.cleaned import UncleanError
from covidxr.imaging.deidentifydates import shifted
from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.pseudonyms import Pseudonyms
from covidxr.imaging.quiet import heard
from covidxr.model import FileProblem

if TYPE_CHECKING:
    from covidxr.imaging.deidentifyelements import Keys
    from covidxr.imaging.depth16 import Picture

__all__ = ["Deidentified", "UncleanError", "deidentify", "pictures"]

MOST_UNPACKED = 1 << 29
"""Bytes of the pixels of one file, unpacked: 1,000 slices of 512 x 512 at 16 bits.

Four times as much is held while a file is cleaned and checked.
"""

METHOD = "PS3.15 2026c basic profile, dates moved by covidxr"
"""What DeidentificationMethod says (LO: 64 letters at most)."""

_IMPLEMENTATION = "2.25.263894137460112373290517368913240153712"
# What cannot be cleaned here, by its transfer syntax. Source: PS3.6, annex A.
_FILMS = "1.2.840.10008.1.2.4.10"
_ELSEWHERE = {"1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95"} | {
    "1.2.840.10008.1.2.4.204", "1.2.840.10008.1.2.4.205"
}  # fmt: skip
# Source: PS3.16, CID 7050.
_CODES = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
_FIRST_DATES = ("AcquisitionDate", "AcquisitionDateTime", "ContentDate", "SeriesDate", "StudyDate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deidentified:
    """A cleaned file.

    Parameters
    ----------
    data : bytes
        The whole DICOM file; its pixels are not compressed.
    tags : dict
        Safe to publish, and nothing but texts, numbers and lists of them:
        :func:`covidxr.imaging.safetags.safe_tags`, with PatientSex and PatientAge.
    patient : str
        Stands for the person in all files cleaned with the same secret.
    study, series, instance : str
        New UIDs; empty where the file had none.
    shift_days : int
        What every date was moved by, -1 to -3650. With it the true dates are found again: it must
        not be published.
    sex : str
        ``"M"``, ``"F"``, ``"O"`` or empty.
    age : str
        In whole years, ``"90"`` for 90 and more; empty where the file does not say.
    view, modality : str
        ViewPosition and Modality, as the file has them; may be empty.
    acquired_on : str
        Moved day of the acquisition, ``YYYY-MM-DD``; of the series or the study where that is not
        said; may be empty. Differences between the files of one patient are true.
    problems : tuple of FileProblem
        What a curator should know, though it was cleaned.
    """

    data: bytes
    tags: dict[str, Any]
    patient: str
    study: str
    series: str
    instance: str
    shift_days: int
    sex: str = ""
    age: str = ""
    view: str = ""
    modality: str = ""
    acquired_on: str = ""
    problems: tuple[FileProblem, ...] = ()


def deidentify(data: bytes, secret: bytes) -> Deidentified:
    """De-identify one DICOM file.

    Parameters
    ----------
    data : bytes
        The whole file.
    secret : bytes
        16 bytes or more, the same for all files whose patients are to be recognised as the same.
        PatientID (with its issuer) says who that is, so two sites need two secrets.

    Returns
    -------
    Deidentified
        Checked element by element against the profile's table before it is given.

    Raises
    ------
    UncleanError
        Where it cannot be cleaned; its reason holds no value of the file.
    ValueError
        For a shorter secret.
    """
    pseudonyms = Pseudonyms(secret)
    with heard():
        try:
            return _deidentified(data, pseudonyms)
        except UncleanError:
            raise
        except Exception as error:  # noqa: BLE001 - pydicom
            # raises nearly anything on damaged bytes; its words may hold values.
            raise UncleanError(f"it cannot be cleaned ({type(error).__name__})") from None


def pictures(data: bytes) -> list[Picture]:
    """Give every frame of a cleaned file as PNG: :func:`covidxr.imaging.depth16.pictures`."""
    from covidxr.imaging.depth16 import pictures as made

    return made(data)


def _deidentified(data: bytes, pseudonyms: Pseudonyms) -> Deidentified:
    from covidxr.imaging.deidentifycheck import check, drop_names, note
    from covidxr.imaging.deidentifyelements import clean_elements
    from covidxr.imaging.deidentifypixels import lay_bare
    from covidxr.imaging.safetags import age_of, sex_of, whole_years

    dataset = _read(data)
    _refuse(dataset)
    noted, (keys, problems) = note(dataset), _keys(dataset, pseudonyms)
    sex, age = sex_of(dataset), age_of(dataset)
    lay_bare(dataset, data)
    clean_elements(dataset, keys)
    problems += _told(drop_names(dataset, noted))
    _sign(dataset, keys)
    written = _written(dataset)
    checked = _read(written)
    check(checked, noted, keys)
    tags = _tags(checked, sex, age)
    return Deidentified(
        data=written,
        tags=tags,
        patient=keys.patient,
        study=str(checked.get("StudyInstanceUID") or ""),
        series=str(checked.get("SeriesInstanceUID") or ""),
        instance=str(checked.get("SOPInstanceUID") or ""),
        shift_days=keys.shift_days,
        sex=sex,
        age=whole_years(age),
        view=str(tags.get("ViewPosition", "")),
        modality=str(tags.get("Modality", "")),
        acquired_on=_acquired_on(checked),
        problems=tuple(problems),
    )


def _read(data: bytes) -> Any:
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    try:
        return dcmread(io.BytesIO(data))
    except InvalidDicomError:
        raise UncleanError("it is no DICOM file, or lacks the beginning that one has") from None


def _refuse(dataset: Any) -> None:
    """Turn away what holds no picture, or a picture that names somebody."""
    syntax = dataset.file_meta.get("TransferSyntaxUID")
    if not syntax:
        raise UncleanError("it does not say how it is written (no transfer syntax)")
    if syntax.startswith(_FILMS) and len(syntax) > len(_FILMS):
        raise UncleanError("it is a film, whose frames cannot be cleaned here")
    if syntax in _ELSEWHERE:
        raise UncleanError("its pixels are on a server, not in the file")
    if not syntax.is_transfer_syntax or syntax.is_private:
        raise UncleanError("it is written in a way that is not known here (transfer syntax)")
    if "PixelData" not in dataset:
        kind = "a document" if "EncapsulatedDocument" in dataset else "no picture"
        raise UncleanError(f"it holds {kind}: nothing that a collection of images keeps")
    _refuse_pixels(dataset)


def _refuse_pixels(dataset: Any) -> None:
    said = {
        "BurnedInAnnotation": "its header says that text is burnt into the picture",
        "RecognizableVisualFeatures": "its header says that the patient's face can be recognised",
    }
    for word, reason in said.items():
        if str(dataset.get(word) or "").strip().upper() == "YES":
            raise UncleanError(reason)
    if "Rows" not in dataset or "Columns" not in dataset or "BitsAllocated" not in dataset:
        raise UncleanError("its header does not say how large the picture is")
    pixels = int(dataset.Rows) * int(dataset.Columns)
    length = pixels * int(dataset.get("SamplesPerPixel") or 1) * int(dataset.BitsAllocated) // 8
    if not 0 < pixels <= MOST_DECODED:
        raise UncleanError(f"its header claims {pixels:,} pixels")
    if length * max(1, int(dataset.get("NumberOfFrames") or 1)) > MOST_UNPACKED:
        raise UncleanError(f"its pixels take more than {MOST_UNPACKED:,} bytes")


def _keys(dataset: Any, pseudonyms: Pseudonyms) -> tuple[Keys, list[FileProblem]]:
    """Say who it is of; a file without a PatientID stands for a patient of its own study."""
    from covidxr.imaging.deidentifyelements import Keys

    problems = []
    number, issuer, study, instance = (
        str(dataset.get(word) or "").strip(" \0")
        for word in ("PatientID", "IssuerOfPatientID", "StudyInstanceUID", "SOPInstanceUID")
    )
    identity = f"patient\0{issuer}\0{number}"
    if not number:
        if not study and not instance:
            raise UncleanError("it names neither a patient nor a study that it could be kept with")
        identity = f"study\0{study}" if study else f"instance\0{instance}"
        words = "it names no patient (PatientID): its study is taken for one patient's"
        problems.append(FileProblem(kind="unnamed", message=words))
    keys = Keys(
        pseudonyms=pseudonyms,
        patient=pseudonyms.patient(identity),
        shift_days=pseudonyms.shift_days(identity),
    )
    return keys, problems


def _told(dropped: list[str]) -> list[FileProblem]:
    if not dropped:
        return []
    words = f"{', '.join(dict.fromkeys(dropped))} repeated a name or a number, and was taken out"
    return [FileProblem(kind="repeated", message=words)]


def _sign(dataset: Any, keys: Keys) -> None:
    """Say in the file what was done to it. Source: PS3.15, annex E.1.1; PS3.3, C.12.1.1.4."""
    from pydicom.dataset import Dataset

    dataset.PatientID = keys.patient
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = METHOD
    dataset.LongitudinalTemporalInformationModified = "MODIFIED"
    codes = []
    for value, meaning in _CODES:
        code = Dataset()
        code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, "DCM", meaning
        codes.append(code)
    dataset.DeidentificationMethodCodeSequence = codes
    # All texts were read with the file's own character set, and are written in one that has all.
    dataset.SpecificCharacterSet = "ISO_IR 192"


def _written(dataset: Any) -> bytes:
    """Write the file with a new head: none of the old one's lines is kept."""
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID

    syntax = dataset.file_meta.TransferSyntaxUID
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = UID(_IMPLEMENTATION)
    meta.ImplementationVersionName = "COVIDXR"
    dataset.file_meta, dataset.preamble = meta, bytes(128)
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _tags(dataset: Any, sex: str, age: str) -> dict[str, Any]:
    from covidxr.imaging.safetags import safe_tags

    patient = {"PatientSex": sex, "PatientAge": age}
    return safe_tags(dataset) | {word: text for word, text in patient.items() if text}


def _acquired_on(dataset: Any) -> str:
    for word in _FIRST_DATES:
        # The dataset's own dates are moved already.
        day = shifted(str(dataset.get(word) or ""), 0)
        if day:
            return f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return ""
