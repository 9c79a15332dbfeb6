"""What is drawn as lines on a frontal phantom: bones, lung vessels, tubes and wires.

Owns the course of these lines and how much each attenuates. Opens no file.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from tools.phantom_build import Build, placed
from tools.phantom_raster import Pixels, Point, Shape, curve, fill, smooth, strokes

Line: TypeAlias = tuple[list[Point], float, int]


def bones(build: Build, shape: Shape) -> Pixels:
    """Attenuation of spine, ribs, clavicles and shoulder blades."""
    width = shape[1]

    def drawn(lines: list[Line], soft: float) -> Pixels:
        return smooth(strokes(shape, [(placed(build, p), w, s) for p, w, s in lines]), soft)

    def tubular(lines: list[Line], soft: float) -> Pixels:
        marrow = [(points, thick * 0.62, round(dense * 0.58)) for points, thick, dense in lines]
        return drawn([line for pair in zip(lines, marrow, strict=True) for line in pair], soft)

    blade = placed(
        build,
        curve([(0.62, -0.62), (0.86, -0.5), (0.80, -0.1), (0.70, 0.05), (0.6, -0.3)], closed=True),
    )
    blades = fill(shape, blade) + fill(shape, [(2 * build.shift[0] - x, y) for x, y in blade])
    fine = width / 380
    total = 0.115 * tubular(_posterior_ribs(build), fine) + 0.06 * tubular(
        _anterior_ribs(build), fine * 1.3
    )
    total += 0.15 * tubular(_clavicles(build), fine) + 0.035 * smooth(blades, 2.5)
    total += 0.10 * drawn(_vertebrae(), fine * 1.6)
    return np.asarray(total, dtype=np.float64)


def vessels(lungs: Pixels, rng: np.random.Generator, base: float) -> Pixels:
    """Attenuation of the lung vessels: branches that taper from both hila."""
    shape = (lungs.shape[0], lungs.shape[1])
    lines: list[Line] = []
    for side in (-1, 1):
        hilum = (side * 0.15, base - 0.50 - 0.03 * side)
        for heading in np.linspace(-1.35, 1.40, 11):
            lines += _branch(hilum, heading + rng.uniform(-0.12, 0.12), side, 0.0, rng)
    scale = shape[1] / 320
    tree = strokes(shape, [(p, w * scale, s) for p, w, s in lines])
    return 0.15 * smooth(tree, 0.8 * scale) * (0.25 + 0.75 * lungs)


def devices(shape: Shape, rng: np.random.Generator, *, has_tube: bool, has_wires: bool) -> Pixels:
    """Attenuation of an endotracheal tube and of monitor wires with their electrodes."""
    lines: list[Line] = []
    thin = shape[1] / 320
    if has_tube:
        course = curve([(0.03, -1.1), (0.02, -0.7), (0.005, -0.44)])
        lines += [([(x + d, y) for x, y in course], 1.2 * thin, 235) for d in (-0.018, 0.018)]
        gastric = [(-0.04, -1.1), (-0.03, -0.3), (0.02, 0.3), (0.10, 0.62), (0.30, 0.72)]
        lines.append((curve(gastric), 1.6 * thin, 200))
    if has_wires:
        for x, y in ((-0.55, -0.52), (0.58, -0.50), (0.60, 0.40)):
            at = (x + rng.uniform(-0.06, 0.06), y + rng.uniform(-0.06, 0.06))
            bend = (at[0] * 1.3, at[1] - 0.2 + rng.uniform(-0.1, 0.1))
            lines.append((curve([at, bend, (1.1 * np.sign(x), -0.3)]), 1.1 * thin, 150))
            lines.append(([(at[0] - 0.022, at[1]), (at[0] + 0.022, at[1])], 7 * thin, 190))
    return 0.30 * smooth(strokes(shape, lines), 0.6 * thin)


def _branch(
    start: Point, heading: float, side: int, age: float, rng: np.random.Generator
) -> list[Line]:
    """Grow one vessel from `start`; heading is the angle below the horizontal, outwards."""
    lines: list[Line] = []
    x, y = start
    for _ in range(12):
        age += rng.uniform(0.05, 0.09)
        if age >= 1.0:
            break
        heading += rng.normal(0.0, 0.13)
        pace = 0.062
        end = (x + side * pace * float(np.cos(heading)), y + pace * float(np.sin(heading)))
        lines.append(
            ([(x, y), end], 0.8 + 6.0 * (1.0 - age) ** 2.6, round(235 * (1.0 - age) ** 1.2) + 20)
        )
        x, y = end
        if rng.random() < 0.30:
            fork = heading + float(rng.choice([-1, 1])) * rng.uniform(0.35, 0.8)
            lines += _branch((x, y), fork, side, min(0.97, age + 0.18), rng)
    return lines


def _levels(build: Build) -> list[tuple[float, float]]:
    """Height of the ribs at the spine and the half-width of the rib cage at their side."""
    top, tall = build.apex - 0.05, build.base - build.apex + 0.35
    levels = []
    for at in np.linspace(0.0, 1.0, 11):
        wide = build.chest * (1.05 - 0.62 * (1.0 - at) ** 3.2)
        levels.append((top + tall * float(at), float(wide)))
    return levels


def _posterior_ribs(build: Build) -> list[Line]:
    thick = build.shape[1] * 0.030
    return [
        (
            curve(
                [
                    (side * 0.07, y),
                    (side * (0.10 + 0.22 * wide), y - 0.022),
                    (side * (0.62 * wide + 0.02), y + 0.055 * build.slope),
                    (side * 0.92 * wide, y + 0.17 * build.slope),
                    (side * 1.02 * wide, y + 0.28 * build.slope),
                ]
            ),
            thick,
            225,
        )
        for side in (-1, 1)
        for y, wide in _levels(build)
    ]


def _anterior_ribs(build: Build) -> list[Line]:
    thick = build.shape[1] * 0.036
    return [
        (
            curve(
                [
                    (side * 1.02 * wide, y + 0.24 * build.slope),
                    (side * 0.90 * wide, y + 0.37 * build.slope),
                    (side * 0.66 * wide, y + 0.48 * build.slope),
                    (side * 0.42 * wide, y + 0.53 * build.slope),
                ]
            ),
            thick,
            225,
        )
        for side in (-1, 1)
        for y, wide in _levels(build)[:7]
    ]


def _clavicles(build: Build) -> list[Line]:
    at = build.apex + 0.10
    course = [(0.08, at + 0.08), (0.26, at + 0.045), (0.50, at - 0.055), (0.82, at - 0.12)]
    thick = build.shape[1] * 0.036
    return [(curve([(side * x, y) for x, y in course]), thick, 235) for side in (-1, 1)]


def _vertebrae() -> list[Line]:
    """Vertebral bodies between their discs, and their spinous processes."""
    lines: list[Line] = []
    wide = 0.075
    for y in np.arange(-1.05, 1.1, 0.125):
        at = float(y)
        outline = [(-wide, at), (-wide * 0.9, at + 0.05), (-wide, at + 0.10)]
        lines += [([(s * x, h) for x, h in outline], 3.0, 170) for s in (-1, 1)]
        lines += [([(-wide, at + d), (wide, at + d)], 2.2, 150) for d in (0.0, 0.10)]
        lines.append(([(0.0, at + 0.03), (0.0, at + 0.08)], 4.0, 200))
    return lines
