"""What a release says of itself."""

from __future__ import annotations

from typing import Any

from tests import build

from covidxr import csvread, tablediff, tablemoves
from covidxr.comparison import Comparison, FileDiff
from covidxr.labelcounts import StatsOptions
from covidxr.releasenotes import Notes, changes, section, with_section
from covidxr.releaseversion import needed
from covidxr.table import Table

OLD = [{"filename": "a.png"}, {"filename": "gone.png", "age": "9"}, {"sex": "F"}]
NEW = [{"filename": "a.png", "finding": "Pneumonia"}, {"filename": "new.png"}, {"sex": "M"}]


def notes(**more: Any) -> Notes:
    old, new = (
        Table(csvread.parse(build.csv_text(build.rows(*rows)).encode())) for rows in (OLD, NEW)
    )
    found = Comparison(
        before="1.0.0",
        after="now",
        table=tablediff.compare(old, new)[0],
        files=FileDiff(added=("images/new.png",), removed=("images/gone.png",)),
        labels=tablemoves.label_moves(old, new, StatsOptions()),
    )
    known: dict[str, Any] = {
        "version": "2.0.0",
        "day": "2026-11-26",
        "previous": "1.0.0",
        "rows": 3,
        "patients": 3,
        "files": 3,
        "found": found,
        "needed": needed(found),
    }
    return Notes(**{**known, **more})


PAGE = """\
# Version 2.0.0 (2026-11-26)

Since `1.0.0`. It holds 3 rows, 3 patients, 3 files.

A major release at least, since:

- 1 row with a finding has another one, or none

## Labels

| Views | Label | Images | Patients |
|---|---|--:|--:|
| PA, AP | Pneumonia/Viral | 3 → 2 | 3 → 2 |
| PA, AP | Pneumonia/Viral/COVID-19 | 3 → 2 | 3 → 2 |

## Rows removed

- `images/gone.png`: patient `2`, `Pneumonia/Viral/COVID-19`; taken down: `asked by the *author*`

## Rows added

- `images/new.png`: patient `2`, `Pneumonia/Viral/COVID-19`

## Cells changed

- `images/a.png`
  - `finding`: `Pneumonia/Viral/COVID-19` → `Pneumonia`
- `images/image-3.png`
  - `sex`: `F` → `M`

## Files removed

- `images/gone.png`

## Files added

- `images/new.png`
"""


def test_every_row_cell_and_file_is_named_and_why_one_was_taken_down() -> None:
    assert changes(notes(takedowns={"gone.png": "asked by the *author*"})) == PAGE


def test_a_first_release_says_what_it_holds() -> None:
    page = changes(notes(found=None, needed=None, previous=""))
    assert page == ("# Version 2.0.0 (2026-11-26)\n\nFirst release: 3 rows, 3 patients, 3 files.\n")


def test_the_newest_section_stands_first_and_older_ones_stay() -> None:
    first = with_section("", notes(version="1.0.0", found=None, needed=None))
    assert first.startswith("# Changes of the data\n\n## 1.0.0 (2026-11-26)\n")
    second = with_section(first, notes())
    assert second.index("## 2.0.0") < second.index("## 1.0.0")
    assert second.endswith(first.partition("## 1.0.0")[2])


def test_a_section_that_is_there_is_replaced_so_that_twice_is_once() -> None:
    first = with_section("# Our own title\n\nWords.\n", notes(version="1.0.0"))
    both = with_section(first, notes())
    assert with_section(both, notes()) == both
    assert with_section(both, notes(version="1.0.0")) == both
    later = with_section(both, notes(day="2026-12-01"))
    assert later == both.replace("## 2.0.0 (2026-11-26)", "## 2.0.0 (2026-12-01)")
    assert later.startswith("# Our own title\n\nWords.\n\n## 2.0.0")


def test_a_section_leads_to_the_page() -> None:
    assert section(notes()) == (
        "## 2.0.0 (2026-11-26)\n\n"
        "- 1 row with a finding has another one, or none.\n"
        "- Row by row: [CHANGES.md](releases/2.0.0/CHANGES.md).\n"
    )
