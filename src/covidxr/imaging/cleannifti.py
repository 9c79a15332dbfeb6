"""A NIfTI volume without words: descriptions, names of files and extensions are taken out.

This module owns which fields of the header hold text. Voxels and geometry stay as they are. It
opens no file.
Source: ``nifti1.h`` and ``nifti2.h`` of the NIfTI Data Format Working Group; RFC 1952.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from typing import TYPE_CHECKING

from covidxr.imaging.cleaned import Stripped, UncleanError
from covidxr.imaging.formats import NIFTI1_BYTES, PEEK, inflate_beginning, recognise
from covidxr.imaging.measured import DamagedError
from covidxr.imaging.nifti import read_header

if TYPE_CHECKING:
    from covidxr.imaging.nifti import Header

__all__ = ["Stripped", "UncleanError", "clean_nifti"]

MOST_UNPACKED = 1 << 31
"""Bytes of the largest volume that is unpacked: 2 GiB hold 4,000 slices of 512 x 512 at 16 bits."""

# Begin and length of the fields that hold words, or that the format calls unused.
_NIFTI1_WORDS = {
    "data_type": (4, 10),
    "db_name": (14, 18),
    "extents": (32, 4),
    "session_error": (36, 2),
    "glmax and glmin": (140, 8),
    "descrip": (148, 80),
    "aux_file": (228, 24),
    "intent_name": (328, 16),
}
_NIFTI2_WORDS = {
    "descrip": (240, 80),
    "aux_file": (320, 24),
    "intent_name": (508, 16),
    "unused_str": (525, 15),
}
_EXTENSION_FLAG = 4
# Between size and speed: level 9 takes four times as long for 1 % less.
_LEVEL = 6
_GZIP_NAMED = 0b11100  # flags: extra field, name of the file, comment
_PIECE = 1 << 22


def clean_nifti(data: bytes) -> Stripped:
    """Take the words out of a volume.

    Parameters
    ----------
    data : bytes
        The whole file, ``.nii`` or ``.nii.gz``, NIfTI-1 or NIfTI-2, in either byte order.

    Returns
    -------
    Stripped
        In the same form. Extensions are gone, DICOM headers among them, so the voxels begin right
        behind the header; what followed the voxels is gone as well.

    Raises
    ------
    UncleanError
        Where it is no volume, is cut off, keeps its voxels in another file, or is larger than
        `MOST_UNPACKED`.
    """
    kind = recognise(data[:PEEK])
    if kind == "NIFTI":
        volume, removed = _clean(data)
        return Stripped(data=volume, removed=removed)
    if kind != "NIFTI.GZ":
        raise UncleanError("it is no NIfTI volume")
    volume, removed = _clean(_unpack(data))
    if data[3] & _GZIP_NAMED or any(data[4:8]):
        removed = (*removed, "gzip's name and time")
    return Stripped(data=gzip.compress(volume, _LEVEL, mtime=0), removed=removed)


def _unpack(data: bytes) -> bytes:
    """Unpack all members, but nothing that lies far behind the voxels."""
    most = _header(inflate_beginning(data[:PEEK])).length
    if most > MOST_UNPACKED:
        raise UncleanError(f"it holds more than {MOST_UNPACKED:,} bytes unpacked")
    kept, rest = bytearray(), data
    while rest[:2] == b"\x1f\x8b" and len(kept) <= most:
        unpacking, given = zlib.decompressobj(wbits=31), rest
        while not unpacking.eof and len(kept) <= most:
            try:
                piece = unpacking.decompress(given, _PIECE)
            except zlib.error as error:
                raise UncleanError("its compressed data are damaged") from error
            kept += piece
            given = unpacking.unconsumed_tail
            if not piece and not given and not unpacking.eof:
                raise UncleanError("its compressed data are cut off")
        rest = unpacking.unused_data
    return bytes(kept)


def _clean(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    header = _header(data)
    if len(data) < header.length:
        raise UncleanError(f"it is cut off: {header.length - len(data):,} bytes are missing")
    order = "<" if header.little else ">"
    head, removed = bytearray(data[: header.own_bytes]), []
    first = header.own_bytes == NIFTI1_BYTES
    for name, (begin, length) in (_NIFTI1_WORDS if first else _NIFTI2_WORDS).items():
        if any(head[begin : begin + length]):
            removed.append(name)
            head[begin : begin + length] = bytes(length)
    own = header.own_bytes + _EXTENSION_FLAG
    begin = max(int(header.offset), own)
    if data[header.own_bytes : begin].strip(b"\0"):
        removed.append("extensions")
    if len(data) > header.length:
        removed.append("data behind the voxels")
    if first:
        struct.pack_into(order + "f", head, 108, float(own))
    else:
        struct.pack_into(order + "q", head, 168, own)
    whole = b"".join((head, bytes(_EXTENSION_FLAG), data[begin : header.length]))
    if not removed and whole != data:
        removed.append("filling")
    return whole, tuple(removed)


def _header(data: bytes) -> Header:
    try:
        header = read_header(data[:PEEK])
    except DamagedError as damaged:
        raise UncleanError(damaged.problem.message) from damaged
    if not header.alone:
        raise UncleanError("its voxels are in another file: join both as one .nii")
    if not math.isfinite(header.offset) or header.offset != int(header.offset):
        raise UncleanError("its header does not say where the voxels begin")
    return header
