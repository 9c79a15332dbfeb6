"""Tests of DCM106."""

from __future__ import annotations

from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM106", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM106", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM106", build.from_text("finding\ntodo\n")) == []


def found(*rows: tuple[dict[str, str], dict[str, str]]) -> list[tuple[int, str | None, str]]:
    """What is said of rows of patient 7, each with what its file's header says."""
    cells, files = [], {}
    for number, (row, tags) in enumerate(rows):
        name = f"{number}.dcm"
        cells.append({"patientid": "7", "filename": name, **row})
        path = f"images/{name}"
        files[path] = build.png(path, format="DICOM", tags=tuple(tags.items()))
    return build.hits("DCM106", build.dataset(*cells, files=files))


def test_days_that_do_not_agree_are_reported_once_a_patient() -> None:
    assert found(
        ({"offset": "3"}, {"AcquisitionDate": "20200301"}),
        ({"offset": "10"}, {"AcquisitionDate": "20200322"}),
        ({"offset": "20"}, {"AcquisitionDate": "20200122"}),
    ) == [
        (
            3,
            "offset",
            (
                "patient 7: images/1.dcm and images/0.dcm in line 2 are 21 days apart by their "
                "headers, 7 by offset"
            ),
        )
    ]


def test_dates_serve_where_there_is_no_offset() -> None:
    rows = [
        ({"offset": "", "date": "2020-03-01"}, {"StudyDate": "19990101"}),
        ({"offset": "", "date": "2020-03-05"}, {"AcquisitionDateTime": "19990201101500"}),
    ]
    assert [message[-37:] for *_, message in found(*rows)] == [
        "31 days apart by their headers, 4 by date"[-37:]
    ]


def test_a_shift_of_all_days_passes() -> None:
    assert (
        found(
            ({"offset": "3"}, {"AcquisitionDate": "19010301"}),
            ({"offset": "10"}, {"AcquisitionDate": "19010308"}),
            ({"offset": "11"}, {"AcquisitionDate": "19010310"}),
        )
        == []
    )


def test_other_patients_and_missing_days_say_nothing() -> None:
    assert (
        found(
            ({"offset": "3"}, {"AcquisitionDate": "20200301"}),
            ({"offset": "10", "patientid": "8"}, {"AcquisitionDate": "20200601"}),
            ({"offset": "10"}, {"AcquisitionDate": ""}),
            ({"offset": "", "date": "2020-03"}, {"AcquisitionDate": "20210301"}),
            ({"offset": "10"}, {"AcquisitionDate": "20201399"}),
        )
        == []
    )


def test_the_most_exact_date_of_a_header_counts() -> None:
    assert (
        found(
            ({"offset": "0"}, {"StudyDate": "20200301", "AcquisitionDate": "20200301"}),
            ({"offset": "4"}, {"StudyDate": "20200301", "AcquisitionDate": "20200305"}),
        )
        == []
    )
