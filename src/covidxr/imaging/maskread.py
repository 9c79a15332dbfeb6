"""Read a mask: which pixels of a picture are not black.

This module owns no decoder: pictures are opened as all others are, within the same limits.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from covidxr.annotated import MOST_VALUES, Mask
from covidxr.imaging import pillow
from covidxr.imaging.formats import MOST_DECODED

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_mask(path: str, data: bytes, label: str = "", *, pixels: bool = True) -> Mask:
    """Read a mask.

    Parameters
    ----------
    path : str
        Its file, relative to the collection's root.
    data : bytes
        A PNG file.
    label : str
        What is marked.
    pixels : bool
        Whether its pixels are read; else its size alone.
    """
    measured, picture = pillow.measure_picture("PNG", data, len(data))
    if picture is None or measured.width is None or measured.height is None:
        problem = measured.problems[0].message if measured.problems else "it cannot be opened"
        return Mask(path=path, label=label, problem=problem)
    bare = Mask(path=path, label=label, width=measured.width, height=measured.height)
    if not pixels:
        return bare
    if measured.width * measured.height > MOST_DECODED:
        return replace(bare, problem="it is too large to be decoded")
    try:
        array = np.asarray(picture)
    except (OSError, ValueError, SyntaxError) as error:
        return replace(bare, problem=f"it cannot be decoded: {error}")
    if picture.mode in {"LA", "RGBA"}:
        array = array[..., :-1]
    values = np.unique(array)[:MOST_VALUES]
    flat = array[..., None] if array.ndim == 2 else array  # noqa: PLR2004 - one channel
    marked: NDArray[np.bool_] = np.any(flat != 0, axis=2)
    return replace(bare, values=tuple(int(each) for each in values), runs=runs_of(marked))


def runs_of(marked: NDArray[np.bool_]) -> tuple[int, ...]:
    """Count pixels not marked and marked in turn, column by column, as COCO does.

    Parameters
    ----------
    marked : ndarray of bool, shape (rows, columns)
        What is marked.
    """
    flat = np.concatenate(([False], marked.ravel(order="F"), [False]))
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    total = marked.size
    last = [total] if not len(edges) or edges[-1] < total else []
    runs = np.diff(np.concatenate(([0], edges, last)))
    return tuple(int(each) for each in runs)


def marked_of(runs: tuple[int, ...], width: int, height: int) -> NDArray[np.bool_]:
    """Give the picture that runs count.

    Parameters
    ----------
    runs : tuple of int
        As `runs_of` gives them; their sum is `width` times `height`.
    width, height : int
        In pixels.

    Returns
    -------
    ndarray of bool, shape (height, width)
    """
    turns = np.arange(len(runs)) % 2 == 1
    return np.repeat(turns, runs).reshape((height, width), order="F")


def png_of(mask: Mask) -> bytes:
    """Write a mask as a PNG file: 255 where something is marked, 0 elsewhere, and nothing else.

    Parameters
    ----------
    mask : Mask
        With its runs.
    """
    from PIL import Image

    marked = marked_of(mask.runs, mask.width or 0, mask.height or 0)
    out = io.BytesIO()
    Image.fromarray(marked.astype(np.uint8) * 255).save(out, "PNG", optimize=False)
    return out.getvalue()
