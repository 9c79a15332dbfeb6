"""Opacity patterns: what each disease lays over the lungs of a phantom.

A pattern sees one lung in its own coordinates and returns the density of the opacity there, from
0 (clear) over 0.35 (ground glass) to 1 (consolidation). The patterns are schematic: they follow
the textbook appearance of each disease and prove nothing about it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from tools.phantom_raster import Mask, Pixels, noise_field, smooth, step

VISIBLE = 0.12  # densities below this do not count as an opacity in masks and scores
GROUND_GLASS, MIXED = 0.45, 0.65  # mean density up to which an area is scored 1, and 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lung:
    """One lung in its own coordinates.

    `lateral` runs from 0 at the mediastinum to 1 at the ribs, `depth` from 0 at the apex to 1 at
    the base; `x` and `y` are pixels divided by the lung's height, for round shapes.
    """

    is_right: bool
    mask: Mask
    lateral: Pixels
    depth: Pixels
    x: Pixels
    y: Pixels


Pattern: TypeAlias = Callable[[Lung, float, np.random.Generator], Pixels]


def lung_of(mask: Mask, *, is_right: bool) -> Lung:
    """Measure the coordinates of the lung that `mask` shows."""
    rows = np.flatnonzero(mask.any(axis=1))
    top, height = int(rows[0]), int(rows[-1]) - int(rows[0]) + 1
    y, x = (grid.astype(np.float64) for grid in np.mgrid[: mask.shape[0], : mask.shape[1]])
    left = np.where(mask.any(axis=1), mask.argmax(axis=1), 0)[:, None]
    width = np.maximum(mask.sum(axis=1), 1)[:, None]
    across = np.clip((x - left + 0.5) / width, 0.0, 1.0)
    return Lung(
        is_right=is_right,
        mask=mask,
        lateral=1.0 - across if is_right else across,
        depth=(y - top + 0.5) / height,
        x=(x - x[mask].mean()) / height,
        y=(y - top) / height,
    )


def draw_opacity(lung: Lung, pattern: str, severity: float, rng: np.random.Generator) -> Pixels:
    """Return the density of a pattern in one lung; zero outside the lung's mask."""
    density = PATTERNS[pattern](lung, severity, rng)
    softened = smooth(np.clip(density, 0.0, 1.0), 1.6)
    masked: Pixels = np.where(lung.mask, softened, 0.0)
    masked[masked < VISIBLE / 2] = 0.0
    return masked


def degree(density: Pixels, area: Mask) -> int:
    """Score the opacity of an area: 0 none, 1 ground glass, 2 mixed, 3 consolidation."""
    affected = area & (density >= VISIBLE)
    if affected.sum() < 0.01 * area.sum():
        return 0
    mean = float(density[affected].mean())
    return 1 if mean < GROUND_GLASS else 2 if mean < MIXED else 3


def extent(density: Pixels, area: Mask) -> int:
    """Score how much of an area is affected: 0 none, then one point for each quarter begun."""
    share = float((density[area] >= VISIBLE).mean())
    return 0 if share < 0.01 else min(4, int(share * 4) + 1)


def _blob(lung: Lung, centre: tuple[float, float], radii: tuple[float, float]) -> Pixels:
    """A soft-edged ellipse: 1 in the middle, 0 outside; centre is (lateral, depth)."""
    rows = np.abs(lung.depth - centre[1])
    place = np.where(lung.mask, rows + np.abs(lung.lateral - centre[0]), np.inf)
    row, column = np.unravel_index(int(place.argmin()), place.shape)
    distance = np.hypot(
        (lung.x - lung.x[row, column]) / radii[0], (lung.y - lung.y[row, column]) / radii[1]
    )
    faded: Pixels = 1.0 - step(distance, 0.8, 0.8)
    return faded


def _together(*densities: Pixels) -> Pixels:
    clear: Pixels = np.ones_like(densities[0])
    for density in densities:
        clear = clear * (1.0 - np.clip(density, 0.0, 1.0))
    covered: Pixels = 1.0 - clear
    return covered


