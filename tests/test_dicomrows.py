"""DICOM headers beside the rows that name their files."""

from __future__ import annotations

from datetime import date

import pytest
from tests import build

from covidxr.dicomrows import age_years, day_taken, meant, tagged


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("045Y", 45),
        ("012M", 1),
        ("000Y", 0),
        ("", None),
        ("45", None),
        ("045y", None),
        ("1000Y", None),
    ],
)
def test_ages_are_read(text: str, years: float | None) -> None:
    assert age_years(text) == years


def test_weeks_and_days_are_parts_of_a_year() -> None:
    assert age_years("052W") == pytest.approx(1, abs=0.01)
    assert age_years("365D") == pytest.approx(1, abs=0.01)


def test_the_most_exact_day_is_taken() -> None:
    assert day_taken({"StudyDate": "20200301", "AcquisitionDate": "20200302"}) == date(2020, 3, 2)
    assert day_taken({"StudyDate": "20200301", "AcquisitionDate": ""}) == date(2020, 3, 1)
    assert day_taken({"AcquisitionDateTime": "20200303120000.5"}) == date(2020, 3, 3)
    # As ACR-NEMA wrote it.
    assert day_taken({"StudyDate": "2020.03.01"}) == date(2020, 3, 1)
    assert day_taken({"StudyDate": "20209901"}) is None
    assert day_taken({}) is None


def test_rows_come_with_the_header_of_their_file() -> None:
    files = {
        "images/a.dcm": build.png("images/a.dcm", format="DICOM", tags=(("PatientSex", "F"),)),
        "images/b.png": build.png("images/b.png"),
    }
    data = build.dataset(
        {"filename": "a.dcm", "sex": "female"},
        {"filename": "b.png"},
        {"filename": "a.dcm", "sex": ""},
        files=files,
    )
    found = list(tagged(data, "sex"))
    assert [(row.line, dict(tags)) for row, tags in found] == [(2, {"PatientSex": "F"})]
    assert meant(found[0][0], "sex") == "F"
    assert list(tagged(build.from_text("filename\na.dcm\n", files=files), "sex")) == []
