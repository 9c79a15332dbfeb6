"""Write a stack of DICOM slices as one NIfTI volume, in the patient's space, in Hounsfield units.

This module owns the way from DICOM's directions (left, back, head) to NIfTI's (right, front, head),
and the bytes of the volume. It holds one slice at a time and opens no file. Nothing of a header but
geometry gets into the volume, and nothing that changes from run to run.

Source: DICOM PS3.3, C.7.6.2.1.1, equation C.7.6.2.1-1; ``nifti1.h``, methods 2 and 3.
"""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING, Any

from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.measured import unreadable
from covidxr.imaging.series import SAME_MM, Flaw, tilt_degrees
from covidxr.model import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from covidxr.imaging.series import Stack
    from covidxr.imaging.slices import Slice

DESCRIPTION = b"DICOM slices, sorted by position"
"""What the volume says of itself, in at most 79 bytes: nothing of the patient or the place."""

REFUSED = frozenset({Flaw.GAP, Flaw.UNEVEN, Flaw.DOUBLE, Flaw.MIXED})
"""What makes the geometry of a volume wrong, or leaves a choice, so that a person must agree."""

_WHY = {
    Flaw.GAP: "slices are missing",
    Flaw.UNEVEN: "its slices are not evenly spaced",
    Flaw.DOUBLE: "slices lie where another does",
    Flaw.MIXED: "its series holds several stacks",
}
# Angle from which on the way between slices is no right angle that only rounding has bent.
_SHEARED_DEGREES = 0.02
_LEAST, _MOST = -(2**15), 2**15 - 1
# dim of nifti1.h has sixteen bits.
_MOST_VOXELS = 2**15 - 1
# Of a CT of 300 slices level 6 takes five times as long as 4, and saves nothing (33.2 and 32.9 MB).
_LEVEL = 4


class DecodingError(Exception):
    """Stops a conversion at a slice whose pixels cannot be had; never leaves `convert`."""


def refusal(stack: Stack, agreed: frozenset[Flaw] = frozenset()) -> str:
    """Say why a stack is not written as a volume.

    Parameters
    ----------
    stack : Stack
        From :func:`covidxr.imaging.series.sort_slices`.
    agreed : frozenset of Flaw
        What of `REFUSED` a person has agreed to.

    Returns
    -------
    str
        A clause; empty where the stack can be written.
    """
    reason = impossible(stack)
    if reason:
        return reason
    found = sorted((stack.flaws & REFUSED) - agreed, key=list(Flaw).index)
    return " and ".join(_WHY[flaw] for flaw in found)


