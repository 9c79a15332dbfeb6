"""VOL108: a CT volume whose values are no Hounsfield units."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import VolumeFacts

CODE = "VOL108"
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


def test_ct_without_hounsfield_units_is_reported_with_its_values() -> None:
    assert found(low=0.0, high=255.0, hounsfield=False) == [
        (3, "filename", "a.nii.gz: its values are 0 to 255, not in Hounsfield units")
    ]


def test_a_volume_without_any_value_is_reported() -> None:
    assert found(low=None, high=None, hounsfield=False) == [
        (3, "filename", "a.nii.gz: none of its voxels has a value")
    ]


@pytest.mark.parametrize("modality", ["ct", "CT"])
def test_every_spelling_of_ct_counts(modality: str) -> None:
    assert len(found(modality=modality, hounsfield=False)) == 1


@pytest.mark.parametrize("modality", ["X-ray", "", "MR"])
def test_other_modalities_have_other_units(modality: str) -> None:
    assert found(modality=modality, hounsfield=False) == []


def test_voxels_that_were_not_read_say_nothing() -> None:
    assert found(low=None, high=None, hounsfield=None) == []


def test_what_is_no_volume_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
