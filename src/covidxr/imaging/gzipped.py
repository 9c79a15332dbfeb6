"""Decompress a gzip file to its end, in small pieces that are not kept here.

Source: RFC 1952. zlib itself checks each member's CRC and length.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from covidxr.imaging.measured import check_tail, corrupt, truncated

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

_PIECE_IN = 1 << 18
_PIECE_OUT = 1 << 22
# Decompressing stops this far behind what is expected: a small file can hold a very large one.
_SURPLUS = 1 << 24
_MEMBER = b"\x1f\x8b"


def check_stream(
    data: Buffer, expected: int, *, taken: Callable[[bytes], object] | None = None
) -> tuple[FileProblem, ...]:
    """Decompress everything and compare its length.

    Parameters
    ----------
    data : bytes or mmap
        The whole file.
    expected : int
        Bytes that it should hold.
    taken : callable or None
        Receives the decompressed bytes, piece by piece, in their order; what lies behind
        `expected`, or before damage, too.

    Returns
    -------
    tuple of FileProblem
        At most one; never more than a few MiB are held at a time.
    """
    at, total = 0, 0
    while at == 0 or data[at : at + 2] == _MEMBER:
        try:
            at, total, ended = _inflate_member(data, (at, total), expected + _SURPLUS, taken)
        except zlib.error as error:
            return corrupt(f"decompressing it fails: {error}")
        if total > expected + _SURPLUS:
            return check_tail(expected, total)
        if not ended:
            return truncated(
                f"the compressed data end early: {total:,} of {expected:,} bytes can be read"
            )
    if total < expected:
        return truncated(f"{expected - total:,} bytes of {expected:,} are missing")
    return check_tail(expected, total) or check_tail(at, len(data))


def _inflate_member(
    data: Buffer, begun: tuple[int, int], most: int, taken: Callable[[bytes], object] | None
) -> tuple[int, int, bool]:
    """Return where the member ends, the bytes so far and whether its end was reached."""
    at, total = begun
    stream = zlib.decompressobj(wbits=31)
    while not stream.eof and total <= most:
        piece = stream.unconsumed_tail or data[at : at + _PIECE_IN]
        if not piece:
            return at, total, False
        fresh = not stream.unconsumed_tail
        unpacked = stream.decompress(piece, _PIECE_OUT)
        total += len(unpacked)
        if taken is not None:
            taken(unpacked)
        at += len(piece) if fresh else 0
    return at - len(stream.unused_data), total, stream.eof
