"""The lateral chest-radiograph phantom, the patient facing left.

Owns the anatomy of the side view. Opens no file.
"""

from __future__ import annotations

import numpy as np
from tools.phantom_build import Build, placed
from tools.phantom_lines import Line, vessels
from tools.phantom_opacity import draw_opacity, lung_of
from tools.phantom_raster import Pixels, Point, curve, fill, generator, smooth, step, strokes

TRUNK: list[Point] = [
    *[(-0.30, -1.4), (-0.28, -0.85), (-0.52, -0.62), (-0.68, -0.2), (-0.72, 0.3), (-0.68, 1.4)],
    *[(0.72, 1.4), (0.76, 0.4), (0.80, -0.1), (0.70, -0.6), (0.42, -1.4)],
]
SPINE: list[Point] = [(0.36, -1.2), (0.50, -0.5), (0.54, 0.0), (0.48, 0.5), (0.40, 1.3)]
TRACHEA: list[Point] = [(0.02, -1.2), (-0.02, -0.2)]


def lateral(build: Build, pattern: str, severity: float) -> Pixels:
    """Return the attenuation of the side view of a patient."""
    width = build.shape[1]
    body, lungs, heart = (
        fill(build.shape, _stood(build, curve(outline, closed=True)))
        for outline in (TRUNK, _lung_outline(build.base), _heart_outline(build.base))
    )
    deep = smooth(heart, width * 0.02)
    dense = 0.80 * body * (0.2 + 0.8 * smooth(body, width * 0.05) ** 2) + 0.12 * deep
    dense -= (0.42 + 0.10 * deep) * smooth(lungs, 1.2) * (1.0 - 0.55 * deep)
    dense += _bones(build) * body
    dense -= 0.10 * smooth(strokes(build.shape, [(_stood(build, TRACHEA), width / 30, 255)]), 3.0)
    dense += 0.8 * vessels(lungs, generator("vessels", build.key), build.base)
    dense += 0.40 * _opacity(build, lungs, pattern, severity)
    return np.asarray(dense, dtype=np.float64)


def _stood(build: Build, points: list[Point]) -> list[Point]:
    """Make the side view as deep as the chest is wide, and lean it as the patient does."""
    scale = 0.55 + 0.45 * build.chest / 0.7
    return placed(build, [(x * scale, y) for x, y in points])


def _lung_outline(base: float) -> list[Point]:
    return [
        *[(0.0, -0.76), (-0.24, -0.66), (-0.46, -0.36), (-0.57, 0.0), (-0.57, base - 0.16)],
        *[(-0.30, base - 0.14), (0.02, base - 0.08), (0.30, base + 0.10), (0.52, base + 0.30)],
        *[(0.62, base + 0.22), (0.66, 0.0), (0.54, -0.45), (0.28, -0.72)],
    ]


def _heart_outline(base: float) -> list[Point]:
    return [
        *[(-0.52, base - 0.06), (-0.46, base - 0.42), (-0.16, base - 0.60)],
        *[(0.16, base - 0.40), (0.22, base - 0.12), (0.0, base + 0.02)],
    ]


def _bones(build: Build) -> Pixels:
    """Vertebrae, the discs between them, and ribs that run down to the front."""
    height, width = build.shape
    path = _stood(build, curve(SPINE, pieces=4))
    blocks: list[Line] = [(path[i : i + 2], width * 0.085, 255) for i in range(len(path) - 1)]
    discs: list[Line] = [
        ([(x - 0.09, y), (x + 0.09, y + 0.015)], height * 0.012, 255)
        for x, y in _stood(build, curve(SPINE, pieces=3))
    ]
    ribs: list[Line] = []
    for at in np.arange(-0.75, 0.6, 0.17):
        down = float(at)
        course = [(0.62, down), (0.25, down + 0.12), (-0.25, down + 0.36), (-0.52, down + 0.44)]
        ribs.append((_stood(build, curve(course)), width / 50, 255))
    bones = 0.17 * smooth(strokes(build.shape, blocks), 2.0)
    bones -= 0.08 * smooth(strokes(build.shape, discs), 1.2)
    return bones + 0.045 * smooth(strokes(build.shape, ribs), 1.6)


def _opacity(build: Build, lungs: Pixels, pattern: str, severity: float) -> Pixels:
    lung = lung_of(lungs > 0.5, is_right=True)
    density = draw_opacity(lung, pattern, severity, generator("opacity", build.key, "lateral"))
    if pattern == "middle_lobe":  # it lies in front
        density = density * step(lung.lateral, 0.5, 0.4)
    return density * lungs
