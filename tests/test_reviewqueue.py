"""A record of a case becomes images that can be reviewed, or is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import candidates

from covidxr.reviewqueue import candidates as images_of
from covidxr.reviewqueue import read_record

if TYPE_CHECKING:
    from pathlib import Path


def record(root: Path, images: int = 2) -> dict[str, Any]:
    candidates.keep(root, candidates.case(5, images=images))
    path = root / ".covidxr" / "candidates" / "eurorad" / "5" / "case.json"
    return read_record(path.read_text())


def test_every_image_with_a_file_waits(tmp_path: Path) -> None:
    made = record(tmp_path, images=3)
    made["images"][1]["files"] = []
    found = images_of(made, "eurorad/5")
    assert [each.id for each in found] == ["eurorad/5/eurorad-5-1.png", "eurorad/5/eurorad-5-3.png"]
    assert [each.number for each in found] == [0, 2]
    assert found[0].provenance.licence == candidates.BY


def test_a_volume_of_slices_is_one_image_named_after_its_folder(tmp_path: Path) -> None:
    made = record(tmp_path, images=1)
    (file,) = made["images"][0]["files"]
    made["images"][0]["files"] = [
        {**file, "name": f"series-1/{n:04}.dcm", "format": "DICOM"} for n in range(3)
    ]
    (found,) = images_of(made, "eurorad/5")
    assert (found.id, found.slices) == ("eurorad/5/series-1", 3)


@pytest.mark.parametrize(
    "change",
    [
        {"images": None},
        {"images": [1]},
        {"images": [{"files": [{"name": "x"}]}]},
        {"images": [{"files": [{"name": "x", "provenance": {"bytes": "many"}}]}]},
        {"source": "sirm"},
        {"also_at": 5},
    ],
    ids=str,
)
def test_an_odd_record_is_refused_in_words(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"it (is no record|says)"):
        images_of({**record(tmp_path), **change}, "eurorad/5")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 2}', "[" * 100_000])
def test_what_is_no_record_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"version 2|no record|Expecting|recursion"):
        read_record(text)
