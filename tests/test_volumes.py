"""Looking at volumes outside the collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.dicomslices import CORONAL, Made, chest, scan, volume

from covidxr import volumes
from covidxr.errors import CollectionError, UsageError
from covidxr.imaging.montage import montage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.volumes import Found, Volume

REAL = Path(__file__).parents[2] / "shared" / "real"
SERIES = chest(Made(count=12, rows=16, columns=16))


def folder(tmp_path: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "in"


def only(found: Found) -> Volume:
    (volume,) = found.volumes
    return volume


def test_a_nifti_file_is_told_with_its_facts(tmp_path: Path) -> None:
    (tmp_path / "a.nii.gz").write_bytes(volume(scan(), np.eye(4)))
    found = volumes.look(tmp_path / "a.nii.gz")
    assert found.is_fine
    told = only(found)
    assert (told.name, told.files, told.format, told.modality) == ("a.nii.gz", 1, "NIFTI.GZ", "")
    assert told.facts is not None
    assert (told.facts.axes, told.facts.high) == ("RAS", 40.0)


def test_a_series_is_told_with_geometry_and_values(tmp_path: Path) -> None:
    found = volumes.look(folder(tmp_path, SERIES.files()))
    told = only(found)
    assert (told.name, told.files, told.format, told.modality) == ("000.dcm", 12, "DICOM", "CT")
    assert told.facts is not None
    assert told.facts.shape == (16, 16, 12)
    assert told.facts.spacing == (0.5, 0.75, 2.5)
    assert (told.facts.axes, told.facts.oblique, told.facts.units) == ("LPS", False, "mm")
    assert (told.facts.low, told.facts.high) == (-1000.0, 1660.0)
    assert (told.facts.hounsfield, told.problems) == (True, ())
    assert found.is_fine


def test_ct_slices_without_hounsfield_units_are_odd(tmp_path: Path) -> None:
    found = volumes.look(folder(tmp_path, Made(rows=16, columns=16, signed=False).files()))
    assert only(found).problems == ("its values are 0 to 266, not in Hounsfield units",)
    assert not found.is_fine


def test_what_is_wrong_with_a_series_is_told(tmp_path: Path) -> None:
    found = volumes.look(folder(tmp_path, SERIES.files(*range(11), 14)))
    (gap,) = only(found).problems
    assert gap.startswith("3 slices seem to be missing")


def test_what_is_odd_about_a_nifti_file_is_told(tmp_path: Path) -> None:
    values = np.zeros((4, 12, 12, 2), "f4")
    values[0] = np.inf
    found = volumes.look(folder(tmp_path, {"a.nii": volume(values, packed=False)}))
    assert only(found).problems == (
        "its header does not say how it lies in the patient",
        "it has 4 dimensions (4 × 12 × 12 × 2): several values a voxel, or several volumes",
        "288 voxels are infinite or no number",
    )


def test_volumes_of_every_kind_are_found_at_any_depth(tmp_path: Path) -> None:
    files = {f"b/{name}": data for name, data in SERIES.files().items()}
    files |= {"a/one.nii.gz": volume(scan(), np.eye(4)), "readme.txt": b"words", ".x/a.nii": b""}
    found = volumes.look(folder(tmp_path, files))
    assert [each.name for each in found.volumes] == ["a/one.nii.gz", "b/000.dcm"]
    assert (found.others, found.unreadable) == (1, ())


def test_a_damaged_slice_is_told_and_the_others_are_sorted(tmp_path: Path) -> None:
    files = SERIES.files()
    files["003.dcm"] = files["003.dcm"][:140]
    found = volumes.look(folder(tmp_path, files))
    told = only(found)
    assert told.files + len(found.unreadable) + found.others == 12
    assert not found.is_fine


def test_a_slice_that_cannot_be_decoded_is_named(tmp_path: Path) -> None:
    files = SERIES.files()
    files["003.dcm"] = files["003.dcm"][:-50]
    told = only(volumes.look(folder(tmp_path, files)))
    assert any(words.startswith("003.dcm: its pixels cannot") for words in told.problems)
    assert told.facts is not None
    assert (told.facts.shape, told.facts.low) == ((16, 16, 12), None)


def test_slices_without_a_place_have_no_facts(tmp_path: Path) -> None:
    made = Made(extra={"ImageOrientationPatient": None})
    told = only(volumes.look(folder(tmp_path, made.files())))
    assert told.facts is None
    assert len(told.problems) == 1


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.nii.gz").write_bytes(volume(scan(), np.eye(4)))
    top = folder(tmp_path, {"readme.txt": b"words"})
    (top / "link.nii.gz").symlink_to(tmp_path / "a.nii.gz")
    with pytest.raises(UsageError, match="holds neither NIfTI nor DICOM"):
        volumes.look(top)


@pytest.mark.parametrize("name", ["missing", "n" * 300, "a\0b"])
def test_a_path_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CollectionError, match="cannot be read"):
        volumes.look(tmp_path / name)


def test_progress_ends_at_the_number_of_files(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    volumes.look(folder(tmp_path, SERIES.files()), lambda done, total: seen.append((done, total)))
    assert seen[-1] == (12, 12)


def several(tmp_path: Path) -> Found:
    other = Made(uid="9.9", orientation=CORONAL, count=11, rows=16, columns=16).files()
    files = SERIES.files() | {f"c{name}": data for name, data in other.items()}
    return volumes.look(folder(tmp_path, files))


def test_one_of_several_is_chosen_by_its_number(tmp_path: Path) -> None:
    found = several(tmp_path)
    assert volumes.choose(found, 2).name == "c000.dcm"
    for number in (None, 3):
        with pytest.raises(UsageError, match=r"choose one|there is no volume 3"):
            volumes.choose(found, number)


def test_scout_views_and_single_slices_leave_no_choice_to_make(tmp_path: Path) -> None:
    scout = Made(uid="9.9", count=1, extra={"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]})
    single = Made(uid="9.8", count=1)
    files = SERIES.files() | {"s": scout.files()["000.dcm"], "t": single.files()["000.dcm"]}
    found = volumes.look(folder(tmp_path, files))
    assert volumes.choose(found, None).name == "000.dcm"


def test_a_series_is_drawn_as_its_volume_is(tmp_path: Path) -> None:
    found = volumes.look(folder(tmp_path, SERIES.files()))
    made = volumes.convert(found, only(found), frozenset())
    assert isinstance(made, bytes)
    assert volumes.montage(found, only(found)) == montage(made)


def test_nifti_is_not_converted(tmp_path: Path) -> None:
    found = volumes.look(folder(tmp_path, {"a.nii.gz": volume(scan(), np.eye(4))}))
    with pytest.raises(UsageError, match="only DICOM is converted"):
        volumes.convert(found, only(found), frozenset())


@pytest.mark.skipif(not REAL.is_dir(), reason="the real collection is not here")
def test_real_pictures_are_no_volumes() -> None:
    with pytest.raises(UsageError, match="holds neither NIfTI nor DICOM"):
        volumes.look(REAL / "sample")
