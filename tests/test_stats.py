"""The workflow of the label table: reading, counting, keeping README."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covidxr import stats
from covidxr.errors import CollectionError
from covidxr.labelcounts import StatsOptions
from covidxr.readmeblock import MarkerError

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "patientid,finding,view\n1,COVID-19,PA\n2,No Finding,AP\n"
README = "before\n<!-- covidxr stats: begin -->\n<!-- covidxr stats: end -->\nafter\n"


def same(said: StatsOptions) -> StatsOptions:
    return said


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "metadata.csv").write_text(TABLE)
    (tmp_path / "README.md").write_text(README)
    return tmp_path


def test_a_collection_is_counted_from_its_folder(root: Path) -> None:
    erect, supine = stats.count(root, StatsOptions())
    assert (erect.images, supine.images) == (2, 0)
    (group, _) = stats.count_as_loader(root, StatsOptions(labels="xrv-2020-06"))
    assert group.totals["COVID-19"] == {0.0: 1, 1.0: 1}


def test_a_readme_is_written_once_and_then_left_alone(root: Path) -> None:
    readme = root / "README.md"
    assert stats.write_block(root, readme, same)
    written = readme.read_text()
    assert written.startswith("before\n<!-- covidxr stats: begin -->\n\n| Label |")
    assert written.endswith("<!-- covidxr stats: end -->\nafter\n")
    before = readme.stat().st_mtime_ns
    assert not stats.write_block(root, readme, same)
    assert readme.stat().st_mtime_ns == before


def test_a_stale_readme_is_shown_as_a_difference_and_not_touched(root: Path) -> None:
    readme = root / "README.md"
    stats.write_block(root, readme, same)
    assert stats.stale_block(root, readme, same) == ""
    (root / "metadata.csv").write_text(TABLE + "3,No Finding,PA\n")
    stale = readme.read_text()
    difference = stats.stale_block(root, readme, same)
    assert "\n-| No Finding | 1 | 1 | 1 | 0 | 0 | 0 |\n" in difference
    assert "\n+| No Finding | 2 | 1 | 2 | 0 | 0 | 0 |\n" in difference
    assert readme.read_text() == stale


def test_what_is_not_there_is_said(root: Path) -> None:
    with pytest.raises(CollectionError):
        stats.write_block(root, root / "absent.md", same)
    with pytest.raises(CollectionError):
        stats.count(root / "absent", StatsOptions())
    (root / "README.md").write_text("no markers\n")
    with pytest.raises(MarkerError, match="no place for the table"):
        stats.write_block(root, root / "README.md", same)


def test_bytes_of_the_readme_that_are_not_utf8_stay(root: Path) -> None:
    readme = root / "README.md"
    raw = b"\xff\xfe\r\n" + README.encode()
    readme.write_bytes(raw)
    try:
        stats.write_block(root, readme, same)
    except CollectionError:
        assert readme.read_bytes() == raw
    else:
        assert readme.read_bytes().startswith(b"\xff\xfe\r\nbefore\n")


def test_a_chart_is_saved(tmp_path: Path) -> None:
    stats.save_chart(tmp_path / "chart.png", b"bytes")
    assert (tmp_path / "chart.png").read_bytes() == b"bytes"
