"""Which grey values become black and white.

This module owns the windows: those that are chosen from the values, and those that a DICOM file
asks for. What they give is for looking, never for measuring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LUNG_WINDOW = (-1350.0, 150.0)
"""Hounsfield units that are shown black and white: centre -600, width 1500.

Source: usual lung window, W 1500 L -600 (Radiopaedia, "Windowing (CT)").
"""

# Of other values the brightest and darkest half percent is cut: one hot pixel hides the rest.
_CUT_PERCENT = 0.5
# No tissue and no metal is as dark as air around a patient, and no other scale has it.
_AIR_HOUNSFIELD = -500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A window as DICOM has it.

    Parameters
    ----------
    centre, width : float
        In the values' own unit; `width` is positive.
    function : str
        ``"LINEAR"``, ``"LINEAR_EXACT"`` or ``"SIGMOID"``. Source: DICOM PS3.3, C.11.2.1.2 and .3.
    """

    centre: float
    width: float
    function: str = "LINEAR"


def through(values: NDArray[np.float64], window: Window) -> NDArray[np.uint8]:
    """Show values through a window, in eight bits."""
    if window.function == "SIGMOID":
        steps = np.clip(-4.0 * (values - window.centre) / window.width, -700.0, 700.0)
        bright = np.nan_to_num(255.0 / (1.0 + np.exp(steps)))
        return between(bright, 0.0, 255.0)
    centre, width = window.centre, window.width
    if window.function != "LINEAR_EXACT":
        centre, width = centre - 0.5, width - 1.0
    if width <= 0:
        return np.where(values > centre, 255, 0).astype(np.uint8)
    return between(values, centre - width / 2, centre + width / 2)


def windowed(
    values: NDArray[np.float64], counts: NDArray[np.int64] | None = None
) -> NDArray[np.uint8]:
    """Choose a window: the lung's where values are Hounsfield units, else nearly all there is.

    Parameters
    ----------
    values : numpy.ndarray
        Of any shape.
    counts : numpy.ndarray or None
        How often each of them is met; None where each is one pixel.
    """
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(values.shape, np.uint8)
    ends = (_CUT_PERCENT, 100 - _CUT_PERCENT)
    if counts is None:
        low, high = (float(each) for each in np.percentile(values[finite], ends))
    else:
        low, high = _weighted(values[finite], counts[finite], ends)
    if low < _AIR_HOUNSFIELD:
        low, high = LUNG_WINDOW
    return between(values, low, high)


def _weighted(
    values: NDArray[np.float64], counts: NDArray[np.int64], ends: tuple[float, float]
) -> tuple[float, float]:
    """Find the values at two hundredths of all."""
    order = np.argsort(values)
    reached = np.cumsum(counts[order])
    places = np.searchsorted(reached, [reached[-1] * end / 100 for end in ends])
    low, high = values[order][np.minimum(places, len(values) - 1)]
    return float(low), float(high)


def between(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.uint8]:
    """Make `low` and all below it black, `high` and all above it white."""
    span = (high - low) or 1.0
    scaled = np.clip(np.nan_to_num(values, nan=low), low, high)
    picture: NDArray[np.uint8] = np.round((scaled - low) * (255.0 / span)).astype(np.uint8)
    return picture
