"""The rules are asked about one new row, beside the rows of its patient."""

from __future__ import annotations

import datetime as dt

from tests import build

from covidxr import csvread
from covidxr.model import FileProblem, ImageFacts
from covidxr.rowcheck import remarks
from covidxr.table import Row, Table
from covidxr.validate import rules

DAY = dt.date(2021, 1, 1)


def told(
    cells: dict[str, str], *others: dict[str, str], facts: ImageFacts | None = None
) -> dict[str, tuple[str, bool]]:
    """Codes of what is said of a good row with some cells changed: field, and whether it blocks."""
    table = Table(csvread.parse(build.csv_text(build.rows(*others)).encode()))
    row = {**build.GOOD_ROW, "filename": "new.png", **cells}
    facts = facts or ImageFacts(
        path="images/new.png", bytes=9, format="PNG", width=900, height=900, sha256="ab"
    )
    rows = [Row(table, at) for at in range(len(table))]
    return {
        each.code: (each.field, each.blocking)
        for each in remarks(rules().values(), row, rows, facts, DAY)
    }


def test_a_good_row_is_silent() -> None:
    assert told({}) == {}
    assert told({}, {"patientid": "1"}) == {}


def test_what_a_row_says_beside_its_patients_other_rows_is_told() -> None:
    assert told({"sex": "M"}, {"patientid": "1"}) == {"PAT101": ("sex", True)}


def test_a_warning_does_not_block() -> None:
    assert told({"age": "93"}) == {"PRV101": ("age", False)}


def test_what_is_wrong_with_the_file_is_told() -> None:
    facts = ImageFacts(
        path="images/new.png",
        bytes=9,
        format="JPEG",
        width=900,
        height=900,
        sha256="ab",
        gps=True,
        problems=(FileProblem(kind="truncated", message="it ends early"),),
    )
    assert {"IMG104", "IMG106", "PRV103"} <= set(told({}, facts=facts))


def test_what_is_wrong_with_other_rows_is_not_told() -> None:
    assert told({}, {"patientid": "1", "view": "Axial", "filename": "old.png"}) == {}


def test_a_day_in_the_future_is_told() -> None:
    assert "CLN105" in told({"date": "2022-01-01"})
