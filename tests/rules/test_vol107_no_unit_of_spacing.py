"""VOL107: a volume whose header names no unit of its spacing."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import VolumeFacts
from covidxr.plugins import discover

CODE = "VOL107"
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


def test_a_volume_without_a_unit_is_reported() -> None:
    assert found(units="") == [
        (3, "filename", "a.nii.gz: its header does not say in which unit its spacing is")
    ]


@pytest.mark.parametrize("units", ["m", "mm", "um"])
def test_any_unit_is_right(units: str) -> None:
    assert found(units=units) == []


def test_a_volume_without_a_row_is_reported_as_a_file() -> None:
    volume = VolumeFacts(**{**SOUND, "units": ""})  # type: ignore[arg-type]
    files = {"volumes/b.nii": build.png("volumes/b.nii", format="NIFTI", volume=volume)}
    (hit,) = discover("covidxr.rules")[CODE].check(build.dataset(files=files))
    assert (hit.file, hit.rows) == ("volumes/b.nii", ())


def test_the_other_folder_is_left_alone() -> None:
    assert found("images/a.nii.gz", units="") == []


def test_what_is_no_volume_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
