"""VOL111: a volume with voxels that hold no number."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import VolumeFacts
from covidxr.plugins import discover

CODE = "VOL111"
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


@pytest.mark.parametrize(("count", "words"), [(1, "1 voxel is"), (1234, "1,234 voxels are")])
def test_voxels_without_a_number_are_reported(count: int, words: str) -> None:
    assert found(not_numbers=count) == [(3, "filename", f"a.nii.gz: {words} infinite or no number")]


def test_voxels_that_were_not_read_say_nothing() -> None:
    assert found(not_numbers=None) == []


def test_a_volume_without_a_row_is_reported_as_a_file() -> None:
    volume = VolumeFacts(**{**SOUND, "not_numbers": 5})  # type: ignore[arg-type]
    files = {"volumes/b.nii": build.png("volumes/b.nii", format="NIFTI", volume=volume)}
    (hit,) = discover("covidxr.rules")[CODE].check(build.dataset(files=files))
    assert (hit.file, hit.rows) == ("volumes/b.nii", ())


def test_the_other_folder_is_left_alone() -> None:
    assert found("images/a.nii.gz", not_numbers=5) == []


def test_what_is_no_volume_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
