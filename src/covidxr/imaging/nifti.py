"""Read a NIfTI volume's header and compare its length with it, plain or inside gzip.

This module owns the layout of the file. What the header says of the patient's space stands in
:mod:`covidxr.imaging.niftifacts`, what the voxels hold in :mod:`covidxr.imaging.voxels`.

Source: ``nifti1.h`` and ``nifti2.h`` of the NIfTI Data Format Working Group.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.imaging.formats import NIFTI1_BYTES, NIFTI2_BYTES, PEEK, inflate_beginning
from covidxr.imaging.gzipped import check_stream
from covidxr.imaging.measured import DamagedError, Measured, check_tail, truncated
from covidxr.imaging.niftifacts import volume_facts
from covidxr.imaging.voxels import pour, tally_of
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.filefacts import VolumeFacts
    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

# Name and bits of a voxel of each data type code; the names are numpy's where numpy has it.
_TYPES = {
    1: ("bit", 1),
    2: ("uint8", 8),
    4: ("int16", 16),
    8: ("int32", 32),
    16: ("float32", 32),
    32: ("complex64", 64),
    64: ("float64", 64),
    128: ("rgb24", 24),
    256: ("int8", 8),
    512: ("uint16", 16),
    768: ("uint32", 32),
    1024: ("int64", 64),
    1280: ("uint64", 64),
    1536: ("float128", 128),
    1792: ("complex128", 128),
    2048: ("complex256", 256),
    2304: ("rgba32", 32),
}
_MOST_DIMENSIONS = 7
_EXTENSION_FLAG = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a NIfTI header says of its volume.

    Parameters
    ----------
    shape : tuple of int
        Voxels along each axis.
    datatype : int
        Code of the voxels' type, as in ``nifti1.h``.
    offset : float
        Byte at which the voxels begin.
    own_bytes : int
        Bytes of the header.
    alone : bool
        Whether the voxels follow in the same file.
    little : bool
        Whether numbers are stored with the least byte first.
    """

    shape: tuple[int, ...]
    datatype: int
    offset: float
    own_bytes: int
    alone: bool
    little: bool

    @property
    def kind(self) -> str:
        """Name of the voxels' type, such as ``"int16"``."""
        return _TYPES[self.datatype][0]

    @property
    def begin(self) -> int:
        """Byte at which the voxels begin, behind the header and the flag of its extensions."""
        return max(int(self.offset), self.own_bytes + _EXTENSION_FLAG)

    @property
    def length(self) -> int:
        """Bytes of the whole file, decompressed."""
        if not self.alone:
            return self.own_bytes
        voxels = (math.prod(self.shape) * _TYPES[self.datatype][1] + 7) // 8
        return self.begin + voxels


def look_at_nifti(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a plain NIfTI volume.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, the length must be what the header asks for. At ``FULL`` every
        voxel is looked at, a few MiB at a time.

    Returns
    -------
    Measured
        `width` and `height` are the first two dimensions, in voxels; `volume` is None only where
        the header makes no sense.
    """
    head = data[:NIFTI2_BYTES]
    try:
        header = read_header(head)
    except DamagedError as damaged:
        return Measured(problems=(damaged.problem,))
    volume, problems = volume_facts(header, head)
    if depth.reaches(ImageDepth.STRUCTURE):
        problems += _check_length(header, size)
    if depth.reaches(ImageDepth.FULL) and size >= header.length:
        tally = tally_of(header, head)
        if tally:
            pour(data, tally.feed)
            volume = tally.added_to(volume)
    return _measured(header, volume, problems)


def look_at_gzipped_nifti(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a NIfTI volume inside gzip.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        At ``STRUCTURE`` the length in gzip's last four bytes must be what the header asks for;
        where it is not, and at ``FULL``, everything is decompressed in small pieces; at ``FULL``
        every voxel is looked at on the way.

    Returns
    -------
    Measured
        As of `look_at_nifti`.
    """
    head = inflate_beginning(data[:PEEK])
    try:
        header = read_header(head)
    except DamagedError as damaged:
        return Measured(problems=(damaged.problem,))
    volume, problems = volume_facts(header, head)
    if depth.reaches(ImageDepth.FULL):
        tally = tally_of(header, head)
        damage = check_stream(data, header.length, taken=tally.feed if tally else None)
        if tally and not any(each.kind != "trailing" for each in damage):
            volume = tally.added_to(volume)
        problems += damage
    elif depth.reaches(ImageDepth.STRUCTURE) and not _trailer_agrees(data, size, header.length):
        problems += check_stream(data, header.length)
    return _measured(header, volume, problems)


def _trailer_agrees(data: Buffer, size: int, length: int) -> bool:
    # ISIZE (RFC 1952, 2.3.1): a cut file agrees by chance once in four billion.
    return int.from_bytes(data[size - 4 : size], "little") == length % 2**32


def _measured(header: Header, volume: VolumeFacts, problems: tuple[FileProblem, ...]) -> Measured:
    height = header.shape[1] if len(header.shape) > 1 else None
    return Measured(
        width=header.shape[0],
        height=height,
        bits=_TYPES[header.datatype][1],
        problems=problems,
        volume=volume,
    )


def _check_length(header: Header, size: int) -> tuple[FileProblem, ...]:
    if size < header.length:
        return truncated(f"{header.length - size:,} bytes of {header.length:,} are missing")
    # The header of a pair may carry extensions of any length.
    return check_tail(header.length, size) if header.alone else ()


def read_header(head: bytes) -> Header:
    """Read the header of a plain or unpacked volume.

    Parameters
    ----------
    head : bytes
        The first `NIFTI2_BYTES`, or all there is.

    Raises
    ------
    DamagedError
        If it claims what cannot be.
    """
    sizes = {NIFTI1_BYTES, NIFTI2_BYTES}
    order = "<" if int.from_bytes(head[:4], "little") in sizes else ">"
    own_bytes: int = struct.unpack_from(order + "i", head)[0]
    if len(head) < own_bytes:
        raise DamagedError("truncated", "the file ends inside its header")
    if own_bytes == NIFTI2_BYTES:
        datatype, *dimensions, offset = struct.unpack_from(order + "12xh2x8q88xq", head)
        alone = head[4:6] == b"n+"
    else:
        *dimensions, datatype, offset = struct.unpack_from(order + "40x8h14xh36xf", head)
        alone = head[344:346] == b"n+"
    _check_header(dimensions, datatype, offset)
    return Header(
        shape=tuple(dimensions[1 : dimensions[0] + 1]),
        datatype=datatype,
        offset=offset,
        own_bytes=own_bytes,
        alone=alone,
        little=order == "<",
    )


def _check_header(dimensions: list[int], datatype: int, offset: float) -> None:
    count = dimensions[0]
    if not 1 <= count <= _MOST_DIMENSIONS or min(dimensions[1 : count + 1]) < 1:
        raise DamagedError("corrupt", f"its header claims the dimensions {dimensions}")
    if datatype not in _TYPES:
        raise DamagedError("corrupt", f"its header names an unknown data type, {datatype}")
    if not 0 <= offset < 2**62:
        raise DamagedError("corrupt", f"its header places the voxels at byte {offset}")
