"""CT phantoms of the thorax, in Hounsfield units at any place in the body.

Owns the anatomy in millimetres, in the NIfTI directions: x to the patient's right when positive,
hence RAS+; y to the front; z to the head; the origin is in the middle of the chest. Volumes and
slices are two samplings of the same function. Opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from tools.phantom_raster import Pixels, generator, noise_field, step

AIR, LUNG, FAT, TISSUE, BLOOD, BONE = -1000.0, -820.0, -95.0, 40.0, 50.0, 400.0
LIGHTEST_GLASS, DENSEST_GLASS = -550.0, -300.0  # the range of ground glass in these phantoms
VOLUME_SHAPE = (64, 64, 32)
SLICE_SIDE = 320
FIELD_MM = 352.0  # side of an axial slice
HEIGHT_MM = 256.0  # height of a volume
WINDOW_CENTRE, WINDOW_WIDTH = -450.0, 1200.0  # a narrow lung window
NOISE_HU = 10.0

Volume: TypeAlias = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thorax:
    """One patient's chest: its size, and the balls of ground glass in its lungs."""

    key: str
    width: float
    depth: float
    heart: float
    patches: tuple[tuple[float, float, float, float, float], ...]  # x, y, z, radius, Hounsfield


def thorax_of(key: str, pattern: str) -> Thorax:
    """Return the chest of a patient; the pattern is `peripheral` or `haze`."""
    rng = generator("thorax", key)
    patches = []
    for index in range(14):
        side = 1 if index % 2 else -1
        angle = rng.uniform(-2.4, 0.4) if pattern == "peripheral" else rng.uniform(-3.1, 3.1)
        far = 1.0 if pattern == "peripheral" else rng.uniform(0.2, 0.75)
        patches.append(
            (
                side * (74.0 + 44.0 * far * float(np.cos(angle))),
                70.0 * far * float(np.sin(angle)) - 5.0,
                rng.uniform(-65.0, 25.0) if pattern == "peripheral" else rng.uniform(-50.0, 70.0),
                rng.uniform(16.0, 28.0) * (1.0 if pattern == "peripheral" else 1.3),
                rng.uniform(LIGHTEST_GLASS + 30, DENSEST_GLASS - 30),
            )
        )
    return Thorax(
        key=key,
        width=rng.uniform(148.0, 158.0),
        depth=rng.uniform(104.0, 112.0),
        heart=rng.uniform(0.95, 1.08),
        patches=tuple(patches),
    )


def hounsfield(thorax: Thorax, x: Pixels, y: Pixels, z: Pixels) -> Pixels:
    """Return the Hounsfield units at places given in millimetres."""
    x, y, z = np.broadcast_arrays(x, y, z)
    trunk = np.hypot(x / thorax.width, y / thorax.depth)
    values = np.where(trunk < 1.0, np.where(trunk < 0.93, TISSUE, FAT), AIR)
    heart = _ball(x + 26, y - 22, z + 38, (58 * thorax.heart, 46.0, 48.0)) < 1.0
    lungs = _inside_lung(thorax, x, y, z) & ~heart
    values[lungs] = _lung_tissue(thorax, x[lungs], y[lungs], z[lungs])
    values[heart] = BLOOD
    values[np.hypot(x + 20, y + 48) < 12.0] = BLOOD  # descending aorta
    values[_airway(x, y, z)] = AIR + 20.0
    return np.where(trunk < 1.0, _with_bones(thorax, values, x, y, z), values)


def volume_of(thorax: Thorax, spacing: tuple[float, float, float], *, is_flipped: bool) -> Volume:
    """Sample a volume: two samples a voxel in each direction, averaged, with noise.

    `is_flipped` stores the first axis from the patient's right to left, as scanners do.
    """
    places = [
        (np.arange(2 * count) + 0.5) * size / 2 - count * size / 2
        for count, size in zip(VOLUME_SHAPE, spacing, strict=True)
    ]
    if is_flipped:
        places[0] = -places[0]
    x, y, z = np.meshgrid(*places, indexing="ij")
    fine = hounsfield(thorax, x, y, z)
    columns, rows, slices = VOLUME_SHAPE
    mean = fine.reshape(columns, 2, rows, 2, slices, 2).mean(axis=(1, 3, 5))
    grain = generator("volume", thorax.key).standard_normal(VOLUME_SHAPE)
    noisy = mean + NOISE_HU * np.where(mean > AIR + 10.0, grain, 0.0)  # none around the body
    voxels: Volume = np.clip(np.round(noisy), -1024, 1500).astype(np.int16)
    return voxels


