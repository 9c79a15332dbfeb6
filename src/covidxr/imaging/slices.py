"""Read from DICOM headers where each slice lies: single files and multi-frame ones.

This module owns the elements that place a slice in the patient. It decodes no pixel, sorts nothing
and guesses nothing: what a header does not say is None.

Source: DICOM PS3.3, C.7.6.2 (Image Plane), C.7.6.16 (Multi-frame Functional Groups), C.8.15 (CT).
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from covidxr.imaging.measured import unreadable
from covidxr.imaging.quiet import heard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

Point: TypeAlias = tuple[float, float, float]

MOST_FRAMES = 100_000
"""Frames that one file may claim; a scanner's largest have some thousands."""

_WANTED = (
    "SOPInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "ImageType",
    "InstanceNumber",
    "AcquisitionNumber",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "SamplesPerPixel",
    "BitsStored",
    "PixelRepresentation",
    "RescaleSlope",
    "RescaleIntercept",
    "ModalityLUTSequence",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
)
_COSINES = 6
_MOST_BITS = 64
# Millimetres; a kilometre away there is no patient, only a damaged number.
_FARTHEST = 1e6
# What is rounded to two digits is off by 0.005 a number.
_ROUNDED = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """How stored numbers become values.

    Parameters
    ----------
    slope, intercept : float
        RescaleSlope and RescaleIntercept; 1 and 0 where the header has none.
    bits : int
        BitsStored; 0 where the header does not say.
    signed : bool
        Whether stored numbers may be negative.
    samples : int
        SamplesPerPixel: 1 for grey.
    table : bool
        Whether the header holds a table instead of slope and intercept.
    """

    slope: float = 1.0
    intercept: float = 0.0
    bits: int = 0
    signed: bool = False
    samples: int = 1
    table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One slice: a file's, or a frame of one.

    Parameters
    ----------
    name : str
        What the caller calls the file.
    frame : int
        Number of the frame, from 0.
    instance : str
        SOPInstanceUID.
    series : str
        SeriesInstanceUID; empty where absent.
    modality : str
        Such as ``"CT"``.
    number : int or None
        InstanceNumber; of a multi-frame file the number of the frame, from 1.
    acquisition : str
        AcquisitionNumber as text; empty where absent.
    localizer : bool
        Whether ImageType says that it is a scout view.
    position : tuple of (float, float, float) or None
        ImagePositionPatient: the middle of the first voxel, in millimetres to the patient's left,
        back and head.
    orientation : tuple of float or None
        ImageOrientationPatient: the directions of the row and of the column, six cosines.
    spacing : tuple of (float, float) or None
        PixelSpacing: millimetres between rows and between columns.
    rows, columns : int
        Size in pixels.
    scaling : Scaling
        How its numbers become values.
    """

    name: str
    frame: int = 0
    instance: str = ""
    series: str = ""
    modality: str = ""
    number: int | None = None
    acquisition: str = ""
    localizer: bool = False
    position: Point | None = None
    orientation: tuple[float, ...] | None = None
    spacing: tuple[float, float] | None = None
    rows: int = 0
    columns: int = 0
    scaling: Scaling = Scaling()


def read_slices(name: str, data: Buffer) -> tuple[tuple[Slice, ...], tuple[FileProblem, ...]]:
    """Read the slices of one file.

    Parameters
    ----------
    name : str
        What the caller calls the file: a label, nothing is opened.
    data : bytes or mmap
        The file; what lies behind its header is not looked at.

    Returns
    -------
    tuple of Slice
        One for a plain file, one a frame for a multi-frame one; empty where it cannot be read, and
        for what holds no picture, such as a report or a list of files.
    tuple of FileProblem
        At most one, with the reason.
    """
    try:
        with heard():
            return _slices(name, _header(data)), ()
    except Exception as error:  # noqa: BLE001 - pydicom raises nearly anything on damaged bytes
        words = " ".join(str(error).split())[:200] or type(error).__name__
        return (), unreadable(f"pydicom cannot read it: {words}")


def _header(data: Buffer) -> Any:
    from pydicom import dcmread

    return dcmread(io.BytesIO(data), specific_tags=list(_WANTED), stop_before_pixels=True)


def _slices(name: str, header: Any) -> tuple[Slice, ...]:
    rows, columns = _whole(header, "Rows") or 0, _whole(header, "Columns") or 0
    if rows <= 0 or columns <= 0:
        return ()
    frames = _whole(header, "NumberOfFrames") or 1
    groups = header.get("PerFrameFunctionalGroupsSequence") or ()
    if frames > MOST_FRAMES or len(groups) > MOST_FRAMES:
        raise ValueError(f"its header claims {max(frames, len(groups)):,} frames")
    if not groups:
        return _plain(name, header, frames)
    shared = _first(header, "SharedFunctionalGroupsSequence")
    return tuple(_enhanced(name, header, frame, (own, shared)) for frame, own in enumerate(groups))


def _plain(name: str, header: Any, frames: int) -> tuple[Slice, ...]:
    first = Slice(
        name=name,
        instance=_text(header, "SOPInstanceUID"),
        series=_text(header, "SeriesInstanceUID"),
        modality=_text(header, "Modality"),
        number=_whole(header, "InstanceNumber"),
        acquisition=_text(header, "AcquisitionNumber"),
        localizer=_is_localizer(header.get("ImageType")),
        position=_point(header.get("ImagePositionPatient")),
        orientation=_cosines(header.get("ImageOrientationPatient")),
        spacing=_pair(header.get("PixelSpacing")),
        rows=int(header.Rows),
        columns=int(header.Columns),
        scaling=_scaling(header, header),
    )
    if frames == 1:
        return (first,)
    # Frames without groups of their own have one position at most, that of the first.
    return tuple(
        replace(first, frame=frame, number=frame + 1, position=None) for frame in range(frames)
    )


def _enhanced(name: str, header: Any, frame: int, groups: Sequence[Any]) -> Slice:
    def of(sequence: str, word: str) -> Any:
        """Look a word up in a frame's own group, then in the one that all frames share."""
        held = (_first(group, sequence) for group in groups if group is not None)
        return next((item.get(word) for item in held if item is not None and word in item), None)

    values = "PixelValueTransformationSequence"
    kind = of("CTImageFrameTypeSequence", "FrameType") or header.get("ImageType")
    acquisition = of("FrameContentSequence", "FrameAcquisitionNumber")
    scales = {
        word: of(values, word)
        for word in ("RescaleSlope", "RescaleIntercept")
        if of(values, word) is not None
    }
    return Slice(
        name=name,
        frame=frame,
        instance=_text(header, "SOPInstanceUID"),
        series=_text(header, "SeriesInstanceUID"),
        modality=_text(header, "Modality"),
        number=frame + 1,
        acquisition="" if acquisition is None else str(acquisition),
        localizer=_is_localizer(kind),
        position=_point(of("PlanePositionSequence", "ImagePositionPatient")),
        orientation=_cosines(of("PlaneOrientationSequence", "ImageOrientationPatient")),
        spacing=_pair(of("PixelMeasuresSequence", "PixelSpacing")),
        rows=int(header.Rows),
        columns=int(header.Columns),
        scaling=_scaling(header, scales or header),
    )


