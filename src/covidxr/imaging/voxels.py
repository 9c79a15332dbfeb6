"""Look at every voxel of a volume without holding the volume: range, air, tissue, no numbers.

This module owns what is counted while the bytes of a volume go by, a few MiB at a time, and what
makes values Hounsfield units. It knows no compression and opens no file.
"""

from __future__ import annotations

import dataclasses
import math
import struct
from typing import TYPE_CHECKING, Any

from covidxr.imaging.formats import NIFTI1_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from covidxr.filefacts import VolumeFacts
    from covidxr.imaging.measured import Buffer
    from covidxr.imaging.nifti import Header

AIR = (-1100.0, -700.0)
"""Hounsfield units of air around the patient and in the airways, and of lung that holds air.

Source: air is -1000 by definition, here with noise of 100; lung in inspiration is -910 to -850
(Prokop, "Spiral and Multislice Computed Tomography of the Body", Thieme 2003), and denser at the
back and in expiration.
"""

TISSUE = (-200.0, 300.0)
"""Hounsfield units of fat (-100), water (0 by definition), organs (20 to 65), contrasted blood.

Source: Prokop, as of `AIR`, with noise of 100 units.
"""

PLAUSIBLE = (-32_768.0, 32_767.0)
"""What CT is stored in: signed sixteen bits, whose lowest value is used for what was not scanned.
"""

LEAST_SHARE = 0.005
"""Share of the voxels that must be air, and that must be tissue, for values to be Hounsfield units.

A scan of the chest has a tenth of either at least; what is cut to one lung, or lies in a large
frame that was not scanned, has less. Values of 0 to 255, of 0 to 4095 and of 0 to 1 have no air.
"""

_PIECE = 1 << 22
# Values that are looked at together: what they are turned into stays in the processor's cache.
_TOGETHER = 1 << 18
# Names of numbers that can be looked at; colours and complex numbers are no CT.
_NUMBERS = {
    "uint8": "u1",
    "int8": "i1",
    "int16": "i2",
    "uint16": "u2",
    "int32": "i4",
    "uint32": "u4",
    "int64": "i8",
    "uint64": "u8",
    "float32": "f4",
    "float64": "f8",
}


class Tally:
    """What is known of the values so far.

    Parameters
    ----------
    slope, intercept : float
        From a stored number to its value.
    """

    def __init__(self, slope: float = 1.0, intercept: float = 0.0) -> None:
        self.low = math.inf
        self.high = -math.inf
        self.not_numbers = 0
        self._slope, self._intercept = slope, intercept
        self._count = self._air = self._tissue = 0

    def add(self, stored: NDArray[Any]) -> None:
        """Look at stored numbers, of any shape."""
        flat = stored.reshape(-1)
        for begin in range(0, flat.size, _TOGETHER):
            self._add(flat[begin : begin + _TOGETHER])

    @property
    def hounsfield(self) -> bool:
        """Whether the values can be Hounsfield units."""
        enough = LEAST_SHARE * self._count
        return (
            self._count > 0
            and PLAUSIBLE[0] <= self.low
            and self.high <= PLAUSIBLE[1]
            and self._air >= enough
            and self._tissue >= enough
        )

    def added_to(self, facts: VolumeFacts) -> VolumeFacts:
        """Give the facts of a header together with those of its voxels.

        A volume without a single number has neither a lowest nor a highest value.
        """
        known = math.isfinite(self.low) and math.isfinite(self.high)
        return dataclasses.replace(
            facts,
            low=self.low if known else None,
            high=self.high if known else None,
            hounsfield=self.hounsfield,
            not_numbers=self.not_numbers,
        )

    def _add(self, stored: NDArray[Any]) -> None:
        import numpy as np

        if stored.dtype.kind == "f":
            finite = np.isfinite(stored.astype(np.float64))
            self.not_numbers += int(stored.size - np.count_nonzero(finite))
            stored = stored[finite]
        if not stored.size:
            return
        # A float of 32 bits holds every number of 16 bits, and is twice as fast.
        kind = np.float32 if stored.dtype.itemsize <= 2 else np.float64  # noqa: PLR2004 - bytes
        numbers: NDArray[Any] = stored.astype(kind)
        ends = [float(end) * self._slope + self._intercept for end in _ends(numbers)]
        self.low, self.high = min(self.low, *ends), max(self.high, *ends)
        self._count += numbers.size
        # Slope and intercept can be anybody's: what is too large for a float lies in no range.
        with np.errstate(all="ignore"):
            values: NDArray[Any] = np.multiply(numbers, self._slope) + self._intercept
        self._air += _within(values, AIR)
        self._tissue += _within(values, TISSUE)


class StreamTally:
    """A tally of a volume whose bytes go by in pieces of any length.

    Parameters
    ----------
    header : Header
        What the volume is.
    tally : Tally
        Is added to.
    """

    def __init__(self, header: Header, tally: Tally) -> None:
        import numpy as np

        self.tally = tally
        self._kind = np.dtype(number_kind(header))
        self._skip = header.begin
        self._left = header.length - header.begin
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes of the file, its header among them."""
        import numpy as np

        skipped = min(self._skip, len(piece))
        self._skip -= skipped
        wanted = piece[skipped : skipped + self._left]
        self._left -= len(wanted)
        data = self._rest + wanted
        whole = len(data) - len(data) % self._kind.itemsize
        self._rest = data[whole:]
        if whole:
            self.tally.add(np.frombuffer(data[:whole], self._kind))

    def added_to(self, facts: VolumeFacts) -> VolumeFacts:
        """As of :meth:`Tally.added_to`."""
        return self.tally.added_to(facts)


def tally_of(header: Header, head: bytes) -> StreamTally | None:
    """Begin a tally of a volume.

    Parameters
    ----------
    header : Header
        What the volume is.
    head : bytes
        Its header, decompressed.

    Returns
    -------
    StreamTally or None
        None for colours and complex numbers, for numbers of 128 bits, and for the header of a
        pair, whose voxels are elsewhere.
    """
    if not header.alone or header.kind not in _NUMBERS:
        return None
    return StreamTally(header, Tally(*scaling(header, head)))


def scaling(header: Header, head: bytes) -> tuple[float, float]:
    """Read slope and intercept; a slope of 0 means that values are as stored (nifti1.h).

    Parameters
    ----------
    header, head
        As of `tally_of`.
    """
    order = "<" if header.little else ">"
    form, at = (order + "2f", 112) if header.own_bytes == NIFTI1_BYTES else (order + "2d", 176)
    slope, intercept = struct.unpack_from(form, head, at)
    usable = math.isfinite(slope) and math.isfinite(intercept) and slope != 0
    return (slope, intercept) if usable else (1.0, 0.0)


def number_kind(header: Header) -> str:
    """Give numpy's word for the stored numbers with their order, or an empty text for no number."""
    word = _NUMBERS.get(header.kind, "")
    return ("<" if header.little else ">") + word if word else ""


def pour(data: Buffer, taken: Callable[[bytes], object]) -> None:
    """Hand on a plain file in pieces, in their order.

    Parameters
    ----------
    data : bytes or mmap
        The whole file.
    taken : callable
        Receives each piece.
    """
    for begin in range(0, len(data), _PIECE):
        taken(data[begin : begin + _PIECE])


def _ends(numbers: NDArray[Any]) -> tuple[float, float]:
    return float(numbers.min()), float(numbers.max())


def _within(values: NDArray[Any], span: tuple[float, float]) -> int:
    import numpy as np

    return int(np.count_nonzero((values >= span[0]) & (values <= span[1])))
