"""Tests of DCM107."""

from __future__ import annotations

from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM107", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM107", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM107", build.from_text("finding\ntodo\n")) == []


def found(*rows: tuple[dict[str, str], dict[str, str]]) -> list[tuple[int, str | None, str]]:
    """What is said of rows of patient 7, each with what its file's header says."""
    cells, files = [], {}
    for number, (row, tags) in enumerate(rows):
        name = f"{number}.dcm"
        cells.append({"patientid": "7", "filename": name, **row})
        path = f"images/{name}"
        files[path] = build.png(path, format="DICOM", tags=tuple(tags.items()))
    return build.hits("DCM107", build.dataset(*cells, files=files))


def test_a_study_of_two_patients_is_reported_once_each() -> None:
    assert found(
        ({}, {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.3.1"}),
        ({"patientid": "31"}, {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.3.1"}),
        ({"patientid": "31"}, {"StudyInstanceUID": "1.2.3", "SeriesInstanceUID": "1.2.3.2"}),
    ) == [
        (
            3,
            "patientid",
            (
                "images/1.dcm of patient 31 and images/0.dcm of patient 7 in line 2 have one "
                "StudyInstanceUID"
            ),
        )
    ]


def test_a_series_counts_where_the_study_is_not_told() -> None:
    rows = [({}, {"SeriesInstanceUID": "1.5"}), ({"patientid": "9"}, {"SeriesInstanceUID": "1.5"})]
    assert [message[-17:] for *_, message in found(*rows)] == ["SeriesInstanceUID"]


def test_studies_of_one_patient_and_blanks_pass() -> None:
    assert (
        found(
            ({}, {"StudyInstanceUID": "1.2.3"}),
            ({}, {"StudyInstanceUID": "1.2.3"}),
            ({"patientid": "31"}, {"StudyInstanceUID": "1.2.4"}),
            ({"patientid": "32"}, {"StudyInstanceUID": ""}),
            ({"patientid": "33"}, {"StudyInstanceUID": ""}),
            ({"patientid": ""}, {"StudyInstanceUID": "1.2.3"}),
        )
        == []
    )