def impossible(stack: Stack) -> str:
    """Say why a stack is no volume, whatever a person agrees to.

    Parameters
    ----------
    stack : Stack
        As of `refusal`.

    Returns
    -------
    str
        A clause; empty where it is one.
    """
    first = stack.slices[0]
    most = max(first.rows, first.columns, len(stack.slices))
    reasons = {
        "its slices do not say where in the patient they lie": stack.normal is None,
        "it does not say how far apart its pixels are": first.spacing is None,
        "it is one slice, not a volume": stack.step is None,
        "its pixels have colours, and no scanner's units": first.scaling.samples != 1,
        "its values are given by a table, which is not supported": any(
            each.scaling.table for each in stack.slices
        ),
        f"a volume has at most {_MOST_VOXELS:,} voxels along an axis": most > _MOST_VOXELS,
        "its slices claim to be larger than any scanner's": (
            first.rows * first.columns > MOST_DECODED
        ),
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def convert(
    stack: Stack, load: Callable[[str], bytes], agreed: frozenset[Flaw] = frozenset()
) -> bytes | FileProblem:
    """Write a stack as ``.nii.gz``.

    Parameters
    ----------
    stack : Stack
        From :func:`covidxr.imaging.series.sort_slices`.
    load : callable
        Gives the bytes of a file by the name in its slices.
    agreed : frozenset of Flaw
        What of `REFUSED` a person has agreed to. Of two slices at one place the first is taken,
        by InstanceNumber; uneven slices are placed evenly.

    Returns
    -------
    bytes
        Sixteen bits a voxel where every value is such a number, else a float of 32 bits. The same
        slices give the same bytes.
    FileProblem
        Why there is no volume: the stack is refused, or the pixels of a slice cannot be decoded.
    """
    reason = refusal(stack, agreed)
    if reason:
        return unreadable(f"the series is not converted: {reason}")[0]
    try:
        kind = "<i2" if _is_short(stack, load) else "<f4"
        return _packed(stack, kind, planes(stack, load))
    except DecodingError as bad:
        return unreadable(str(bad))[0]


def affine_of(stack: Stack) -> NDArray[Any]:
    """Give the matrix from voxel numbers to the patient's space.

    Parameters
    ----------
    stack : Stack
        One whose slices are placed, with a spacing and a step.

    Returns
    -------
    numpy.ndarray
        ``(4, 4)``, float64: from column, row and slice, counted from 0, to millimetres right,
        front and head. Of a tilted gantry the third column leans.
    """
    import numpy as np

    first = stack.slices[0]
    if first.orientation is None or first.spacing is None or first.position is None:
        raise ValueError(f"{first.name} is not placed")
    between_rows, between_columns = first.spacing
    affine = np.eye(4)
    affine[:3, 0] = np.multiply(first.orientation[:3], between_columns)
    affine[:3, 1] = np.multiply(first.orientation[3:], between_rows)
    affine[:3, 2] = stack.step or stack.normal or (0.0, 0.0, 1.0)
    affine[:3, 3] = first.position
    # Left and back count upwards in DICOM, right and front in NIfTI.
    affine[:2] *= -1
    return affine + 0.0


def planes(stack: Stack, load: Callable[[str], bytes]) -> Iterator[NDArray[Any]]:
    """Decode one slice after the other, one a place.

    Parameters
    ----------
    stack, load
        As of `convert`.

    Yields
    ------
    numpy.ndarray
        ``(rows, columns)``, float64: values after slope and intercept, Hounsfield units of CT.

    Raises
    ------
    DecodingError
        If a slice cannot be decoded, or is not as large as its header says.
    """
    name, data = "", b""
    for each in _one_a_place(stack):
        # The frames of one file follow each other.
        if name != each.name:
            name, data = each.name, load(each.name)
        yield _values(each, data)


def places(stack: Stack) -> int:
    """Count the places of a stack, each of which becomes one slice of the volume."""
    return sum(1 for _ in _one_a_place(stack))


def _one_a_place(stack: Stack) -> Iterator[Slice]:
    last: float | None = None
    for each in stack.slices:
        height = _along(each, stack)
        if last is None or height - last >= SAME_MM:
            yield each
            last = height


def _along(each: Slice, stack: Stack) -> float:
    pair = zip(each.position or (), stack.normal or (), strict=True)
    return sum(one * other for one, other in pair)


def _values(each: Slice, data: bytes) -> NDArray[Any]:
    import numpy as np

    from covidxr.imaging.dicompixels import stored as stored_in

    stored = stored_in(data, each.frame)
    if isinstance(stored, FileProblem):
        raise DecodingError(f"{each.name}: its pixels cannot be decoded: {stored.message}")
    if stored.shape != (each.rows, each.columns):
        size = " × ".join(map(str, stored.shape))
        raise DecodingError(f"{each.name}: its pixels are {size}, its header says otherwise")
    return stored.astype(np.float64) * each.scaling.slope + each.scaling.intercept


def _is_short(stack: Stack, load: Callable[[str], bytes]) -> bool:
    """Tell whether sixteen bits hold every value exactly; only in doubt are the pixels read."""
    scalings = {each.scaling for each in stack.slices}
    if not all(each.slope.is_integer() and each.intercept.is_integer() for each in scalings):
        return False
    if all(each.bits for each in scalings) and all(
        _LEAST <= end * each.slope + each.intercept <= _MOST
        for each in scalings
        for end in _ends(each.bits, signed=each.signed)
    ):
        return True
    return all(each.min() >= _LEAST and each.max() <= _MOST for each in planes(stack, load))


def _ends(bits: int, *, signed: bool) -> tuple[int, int]:
    half = 1 << bits - 1
    return (-half, half - 1) if signed else (0, 2 * half - 1)


def _packed(stack: Stack, kind: str, slices: Iterator[NDArray[Any]]) -> bytes:
    out = io.BytesIO()
    # No name and no time: the same volume has the same bytes.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=out, mtime=0) as file:
        file.write(_header(stack, kind))
        for each in slices:
            # The first axis of a volume counts fastest, as columns do in a picture.
            file.write(each.astype(kind).tobytes())
    return out.getvalue()


def _header(stack: Stack, kind: str) -> bytes:
    from nibabel.nifti1 import Nifti1Header

    first = stack.slices[0]
    affine = affine_of(stack)
    header = Nifti1Header(endianness="<")
    header.set_data_dtype(kind)
    header.set_data_shape((first.columns, first.rows, places(stack)))
    header.set_xyzt_units("mm")
    # Quaternions cannot lean: of a tilted gantry only the matrix is true.
    header.set_qform(affine, code=0 if tilt_degrees(stack) > _SHEARED_DEGREES else 1)
    header.set_sform(affine, code=1)
    header.set_slope_inter(1, 0)
    header["descrip"] = DESCRIPTION
    header["vox_offset"] = header.single_vox_offset
    return bytes(header.binaryblock) + bytes(4)
