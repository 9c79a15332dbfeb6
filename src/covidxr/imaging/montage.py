"""Some slices of a volume side by side, for a person to look at: a picture without any text.

This module owns which slices are shown and how they are turned: as a radiologist looks at them,
from the feet, with the patient's left on the right and the front above. It holds the slices that it
shows, never the volume, and opens no file. What it gives is for looking, never for measuring.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from covidxr.imaging.formats import PEEK, inflate_beginning, recognise
from covidxr.imaging.gzipped import check_stream
from covidxr.imaging.measured import DamagedError
from covidxr.imaging.nifti import read_header
from covidxr.imaging.niftifacts import affine_of, volume_facts
from covidxr.imaging.viewing import quick_png
from covidxr.imaging.voxels import Tally, number_kind, pour, scaling
from covidxr.imaging.windowing import LUNG_WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from covidxr.imaging.measured import Buffer

SHOWN = 12
"""Slices that are shown where there are as many: four by three fill a screen."""

TILE = 256
"""Pixels of the longer side of a slice."""

# Voxels along an axis that are kept at most: what is larger is shown smaller all the same.
_MOST_KEPT = 512
# Voxels of the largest plane: 4096 times 4096, twice as wide as any scanner's, 134 MB as floats.
_MOST_OF_PLANE = 1 << 24
# Of values that are no Hounsfield units the brightest and darkest half percent is cut.
_CUT_PERCENT = 0.5
# What a volume that is placed nowhere is taken for: axes to the left, the front and the head, so
# that it is shown as it is stored, its second axis upwards.
_AS_STORED = np.diag([-1.0, 1.0, 1.0, 1.0])
_SPATIAL = 3
# Volumes are wider than high at most by so much: more is a damaged spacing.
_LEAST_SIDE = 8


class Sampler:
    """Keeps what a montage shows of a volume whose planes go by.

    Parameters
    ----------
    shape : tuple of (int, int, int)
        Voxels along each axis.
    affine : numpy.ndarray or None
        ``(4, 4)``, to the patient's right, front and head; None where nothing places the volume.
    spacing : tuple of (float, float, float)
        Distance of voxels; used where `affine` is None.
    count : int
        Slices that are shown at most.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        affine: NDArray[Any] | None,
        spacing: tuple[float, float, float],
        count: int = SHOWN,
    ) -> None:
        from nibabel.affines import voxel_sizes
        from nibabel.orientations import io_orientation

        self._turn = io_orientation(_AS_STORED if affine is None else affine)
        sizes = spacing if affine is None else tuple(map(float, voxel_sizes(affine)))
        # A spacing of nothing, or less, is no spacing.
        sizes = tuple(size if size > 0 else 1.0 for size in sizes)
        axial = [int(axis) for axis, _ in self._turn].index(2)
        most = [count if axis == axial else _MOST_KEPT for axis in range(_SPATIAL)]
        self._chosen = [_spread(size, at_most) for size, at_most in zip(shape, most, strict=True)]
        steps = [
            size * voxels / len(kept)
            for size, voxels, kept in zip(sizes, shape, self._chosen, strict=True)
        ]
        # Millimetres between what is kept, in the order right, front, head.
        self._steps = [steps[self._axis_of(axis)] for axis in range(_SPATIAL)]
        self._wanted = set(map(int, self._chosen[2]))
        self._kept: list[NDArray[Any]] = []
        self._seen = 0

    def add(self, plane: NDArray[Any]) -> None:
        """Take the next plane of the third axis, ``(second axis, first axis)``."""
        if self._seen in self._wanted:
            self._kept.append(plane[np.ix_(self._chosen[1], self._chosen[0])].astype(np.float32).T)
        self._seen += 1

    @property
    def is_full(self) -> bool:
        """Whether every slice that is shown was seen."""
        return len(self._kept) == len(self._wanted)

    def png(self) -> bytes:
        """Draw what was kept.

        Returns
        -------
        bytes
            A PNG file of eight bits, from the head downwards, row by row.
        """
        from nibabel.orientations import apply_orientation

        values = apply_orientation(np.stack(self._kept, axis=2), self._turn)
        grey = _windowed(np.ascontiguousarray(values))
        size = _tile_size(values.shape[0] * self._steps[0], values.shape[1] * self._steps[1])
        # A picture's rows count downwards and its columns to the patient's left.
        tiles = [
            cv2.resize(
                np.ascontiguousarray(grey[::-1, ::-1, at].T), size, interpolation=cv2.INTER_AREA
            )
            for at in reversed(range(values.shape[2]))
        ]
        return quick_png(_grid(tiles))

    def _axis_of(self, direction: int) -> int:
        return [int(axis) for axis, _ in self._turn].index(direction)


