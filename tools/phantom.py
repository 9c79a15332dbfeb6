"""Chest-radiograph phantoms: a build of body, seen in a view, with an opacity in its lungs.

Owns the anatomy and the grey levels. A phantom is a sum of attenuations (soft tissue, bone, air
taken away) that a tone curve turns into brightness, bright meaning dense, as films are displayed.
Places are given in -1..1 over the picture, x to the right and y down; the patient's right is on
the left of the picture. Opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tools.phantom_build import Build, placed, positioned
from tools.phantom_lateral import lateral
from tools.phantom_lines import bones, devices, vessels
from tools.phantom_opacity import draw_opacity, lung_of
from tools.phantom_raster import (
    Mask,
    Pixels,
    Point,
    curve,
    fill,
    generator,
    lettering,
    noise_field,
    smooth,
    step,
    strokes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One radiograph to draw: the view, what the lungs show and what lies in or on the patient."""

    key: str
    view: str
    pattern: str = "clear"
    severity: float = 0.0
    has_tube: bool = False
    has_wires: bool = False
    is_marked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiograph:
    """A drawn radiograph.

    `pixels` are its brightness, 0..1; `lungs` is what is true of it: the masks of the right and
    the left lung and the density of the opacity. A lateral view has no such truth.
    """

    pixels: Pixels
    lungs: tuple[Mask, Mask, Pixels] | None = None


def draw(build: Build, exposure: Exposure) -> Radiograph:
    """Draw one radiograph of a patient."""
    rng = generator("exposure", build.key, exposure.key)
    if exposure.view == "L":
        return Radiograph(
            pixels=_developed(lateral(build, exposure.pattern, exposure.severity), exposure, rng)
        )
    seen = positioned(build, exposure.view, rng)
    right, left, heart = _organs(seen)
    masks = (right > 0.5, (left > 0.5) & (right <= 0.5))
    opacity: Pixels = np.zeros(seen.shape)
    for mask, is_right in zip(masks, (True, False), strict=True):
        lung = lung_of(mask, is_right=is_right)
        same_places = generator("opacity", build.key, is_right)  # day after day
        opacity += draw_opacity(lung, exposure.pattern, exposure.severity, same_places)
    lungs = np.clip(right + left, 0.0, 1.0)
    dense = _chest(seen, lungs, heart) - _airway(seen) + 0.50 * smooth(opacity, 1.0) * lungs
    dense += bones(seen, seen.shape) + vessels(lungs, generator("vessels", build.key), seen.base)
    dense += devices(seen.shape, rng, has_tube=exposure.has_tube, has_wires=exposure.has_wires)
    pixels = _developed(dense, exposure, rng)
    return Radiograph(pixels=pixels, lungs=(*masks, opacity))


def _lung_outline(build: Build, side: int) -> list[Point]:
    """Outline of one lung before the heart is taken away; side -1 is the patient's right."""
    wide, top = build.chest, build.apex
    base = build.base + (0.05 if side > 0 else 0.0)
    tall = base - top
    outline = [
        (0.28 * wide / 0.7, top),
        (0.52 * wide / 0.7, top + 0.10 * tall),
        (0.86 * wide, top + 0.36 * tall),
        (0.98 * wide, top + 0.66 * tall),
        (1.02 * wide, base + 0.06),
        (1.00 * wide, base + 0.20),
        (0.93 * wide, base + 0.12),
        (0.72 * wide, base + 0.01),
        (0.46 * wide, base - 0.03),
        (0.20, base + 0.05),
        (0.10, base - 0.05),
        (0.115, top + 0.62 * tall),
        (0.15, top + 0.42 * tall),
        (0.125, top + 0.22 * tall),
        (0.15, top + 0.06 * tall),
    ]
    return placed(build, curve([(side * x, y) for x, y in outline], closed=True))


def _heart_outline(build: Build) -> list[Point]:
    """Outline of the heart and great vessels, clockwise from the aortic knob."""
    wide, base = build.heart * build.chest / 0.7, build.base
    top = base - 0.66 * (base - build.apex) * 0.95
    outline = [
        (0.10, top - 0.10),
        (0.165, top - 0.02),
        (0.155, top + 0.10),
        (0.19 * wide, top + 0.20),
        (0.30 * wide, top + 0.36),
        (0.42 * wide, base - 0.14),
        (0.46 * wide, base + 0.01),
        (0.40 * wide, base + 0.10),
        (0.10, base + 0.14),
        (-0.14, base + 0.08),
        (-0.205 * wide, base - 0.08),
        (-0.20 * wide, base - 0.24),
        (-0.145, top + 0.24),
        (-0.125, top + 0.05),
        (-0.11, top - 0.16),
    ]
    return placed(build, curve(outline, closed=True))


