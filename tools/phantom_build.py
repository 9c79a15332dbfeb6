"""How the body of a phantom patient is built, and how it stands before the detector.

Owns what differs from patient to patient and from view to view. Opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from tools.phantom_raster import Point, Shape, generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How one patient is built: the same on all their radiographs."""

    key: str
    is_female: bool
    shape: Shape
    chest: float  # half-width of the lungs at their widest
    apex: float  # height of the lung apices
    base: float  # height of the right diaphragm
    heart: float  # width of the heart, 1 for the average
    tilt: float  # degrees the patient leans
    slope: float  # how steep the ribs run
    shift: Point


def build_of(key: str, *, is_female: bool) -> Build:
    """Return the build of a patient; the same key gives the same body."""
    rng = generator("build", key)
    width = int(rng.integers(32, 45)) * 8
    height = min(416, int(width * rng.uniform(0.92, 1.16)) // 8 * 8)
    return Build(
        key=key,
        is_female=is_female,
        shape=(height, width),
        chest=rng.uniform(0.57, 0.80),
        apex=rng.uniform(-0.84, -0.58),
        base=rng.uniform(0.34, 0.60),
        heart=rng.uniform(0.88, 1.08),
        tilt=rng.uniform(-4.5, 4.5),
        slope=rng.uniform(0.75, 1.3),
        shift=(rng.uniform(-0.09, 0.09), rng.uniform(-0.07, 0.04)),
    )


def positioned(build: Build, view: str, rng: np.random.Generator) -> Build:
    """Change a build by the view: AP enlarges the heart, lying down raises the diaphragm."""
    lying, frontal = view == "AP Supine", view == "PA"
    return replace(
        build,
        heart=build.heart * (1.0 if frontal else 1.2 if lying else 1.15) * rng.uniform(0.98, 1.02),
        base=build.base
        - (0.14 if lying else 0.05 if not frontal else 0.0)
        + rng.uniform(-0.02, 0.02),
        apex=build.apex + (0.03 if lying else 0.0),
        chest=build.chest + rng.uniform(-0.015, 0.015),
        tilt=build.tilt * rng.uniform(0.4, 1.0) + (rng.uniform(-2.0, 2.0) if not frontal else 0.0),
        shift=(
            build.shift[0] + rng.uniform(-0.03, 0.03),
            build.shift[1] + rng.uniform(-0.03, 0.03),
        ),
    )


def placed(build: Build, points: list[Point]) -> list[Point]:
    """Lean and shift points as the patient stands before the detector."""
    angle = np.deg2rad(build.tilt)
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    return [
        (x * cosine - y * sine + build.shift[0], x * sine + y * cosine + build.shift[1])
        for x, y in points
    ]
