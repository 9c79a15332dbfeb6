"""What the report of a collection gathers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests import build, candidates

from covidxr import collectionreport
from covidxr.collectionreport import Options, gather
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2024, 5, 6)


def collection(root: Path, *changes: dict[str, str], images: bool = True) -> Path:
    rows = build.rows(*changes)
    (root / "metadata.csv").write_text(build.csv_text(rows))
    if images:
        (root / "images").mkdir()
        for number, row in enumerate(rows):
            (root / "images" / row["filename"]).write_bytes(candidates.picture(number))
    return root


def test_numbers_problems_pictures_and_rows_come_together(tmp_path: Path) -> None:
    report = gather(Options(root=collection(tmp_path, {}, {"age": "200"}), today=TODAY))
    assert report.facts.images == 2
    assert [(each.diagnostic.code, each.row) for each in report.problems] == [("SCH205", 1)]
    assert [each.pick.row for each in report.thumbnails] == [0, 1]
    assert (report.files, report.rows, report.whole) == (2, (0, 1), True)
    assert report.name == tmp_path.name


def test_fewer_thumbnails_are_drawn_where_fewer_are_wanted(tmp_path: Path) -> None:
    root = collection(tmp_path, {}, {}, {})
    assert len(gather(Options(root=root, today=TODAY, thumbnails=1)).thumbnails) == 1
    assert gather(Options(root=root, today=TODAY, thumbnails=0)).thumbnails == ()
    assert len(gather(Options(root=root, today=TODAY, thumbnails=None)).thumbnails) == 3


def test_a_table_alone_has_no_wall_of_missing_pictures(tmp_path: Path) -> None:
    report = gather(Options(root=collection(tmp_path, {}, images=False), today=TODAY))
    assert (report.thumbnails, report.files) == ((), 1)


def test_of_a_large_table_the_rows_that_are_named_or_pictured_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collectionreport, "MOST_ROWS", 3)
    root = collection(tmp_path, {}, {}, {"age": "200"}, {})
    (root / "images" / "image-1.png").unlink()
    report = gather(Options(root=root, today=TODAY, thumbnails=1))
    assert [each.pick.row for each in report.thumbnails] == [1]
    # The first row's file is missing, the third has a wrong age, the second is pictured.
    assert (report.rows, report.whole) == ((0, 1, 2), False)


def test_progress_is_told_of_looking_and_of_drawing(tmp_path: Path) -> None:
    told: list[str] = []
    options = Options(
        root=collection(tmp_path, {}),
        today=TODAY,
        looked=lambda done, total: told.append(f"looked {done}/{total}"),
        drawn=lambda done, total: told.append(f"drawn {done}/{total}"),
    )
    gather(options)
    assert told == ["looked 1/1", "drawn 1/1"]


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"there is no .*metadata\.csv"):
        gather(Options(root=tmp_path, today=TODAY))