def _cloudy(density: Pixels, rng: np.random.Generator, amount: float = 0.35) -> Pixels:
    """Break a density up, coarsely and finely, so that it does not look airbrushed."""
    shape = (density.shape[0], density.shape[1])
    coarse, fine = noise_field(shape, shape[0] / 40, rng), noise_field(shape, shape[0] / 130, rng)
    broken: Pixels = density * np.clip(1.0 + amount * (0.7 * coarse + 0.5 * fine), 0.1, 1.5)
    return broken


def _clear(lung: Lung, _severity: float, _rng: np.random.Generator) -> Pixels:
    return np.zeros(lung.mask.shape)


def _peripheral(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Patches along the ribs of both lungs, more of them below: COVID-19."""
    patches = [
        rng.uniform(0.40, 0.62)
        * (0.7 + 0.5 * severity)
        * _blob(
            lung,
            (rng.uniform(0.92 - 0.45 * severity, 1.0), rng.uniform(0.62 - 0.3 * severity, 0.95)),
            (rng.uniform(0.08, 0.12 + 0.08 * severity), rng.uniform(0.09, 0.15 + 0.1 * severity)),
        )
        for _ in range(2 + round(5 * severity))
    ]
    return _cloudy(_together(*patches), rng)


def _white_out(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Dense shadowing of both lungs that spares the apices: ARDS."""
    base = (0.45 + 0.45 * severity) * step(lung.depth, 0.3 - 0.15 * severity, 0.35)
    return _cloudy(_together(base, 0.5 * _peripheral(lung, severity, rng)), rng, 0.22)


def _haze(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Even ground glass around both hila: Pneumocystis."""
    spread = 0.55 + 0.35 * severity
    hazy = (0.3 + 0.25 * severity) * (
        1.0 - step(np.hypot(lung.lateral, lung.y - 0.55), spread, 0.7)
    )
    return _cloudy(hazy, rng, 0.2)


def _upper_lobe(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """The right upper lobe down to a sharp, slightly bulging fissure: Klebsiella."""
    if not lung.is_right:
        return _clear(lung, severity, rng)
    fissure = 0.40 + 0.05 * severity + 0.05 * np.sin(np.pi * lung.lateral)
    return _cloudy(
        (0.6 + 0.35 * severity) * (1.0 - step(lung.depth - fissure, 0.0, 0.03)), rng, 0.1
    )


def _middle_lobe(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """The right middle lobe, flat above, fading below: Streptococcus."""
    if not lung.is_right:
        return _clear(lung, severity, rng)
    below = step(lung.depth, 0.52, 0.03) * (1.0 - step(lung.depth, 0.85, 0.25))
    fades = 1.0 - step(lung.lateral, 0.85, 0.4)
    return _cloudy((0.6 + 0.35 * severity) * below * fades, rng, 0.15)


def _left_lower_lobe(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """The left lower zone with a ragged upper edge."""
    if lung.is_right:
        return _clear(lung, severity, rng)
    upper = 0.55 + 0.03 * noise_field((lung.mask.shape[0], lung.mask.shape[1]), 9, rng)
    return _cloudy((0.55 + 0.35 * severity) * step(lung.depth - upper, 0.0, 0.1), rng, 0.18)


def _two_lobes(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Consolidation of a right lower and a left middle area: Legionella."""
    if lung.is_right:
        return _cloudy((0.6 + 0.3 * severity) * step(lung.depth, 0.6, 0.12), rng, 0.15)
    return _cloudy(0.6 * _blob(lung, (0.7, 0.42), (0.16, 0.14)), rng, 0.2)


def _right_base(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Patches in the right lower zone, a few on the left: aspiration."""
    many = 4 if lung.is_right else 1
    places = [(rng.uniform(0.15, 0.75), rng.uniform(0.62, 0.95)) for _ in range(many)]
    strength = 0.45 + 0.4 * severity
    return _cloudy(_together(*(strength * _blob(lung, at, (0.13, 0.11)) for at in places)), rng)


def _both_bases(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Dense patches at both bases: lipoid pneumonia."""
    inner = _blob(lung, (0.3, 0.88), (0.22, 0.13))
    outer = _blob(lung, (0.75, 0.8), (0.12, 0.1))
    return _cloudy(_together((0.5 + 0.4 * severity) * inner, 0.5 * outer), rng, 0.25)


def _reticular(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Fine streaks that fan out from the hilum: Mycoplasma and most viruses."""
    shape = (lung.mask.shape[0], lung.mask.shape[1])
    streaks = np.exp(-((noise_field(shape, shape[0] / 90, rng) / 0.35) ** 2))
    central = 1.0 - step(np.hypot(lung.lateral * 0.9, lung.y - 0.55), 0.45 + 0.25 * severity, 0.5)
    return (0.18 + 0.45 * streaks * (0.5 + severity)) * central


def _patchy(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Scattered soft patches of bronchopneumonia, in both lungs."""
    patches = [
        rng.uniform(0.35, 0.45 + 0.35 * severity)
        * _blob(
            lung,
            (rng.uniform(0.1, 0.9), rng.uniform(0.3, 0.95)),
            (rng.uniform(0.05, 0.12), rng.uniform(0.05, 0.11)),
        )
        for _ in range(3 + round(5 * severity))
    ]
    return _cloudy(_together(*patches), rng)


def _one_nodule(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """One dense round nodule with a pale halo, on the left: Aspergillosis, Nocardia."""
    if lung.is_right:
        return _clear(lung, severity, rng)
    at, radius = (rng.uniform(0.45, 0.6), rng.uniform(0.28, 0.4)), 0.07 + 0.05 * severity
    core = 0.85 * _blob(lung, at, (radius, radius * 1.05))
    return _cloudy(_together(core, 0.3 * _blob(lung, at, (radius * 1.8, radius * 1.7))), rng, 0.12)


def _cavities(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Round lesions with a dark centre in both lungs: MRSA."""
    density: Pixels = np.zeros(lung.mask.shape)
    for _ in range(2 + round(2 * severity)):
        at = (rng.uniform(0.25, 0.8), rng.uniform(0.25, 0.85))
        radius = rng.uniform(0.07, 0.11)
        ring = _blob(lung, at, (radius, radius)) - 0.85 * _blob(lung, at, (radius / 2, radius / 2))
        density = _together(density, 0.75 * np.clip(ring, 0.0, 1.0))
    return _cloudy(density, rng, 0.2)


def _upper_cavity(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """A cavity and streaks in the right upper zone, a little on the left: Tuberculosis."""
    if not lung.is_right:
        return _cloudy(0.4 * _blob(lung, (0.5, 0.2), (0.08, 0.07)), rng, 0.5)
    ring = _blob(lung, (0.55, 0.24), (0.1, 0.1)) - 0.9 * _blob(lung, (0.55, 0.24), (0.055, 0.055))
    around = 0.45 * severity * _blob(lung, (0.5, 0.28), (0.2, 0.22))
    return _cloudy(_together(0.8 * np.clip(ring, 0.0, 1.0), around), rng, 0.45)


def _small_nodules(lung: Lung, severity: float, rng: np.random.Generator) -> Pixels:
    """Many small nodules all over both lungs: Varicella, some fungi."""
    spots = [
        rng.uniform(0.4, 0.75)
        * _blob(lung, (rng.uniform(0.05, 0.95), rng.uniform(0.15, 0.97)), (radius, radius))
        for radius in rng.uniform(0.014, 0.028, size=20 + round(30 * severity))
    ]
    return _together(*spots)


PATTERNS: dict[str, Pattern] = {
    "clear": _clear,
    "peripheral": _peripheral,
    "white_out": _white_out,
    "haze": _haze,
    "upper_lobe": _upper_lobe,
    "middle_lobe": _middle_lobe,
    "left_lower_lobe": _left_lower_lobe,
    "two_lobes": _two_lobes,
    "right_base": _right_base,
    "both_bases": _both_bases,
    "reticular": _reticular,
    "patchy": _patchy,
    "one_nodule": _one_nodule,
    "cavities": _cavities,
    "upper_cavity": _upper_cavity,
    "small_nodules": _small_nodules,
}