def affine_of(spacing: tuple[float, float, float], *, is_flipped: bool) -> Pixels:
    """Return the matrix from voxel numbers to millimetres that goes with `volume_of`."""
    steps = np.array(spacing) * np.array([-1.0 if is_flipped else 1.0, 1.0, 1.0])
    affine: Pixels = np.diag([*steps, 1.0])
    affine[:3, 3] = -steps * (np.array(VOLUME_SHAPE) - 1) / 2
    return affine


def slice_of(thorax: Thorax, view: str, at: float) -> Pixels:
    """Return one slice in the lung window, 0..1, turned as radiologists look at it.

    Axial and coronal slices have the patient's right on the left; sagittal ones face left.
    """
    half = FIELD_MM / 2
    across = np.linspace(-half, half, 2 * SLICE_SIDE)
    tall = np.linspace(HEIGHT_MM / 2, -HEIGHT_MM / 2, 2 * int(SLICE_SIDE * HEIGHT_MM / FIELD_MM))
    fixed = np.array([at])
    if view == "Axial":
        y, x, z = np.meshgrid(-across, -across, fixed, indexing="ij")
    elif view == "Coronal":
        z, x, y = np.meshgrid(tall, -across, fixed, indexing="ij")
    else:
        z, y, x = np.meshgrid(tall, -across, fixed, indexing="ij")
    fine = hounsfield(thorax, x, y, z)[:, :, 0]
    mean = fine.reshape(fine.shape[0] // 2, 2, SLICE_SIDE, 2).mean(axis=(1, 3))
    shape = (mean.shape[0], mean.shape[1])
    mean += 30.0 * noise_field(shape, 0.7, generator("slice", thorax.key, view))
    windowed = (mean - WINDOW_CENTRE) / WINDOW_WIDTH + 0.5
    return np.asarray(np.clip(windowed, 0.0, 1.0), dtype=np.float64)


def _ball(x: Pixels, y: Pixels, z: Pixels, radii: tuple[float, float, float]) -> Pixels:
    return (x / radii[0]) ** 2 + (y / radii[1]) ** 2 + (z / radii[2]) ** 2


def _lung_tissue(thorax: Thorax, x: Pixels, y: Pixels, z: Pixels) -> Pixels:
    """Aerated lung, denser at the back, with its vessels and its ground glass."""
    aired = LUNG + 45.0 * np.sin(x / 11.0 + y / 17.0) * np.sin(y / 13.0 - z / 15.0) - 0.4 * y
    clear, density = np.ones_like(x), np.full_like(x, LIGHTEST_GLASS)
    ragged = np.sin(x / 6.0 + z / 9.0) * np.sin(y / 7.0) + 0.6 * np.sin(x / 3.1 - y / 3.7 + z / 4.3)
    for at_x, at_y, at_z, radius, glass in thorax.patches:
        away = np.sqrt(_ball(x - at_x, y - at_y, z - at_z, (radius, radius, radius)))
        share = 1.0 - step(away + 0.14 * ragged, 1.0, 0.45)
        clear, density = clear * (1.0 - share), np.where(share > 0.5, glass, density)
    grainy = density + 60.0 * np.sin(x / 4.0 + y / 9.0) * np.sin(y / 3.5 + z / 6.0)
    grainy = np.clip(grainy, LIGHTEST_GLASS, DENSEST_GLASS)
    tissue = aired * clear + grainy * (1.0 - clear)
    return np.where(_vessels(x, y, z), TISSUE, tissue)


def _inside_lung(thorax: Thorax, x: Pixels, y: Pixels, z: Pixels) -> npt.NDArray[np.bool_]:
    """Two rounded cones, narrow at the top, that stand on the domes of the diaphragm."""
    height = np.clip((z + 110.0) / 225.0, 0.0, 1.0)
    size = np.sqrt(np.clip(1.0 - height**2.6, 0.0, 1.0))
    across = (np.abs(x) - 68.0 * (0.75 + 0.25 * size)) / ((thorax.width - 84.0) * size + 1e-6)
    along = (y + 4.0) / ((thorax.depth - 25.0) * (0.35 + 0.65 * size) + 1e-6)
    dome = -112.0 + 46.0 * np.exp(-(((np.abs(x) - 62.0) / 55.0) ** 2) - ((y - 12.0) / 70.0) ** 2)
    dome = dome + 8.0 * (x > 0)
    middle = 14.0 + 14.0 * step(-z, 20.0, 90.0) + 9.0 * np.cos((y - 5.0) / 26.0)
    aside = np.abs(x + 7.0) > middle
    return np.asarray((np.hypot(across, along) < 1.0) & (z > dome) & aside, dtype=np.bool_)


def _vessels(x: Pixels, y: Pixels, z: Pixels) -> npt.NDArray[np.bool_]:
    """Tubes that run from each hilum outwards and get thinner."""
    found: npt.NDArray[np.bool_] = np.zeros(np.broadcast(x, y, z).shape, dtype=bool)
    rng = generator("ct vessels")
    for _ in range(34):
        side = rng.choice([-1.0, 1.0])
        start = np.array([side * 32.0, -6.0, 5.0])
        heading = np.array([side * rng.uniform(0.1, 1.0), *rng.uniform(-1.0, 1.0, size=2)])
        heading /= np.linalg.norm(heading)
        length, bend = rng.uniform(60.0, 105.0), rng.uniform(-9.0, 9.0)
        along = (
            (x - start[0]) * heading[0] + (y - start[1]) * heading[1] + (z - start[2]) * heading[2]
        )
        share = along / length
        bow = bend * np.sin(np.pi * np.clip(share, 0.0, 1.0))
        away = (
            (x - start[0] - along * heading[0] - bow * heading[2]) ** 2
            + (y - start[1] - along * heading[1] + bow * heading[0] * 0.5) ** 2
            + (z - start[2] - along * heading[2] + bow * heading[0]) ** 2
        )
        thick = 4.6 * np.clip(1.0 - share, 0.0, 1.0) + 0.9
        found |= (share > 0.0) & (share < 1.0) & (away < thick**2)
    return found


def _airway(x: Pixels, y: Pixels, z: Pixels) -> npt.NDArray[np.bool_]:
    """Trachea down to the fork at z = 30, then one bronchus to each side."""
    trachea = (np.hypot(x, y + 2.0) < 9.0) & (z > 28.0)
    below = (30.0 - z) * 0.9
    bronchi = (np.hypot(np.abs(x) - below - 3.0, y + 6.0) < 7.0) & (z <= 32.0) & (z > -2.0)
    return np.asarray(trachea | bronchi, dtype=np.bool_)


def _with_bones(thorax: Thorax, values: Pixels, x: Pixels, y: Pixels, z: Pixels) -> Pixels:
    """Lay spine, ribs and breastbone over soft tissue."""
    spine = np.hypot(x, (y + 70.0) * 1.15)
    disc = np.mod(z, 26.0) < 4.0
    values = np.where(
        spine < 19.0, np.where(disc, 90.0, np.where(spine > 16.0, BONE, 190.0)), values
    )
    arch = (np.abs(x) < 17.0) & (y < -84.0) & (y > -96.0) & ~disc
    values = np.where(arch, BONE - 60.0, values)
    values = np.where(np.hypot(x, (y + 90.0)) < 7.0, 20.0, values)  # spinal canal
    cage = np.hypot(x / (thorax.width - 16.0), y / (thorax.depth - 14.0))
    slanted = np.mod(z - 0.42 * y, 27.0) - 8.0
    rib = np.hypot((cage - 0.99) / 0.038, slanted / 6.0)
    values = np.where((rib < 1.0) & (np.abs(x) > 24.0), np.where(rib > 0.55, BONE, 230.0), values)
    sternum = (np.hypot(x / 17.0, (y - thorax.depth + 15.0) / 6.0) < 1.0) & (z > -40.0)
    return np.asarray(np.where(sternum, BONE - 120.0, values), dtype=np.float64)