def _organs(build: Build) -> tuple[Pixels, Pixels, Pixels]:
    """Return right lung, left lung and heart, with soft edges."""
    heart = fill(build.shape, _heart_outline(build))
    right = fill(build.shape, _lung_outline(build, -1)) * (1.0 - heart)
    left = fill(build.shape, _lung_outline(build, 1)) * (1.0 - heart)
    return right, left, heart


def _body(build: Build) -> Pixels:
    """Soft tissue of neck, shoulders and trunk: thick in the middle, thin at the skin."""
    wide = min(0.97, build.chest + 0.17)
    half = [
        (0.17, -1.3),
        (0.17, build.apex - 0.18),
        (0.30, build.apex - 0.08),
        (0.72, build.apex + 0.02),
        (1.10, build.apex + 0.18),
        (1.25, build.apex + 0.80),
        (wide + 0.05, build.apex + 0.74),
        (wide, build.apex + 0.95),
        (wide + 0.01, 0.6),
        (wide + 0.04, 1.3),
    ]
    outline = curve(half) + [(-x, y) for x, y in reversed(curve(half))]
    trunk = fill(build.shape, placed(build, outline))
    return trunk * (0.25 + 0.75 * smooth(trunk, build.shape[1] * 0.045) ** 2)


def _chest(build: Build, lungs: Pixels, heart: Pixels) -> Pixels:
    """Attenuation of everything soft: trunk, aerated lungs, heart, abdomen, breasts."""
    height, width = build.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    x, y = x - build.shift[0], y - build.shift[1]
    lungs = smooth(lungs, width / 400)
    deep = smooth(lungs, width * 0.05)
    aerated = lungs * (0.36 + 0.26 * deep)
    tissue = 0.90 * _body(build)
    middle = 0.20 * np.exp(-((x / 0.16) ** 2)) * (tissue > 0.1)
    belly = 0.16 * step(y, build.base + 0.12, 0.5) * tissue
    dense = tissue + middle + belly - aerated + 0.16 * smooth(heart, width * 0.02) * (tissue > 0)
    gas = ((x - 0.33) / 0.13) ** 2 + ((y - build.base - 0.21) / 0.07) ** 2
    dense -= 0.20 * (1.0 - step(gas, 0.8, 0.9))
    if build.is_female:
        for side in (-1, 1):
            breast = ((x - side * 0.45) / 0.36) ** 2 + ((y - build.base + 0.12) / 0.34) ** 2
            dense += 0.09 * (1.0 - step(breast, 0.95, 0.5)) * tissue
    return np.asarray(dense, dtype=np.float64)


def _airway(build: Build) -> Pixels:
    """What the air in the trachea and main bronchi takes away."""
    fork = build.apex + 0.42 * (build.base - build.apex)
    width = build.shape[1] * 0.042
    tubes = [
        ([(0.01, -1.2), (0.0, build.apex), (-0.012, fork)], width, 255),
        ([(-0.012, fork), (-0.09, fork + 0.12), (-0.16, fork + 0.20)], width * 0.75, 220),
        ([(-0.012, fork), (0.09, fork + 0.11), (0.17, fork + 0.16)], width * 0.65, 200),
    ]
    drawn = strokes(build.shape, [(placed(build, curve(p)), w, s) for p, w, s in tubes])
    return 0.13 * smooth(drawn, build.shape[1] / 130)


def _developed(dense: Pixels, exposure: Exposure, rng: np.random.Generator) -> Pixels:
    """Turn attenuation into brightness with grain, uneven exposure, a border and the marker."""
    height, width = dense.shape
    shape = (height, width)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    uneven = rng.uniform(-0.03, 0.03) * x + rng.uniform(-0.03, 0.03) * y
    texture = 0.012 * noise_field(shape, width / 25, rng) + 0.008 * noise_field(shape, 1.6, rng)
    dense = smooth(dense, 0.7) + (uneven + texture) * np.clip(dense * 3, 0.0, 1.0)
    bright = 1.0 / (1.0 + np.exp(-rng.uniform(3.5, 4.2) * (dense - rng.uniform(0.68, 0.76))))
    bright = 0.02 + 0.98 * (bright - 0.06) / 0.94
    bright += 0.010 * np.sqrt(np.clip(bright, 0.02, 1.0)) * noise_field(shape, 0.55, rng)
    margin = rng.integers(0, 7, size=4)
    frame = np.zeros(shape, dtype=bool)
    frame[margin[0] : height - margin[1], margin[2] : width - margin[3]] = True
    bright = np.where(frame, bright, 0.01)
    if exposure.is_marked:
        dots = 1 if width < 300 else 2
        side = lettering(shape, "R" if exposure.view != "L" else "L", (10, 10), 3)
        words = lettering(shape, "SYNTHETIC", (height - 8 - 5 * dots, 8), dots)
        bright = bright + (0.97 - bright) * side + (0.92 - bright) * words
    return np.asarray(np.clip(bright, 0.0, 1.0), dtype=np.float64)