def montage(data: Buffer, count: int = SHOWN) -> bytes | None:
    """Draw a montage of a NIfTI volume.

    Parameters
    ----------
    data : bytes or mmap
        The whole file, plain or inside gzip.
    count : int
        Axial slices that are shown at most, evenly spaced.

    Returns
    -------
    bytes or None
        A PNG file: in the window of the lung where the values can be Hounsfield units, else with
        nearly all there is; of a series in time its first volume. A volume that is placed nowhere
        is shown as it is stored. None where nothing can be shown.
    """
    form = recognise(data[:PEEK])
    if form not in {"NIFTI", "NIFTI.GZ"}:
        return None
    packed = form == "NIFTI.GZ"
    head = inflate_beginning(data[:PEEK]) if packed else data[:PEEK]
    try:
        header = read_header(head)
    except DamagedError:
        return None
    kind = number_kind(header)
    shape = (*header.shape, 1, 1)[:_SPATIAL]
    if not kind or not header.alone or shape[0] * shape[1] > _MOST_OF_PLANE:
        return None
    sizes = (*volume_facts(header, head)[0].spacing, 1.0, 1.0, 1.0)
    spacing = (sizes[0], sizes[1], sizes[2])
    sampler = Sampler((shape[0], shape[1], shape[2]), affine_of(header, head), spacing, count)
    layout = (header.begin, shape[1], shape[0])
    feed = _PlaneFeed(sampler, np.dtype(kind), layout, scaling(header, head))
    if packed:
        check_stream(data, header.length, taken=feed.take)
    else:
        pour(data, feed.take)
    return sampler.png() if sampler.is_full else None


def montage_of_planes(sampler: Sampler, planes: Iterable[NDArray[Any]]) -> bytes:
    """Draw a montage of planes that are decoded one after the other.

    Parameters
    ----------
    sampler : Sampler
        Made for as many planes.
    planes : iterable of numpy.ndarray
        ``(rows, columns)``, along the third axis.
    """
    for plane in planes:
        sampler.add(plane)
    return sampler.png()


class _PlaneFeed:
    """Cuts the bytes of a volume into planes.

    Parameters
    ----------
    sampler : Sampler
        Receives them.
    kind : numpy.dtype
        Of the stored numbers.
    layout : tuple of (int, int, int)
        Byte at which the voxels begin, and the plane's height and width.
    scale : tuple of (float, float)
        Slope and intercept.
    """

    def __init__(
        self,
        sampler: Sampler,
        kind: np.dtype[Any],
        layout: tuple[int, int, int],
        scale: tuple[float, float],
    ) -> None:
        self._sampler, self._kind, self._scale = sampler, kind, scale
        self._skip, *shape = layout
        self._shape = (shape[0], shape[1])
        self._length = math.prod(shape) * kind.itemsize
        self._rest = bytearray()

    def take(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        if self._sampler.is_full:
            return
        skipped = min(self._skip, len(piece))
        self._skip -= skipped
        self._rest += piece[skipped:]
        while len(self._rest) >= self._length and not self._sampler.is_full:
            stored = np.frombuffer(bytes(self._rest[: self._length]), self._kind)
            del self._rest[: self._length]
            slope, intercept = self._scale
            with np.errstate(all="ignore"):
                self._sampler.add(
                    stored.reshape(self._shape).astype(np.float64) * slope + intercept
                )


def _spread(voxels: int, most: int) -> NDArray[np.intp]:
    """Choose places evenly, the middle of each part of the axis."""
    if voxels <= most:
        return np.arange(voxels)
    return ((np.arange(most) + 0.5) * voxels / most).astype(np.intp)


def _windowed(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.zeros(values.shape, np.uint8)
    tally = Tally()
    tally.add(finite)
    low, high = LUNG_WINDOW
    if not tally.hounsfield:
        low, high = map(float, np.percentile(finite, (_CUT_PERCENT, 100 - _CUT_PERCENT)))
    span = (high - low) or 1.0
    shown = np.clip(np.nan_to_num(values, nan=low, posinf=high, neginf=low), low, high)
    grey: NDArray[np.uint8] = np.round((shown - low) * (255.0 / span)).astype(np.uint8)
    return grey


def _tile_size(width: float, height: float) -> tuple[int, int]:
    """Give a tile's width and height in pixels, true to the patient's millimetres."""
    longer = max(width, height)
    return (
        max(_LEAST_SIDE, round(TILE * width / longer)),
        max(_LEAST_SIDE, round(TILE * height / longer)),
    )


def _grid(tiles: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Set tiles side by side, wider than high; what is left over stays black."""
    columns = math.ceil(math.sqrt(len(tiles)))
    rows = math.ceil(len(tiles) / columns)
    height, width = tiles[0].shape
    whole = np.zeros((rows * height, columns * width), np.uint8)
    for number, tile in enumerate(tiles):
        top, left = number // columns * height, number % columns * width
        whole[top : top + height, left : left + width] = tile
    return whole
