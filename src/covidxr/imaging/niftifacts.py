"""What a NIfTI header says of the patient's space: spacing, units, where the axes point.

This module owns the use of nibabel for headers, which is imported when the first volume is met. It
reads no voxel and guesses nothing: a header that places its volume nowhere gives no axes.

Source: ``nifti1.h`` and ``nifti2.h``; nibabel, "Coordinate systems and affines".
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

from covidxr.filefacts import VolumeFacts
from covidxr.imaging.formats import NIFTI1_BYTES
from covidxr.imaging.measured import corrupt, unreadable
from covidxr.imaging.quiet import heard

if TYPE_CHECKING:
    from covidxr.imaging.nifti import Header
    from covidxr.model import FileProblem

OBLIQUE_DEGREES = 0.1
"""Angle from which on an axis counts as askew.

Across a field of view of 500 mm, a tenth of a degree moves the far end by 0.9 mm, about a voxel;
what is less comes from numbers that were rounded.
"""

# XYZT_TO_SPACE in nifti1.h: the lowest three bits.
_SPACE_BITS = 0x07
_UNITS = {1: "m", 2: "mm", 3: "um"}
_SPATIAL = 3
# nibabel's own level of what it refuses to load.
_ERROR = 40


def volume_facts(header: Header, head: bytes) -> tuple[VolumeFacts, tuple[FileProblem, ...]]:
    """Read what a header says.

    Parameters
    ----------
    header : Header
        What :func:`covidxr.imaging.nifti.read_header` read of it.
    head : bytes
        The header itself, decompressed.

    Returns
    -------
    VolumeFacts
        Without what only voxels tell. A spacing that is no number is given as 0, for no number
        is equal to itself.
    tuple of FileProblem
        At most one: nibabel would not load the volume (``"unreadable"``), or what places it in
        the patient makes no sense (``"corrupt"``).
    """
    affine, units = None, ""
    spacing: tuple[float, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    try:
        with heard():
            parsed = _parsed(header, head)
            units = _UNITS.get(int(parsed["xyzt_units"]) & _SPACE_BITS, "")
            spacing = tuple(map(_finite, parsed["pixdim"][1 : len(header.shape) + 1]))
            _check(parsed)
    except Exception as error:  # noqa: BLE001 - nibabel and numpy raise nearly anything
        problems = unreadable(f"nibabel cannot load it: {_words(error)}")
    else:
        affine, problems = _placed(parsed)
    axes, oblique, singular = ("", False, False) if affine is None else axes_of(affine)
    if singular and len(header.shape) >= _SPATIAL:
        problems = corrupt("its header places all voxels in one plane or point")
    facts = VolumeFacts(
        shape=header.shape,
        spacing=spacing,
        placed_spacing=sizes_of(affine) if axes else (),
        axes=axes,
        oblique=oblique,
        units=units,
        kind=header.kind,
    )
    return facts, problems


def affine_of(header: Header, head: bytes) -> Any:
    """Give the matrix from voxel numbers to millimetres right, anterior, superior.

    Parameters
    ----------
    header, head
        As of `volume_facts`.

    Returns
    -------
    numpy.ndarray or None
        ``(4, 4)``, of the header's sform, or else of its qform; None where it has neither, or
        they make no sense.
    """
    try:
        with heard():
            affine = _placed(_parsed(header, head))[0]
    except Exception:  # noqa: BLE001 - nibabel and numpy raise nearly anything
        return None
    return None if affine is None or axes_of(affine)[2] else affine


def _parsed(header: Header, head: bytes) -> Any:
    from nibabel.nifti1 import Nifti1Header, Nifti1PairHeader
    from nibabel.nifti2 import Nifti2Header, Nifti2PairHeader

    if header.own_bytes == NIFTI1_BYTES:
        kind = Nifti1Header if header.alone else Nifti1PairHeader
    else:
        kind = Nifti2Header if header.alone else Nifti2PairHeader
    block = head[: header.own_bytes]
    return kind(block, endianness="<" if header.little else ">", check=False)


def _check(parsed: Any) -> None:
    """Raise what `nibabel.load` would raise, without its log on the screen."""
    silent = logging.Logger("covidxr.silent")  # noqa: LOG001 - of the tree's loggers one prints
    silent.addHandler(logging.NullHandler())
    parsed.copy().check_fix(silent, _ERROR)


def _placed(parsed: Any) -> tuple[Any, tuple[FileProblem, ...]]:
    """Give the affine of a header that has one, by nibabel's order: sform, then qform."""
    import numpy as np

    if int(parsed["sform_code"]) <= 0 and int(parsed["qform_code"]) <= 0:
        return None, ()
    try:
        affine = parsed.get_best_affine()
    except Exception as error:  # noqa: BLE001 - nibabel and numpy raise nearly anything
        return None, corrupt(f"what its header says of its place makes no sense: {_words(error)}")
    if not np.isfinite(affine).all():
        return None, corrupt("its header places the voxels where no numbers are")
    return affine, ()


def sizes_of(affine: Any) -> tuple[float, ...]:
    """Give the distances of the voxels of a volume.

    Parameters
    ----------
    affine : numpy.ndarray
        ``(4, 4)``, from voxel numbers to right, front and head.
    """
    from nibabel.affines import voxel_sizes

    return tuple(map(_finite, voxel_sizes(affine)))


def axes_of(affine: Any) -> tuple[str, bool, bool]:
    """Say where the axes of a volume point.

    Parameters
    ----------
    affine : numpy.ndarray
        ``(4, 4)``, from voxel numbers to right, front and head.

    Returns
    -------
    str
        Such as ``"RAS"``; empty where the axes span no space.
    bool
        Whether one stands askew to the patient's by `OBLIQUE_DEGREES` or more.
    bool
        Whether the axes span no space: one has no length, or they lie in a plane.
    """
    import numpy as np
    from nibabel.orientations import aff2axcodes

    directions = affine[:3, :3]
    lengths = np.sqrt((directions**2).sum(axis=0))
    if not lengths.all() or not np.isfinite(lengths).all():
        return "", False, True
    cosines = directions / lengths
    if abs(np.linalg.det(cosines)) < math.sin(math.radians(OBLIQUE_DEGREES)):
        return "", False, True
    codes = aff2axcodes(affine)
    if None in codes:
        return "", False, True
    straight = np.abs(cosines).max(axis=0).min() >= math.cos(math.radians(OBLIQUE_DEGREES))
    return "".join(codes), not straight, False


def _finite(value: Any) -> float:
    """Make a number of a header's; the digits of 32 bits are not followed by others."""
    number = float(value)
    if not math.isfinite(number):
        return 0.0
    return float(f"{number:.7g}")


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
