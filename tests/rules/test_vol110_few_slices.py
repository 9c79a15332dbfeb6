"""VOL110: a volume of few slices."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import VolumeFacts
from covidxr.plugins import discover

CODE = "VOL110"
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


@pytest.mark.parametrize("shape", [(512, 512, 4), (4, 512, 512)])
def test_a_volume_of_few_slices_is_reported(shape: tuple[int, ...]) -> None:
    assert found(shape=shape) == [(3, "filename", "a.nii.gz: it has only 4 slices")]


def test_ten_slices_are_enough() -> None:
    assert found(shape=(512, 512, 10)) == []
    assert len(found(shape=(512, 512, 9))) == 1


@pytest.mark.parametrize("shape", [(512, 512), (512, 512, 1), (512, 512, 4, 3)])
def test_what_is_no_volume_at_all_is_left_to_another_rule(shape: tuple[int, ...]) -> None:
    assert found(shape=shape) == []


def test_a_volume_without_a_row_is_reported_as_a_file() -> None:
    volume = VolumeFacts(**{**SOUND, "shape": (512, 512, 4)})  # type: ignore[arg-type]
    files = {"volumes/b.nii": build.png("volumes/b.nii", format="NIFTI", volume=volume)}
    (hit,) = discover("covidxr.rules")[CODE].check(build.dataset(files=files))
    assert (hit.file, hit.rows) == ("volumes/b.nii", ())


def test_the_other_folder_is_left_alone() -> None:
    assert found("images/a.nii.gz", shape=(512, 512, 4)) == []


def test_what_is_no_volume_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
