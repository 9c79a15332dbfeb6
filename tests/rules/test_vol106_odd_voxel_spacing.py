"""VOL106: a volume whose voxels have no plausible distance."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import VolumeFacts
from covidxr.plugins import discover

CODE = "VOL106"
SOUND = {
    "shape": (512, 512, 120),
    "spacing": (0.7, 0.7, 2.5),
    "axes": "RAS",
    "units": "mm",
    "kind": "int16",
    "low": -1024.0,
    "high": 3071.0,
    "hounsfield": True,
    "not_numbers": 0,
}


def found(path: str = "volumes/a.nii.gz", modality: str = "CT", **facts: Any) -> list[Any]:
    """What is said of a volume that is sound but for these facts."""
    folder, _, name = path.rpartition("/")
    volume = VolumeFacts(**{**SOUND, **facts})
    files = {path: build.png(path, format="NIFTI.GZ", volume=volume)}
    row = {"filename": name, "folder": folder, "modality": modality, "view": "Axial"}
    return build.hits(CODE, build.dataset({}, row, files=files))


def test_a_sound_volume_has_none() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("spacing", "units", "message"),
    [
        ((0.7, 0.7, 0.0), "mm", "its voxels are 0.7 × 0.7 × 0 mm, which is no distance"),
        ((-0.7, 0.7, 2.5), "", "its voxels are -0.7 × 0.7 × 2.5, which is no distance"),
        ((0.7, 0.7, 10.5), "mm", "its voxels are 0.7 × 0.7 × 10.5 mm, more than 10 mm"),
        ((0.7, 0.7, 2.5), "m", "its voxels are 0.7 × 0.7 × 2.5 m, more than 10 mm"),
    ],
)
def test_a_spacing_that_cannot_be_is_reported(
    spacing: tuple[float, ...], units: str, message: str
) -> None:
    assert found(spacing=spacing, units=units) == [(3, "filename", f"a.nii.gz: {message}")]


def test_two_spacings_of_one_header_are_reported() -> None:
    message = "its header gives two spacings, 0.7 × 0.7 × 2.5 and, by its matrix, 0.7 × 0.7 × 5"
    assert found(placed_spacing=(0.7, 0.7, 5.0)) == [(3, "filename", f"a.nii.gz: {message}")]
    assert found(placed_spacing=(0.7001, 0.7, 2.5)) == []
    assert found(placed_spacing=()) == []


@pytest.mark.parametrize(
    ("spacing", "units"),
    [
        ((0.7, 0.7, 10.0), "mm"),
        ((700.0, 700.0, 2500.0), "um"),
        ((0.0007, 0.0007, 0.0025), "m"),
        ((0.7, 0.7, 2.5, 0.0), "mm"),  # of time, a spacing of nothing is usual
    ],
)
def test_what_scanners_have_is_right(spacing: tuple[float, ...], units: str) -> None:
    assert found(spacing=spacing, units=units) == []


def test_a_volume_without_a_row_is_reported_as_a_file() -> None:
    volume = VolumeFacts(**{**SOUND, "spacing": (0.7, 0.7, 0.0)})  # type: ignore[arg-type]
    files = {"volumes/b.nii": build.png("volumes/b.nii", format="NIFTI", volume=volume)}
    (hit,) = discover("covidxr.rules")[CODE].check(build.dataset(files=files))
    assert (hit.file, hit.rows) == ("volumes/b.nii", ())


def test_the_other_folder_is_left_alone() -> None:
    assert found("images/a.nii.gz", spacing=(0.7, 0.7, 0.0)) == []


def test_what_is_no_volume_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
