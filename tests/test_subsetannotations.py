"""What of the annotations goes into a subset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build, taken

from covidxr import annotationpins, csvread, subsetannotations
from covidxr.annotated import Pin
from covidxr.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.subsetannotations import Kept


def kept(root: Path, *patients: str) -> Kept:
    """What goes along with the rows of some patients."""
    whole = Table(csvread.parse((root / "metadata.csv").read_bytes()))
    rows = [row for row in build.rows(*taken.ROWS) if row["patientid"] in patients]
    part = Table(csvread.parse(build.csv_text(rows).encode()))
    named = {f"{row['folder']}/{row['filename']}" for row in rows}
    gone = {f"{r['folder']}/{r['filename']}" for r in build.rows(*taken.ROWS)} - named
    return subsetannotations.kept(root, whole, part, gone)


def test_masks_of_other_rows_stay_behind_and_files_of_several_are_cut(tmp_path: Path) -> None:
    found = kept(taken.collection(tmp_path / "whole"), "8")
    assert found.copies == ["annotations/masks/b-1_mask.png"]
    assert sorted(found.texts) == ["annotations/boxes.json", "annotations/scores.csv"]
    assert found.cut == {"annotations/boxes.json": 12, "annotations/scores.csv": 4}


def test_what_is_about_no_row_at_all_stays_behind_too(tmp_path: Path) -> None:
    root = taken.collection(tmp_path / "whole")
    table = "## Scores\nfilename,geographic_extent_mean,opacity_mean\nnobody.png,1,2\nb-1.png,1,2\n"
    (root / "annotations" / "severity.csv").write_text(table)
    found = kept(root, "8")
    assert b"nobody" not in found.texts["annotations/severity.csv"]
    assert b"b-1.png" in found.texts["annotations/severity.csv"]


def test_a_file_in_which_nothing_is_left_stays_behind_with_its_note(tmp_path: Path) -> None:
    root = taken.collection(tmp_path / "whole")
    (root / "annotations" / "extent").mkdir()
    (root / "annotations" / "extent" / "README.md").write_text("License: CC0-1.0\n")
    (root / "annotations" / "extent" / "severity.csv").write_text(
        "filename,geographic_extent_mean,opacity_mean\na-1.png,1,2\n"
    )
    left_out = kept(root, "8").left_out
    assert "annotations/extent/severity.csv" in left_out
    assert "annotations/extent/README.md" in left_out
    assert "annotations/extent/README.md" in kept(root, "7").copies


def test_pins_of_what_goes_along_go_along(tmp_path: Path) -> None:
    root = taken.collection(tmp_path / "whole")
    pins = [
        Pin(annotation="annotations/scores.csv", filename=name, sha256="0" * 64)
        for name in ("a-1.png", "b-1.png")
    ]
    data = annotationpins.Book(None).with_pins(pins)
    (root / annotationpins.NAME).write_bytes(data)
    book = annotationpins.Book(kept(root, "8").texts[annotationpins.NAME])
    assert [each.filename for each in book.pins] == ["b-1.png"]
    assert annotationpins.NAME in kept(root, "9").left_out