def _scaling(header: Any, scales: Any) -> Scaling:
    bits = _whole(header, "BitsStored") or 0
    return Scaling(
        slope=_factor(scales.get("RescaleSlope"), 1.0),
        intercept=_factor(scales.get("RescaleIntercept"), 0.0),
        bits=bits if 0 < bits <= _MOST_BITS else 0,
        signed=_whole(header, "PixelRepresentation") == 1,
        samples=_whole(header, "SamplesPerPixel") or 1,
        table="ModalityLUTSequence" in header,
    )


def _factor(value: Any, otherwise: float) -> float:
    if value in {None, ""}:
        return otherwise
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"it is rescaled by {value}")
    return number


def _first(holder: Any, sequence: str) -> Any:
    items = holder.get(sequence)
    return items[0] if items else None


def _text(header: Any, word: str) -> str:
    value = header.get(word)
    return "" if value is None else str(value)


def _whole(header: Any, word: str) -> int | None:
    value = header.get(word)
    return None if value in {None, ""} else int(value)


def _is_localizer(kind: Any) -> bool:
    """Tell a scout view by the third value of its type (PS3.3, C.8.2.1.1.1)."""
    words = [kind] if isinstance(kind, str) else list(kind or ())
    return "LOCALIZER" in {str(word).strip().upper() for word in words}


def _numbers(value: Any, count: int) -> tuple[float, ...] | None:
    if value is None or isinstance(value, str) or not hasattr(value, "__len__"):
        return None
    numbers = tuple(float(each) for each in value)
    usable = all(math.isfinite(number) and abs(number) < _FARTHEST for number in numbers)
    return numbers if len(numbers) == count and usable else None


def _point(value: Any) -> Point | None:
    numbers = _numbers(value, 3)
    return None if numbers is None else (numbers[0], numbers[1], numbers[2])


def _pair(value: Any) -> tuple[float, float] | None:
    numbers = _numbers(value, 2)
    return (numbers[0], numbers[1]) if numbers and min(numbers) > 0 else None


def _cosines(value: Any) -> tuple[float, ...] | None:
    """Read two directions; None where they are not of length 1 and at right angles, or nearly."""
    numbers = _numbers(value, _COSINES)
    if numbers is None:
        return None
    row, column = numbers[:3], numbers[3:]
    lengths = (math.hypot(*row), math.hypot(*column))
    across = sum(one * other for one, other in zip(row, column, strict=True))
    close = all(abs(length - 1) < _ROUNDED for length in lengths) and abs(across) < _ROUNDED
    return numbers if close else None
