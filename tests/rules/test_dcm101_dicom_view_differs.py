"""Tests of DCM101."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM101", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM101", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM101", build.from_text("finding\ntodo\n")) == []


def messages(row: dict[str, str], **tags: str) -> list[str]:
    """What is said of one row and the DICOM file that it names."""
    row = {"filename": "a.dcm", **row}
    facts = build.png("images/a.dcm", format="DICOM", tags=tuple(tags.items()))
    data = build.dataset(row, files={"images/a.dcm": facts})
    found = build.hits("DCM101", data)
    assert {(line, field) for line, field, _ in found} <= {(2, "view")}
    return [message for *_, message in found]


@pytest.mark.parametrize(
    ("view", "tags", "said"),
    [
        ("PA", {"ViewPosition": "LL"}, "ViewPosition LL"),
        ("PA", {"ViewPosition": "AP"}, "ViewPosition AP"),
        ("AP Supine", {"ViewPosition": "pa", "Modality": "DX"}, "ViewPosition PA"),
        ("L", {"ViewPosition": "PA"}, "ViewPosition PA"),
        ("lateral", {"ViewPosition": "AP"}, "ViewPosition AP"),
        ("L", {"PatientOrientation": "L\\F"}, "PatientOrientation L/F"),
        ("PA", {"PatientOrientation": "A\\F"}, "PatientOrientation A/F"),
        (
            "Coronal",
            {"Modality": "CT", "ImageOrientationPatient": "1\\0\\0\\0\\1\\0"},
            "an ImageOrientationPatient that is Axial",
        ),
        (
            "Axial",
            {"Modality": "CT", "ImageOrientationPatient": "1\\0\\0\\0\\0\\-1"},
            "an ImageOrientationPatient that is Coronal",
        ),
    ],
)
def test_another_view_is_reported(view: str, tags: dict[str, str], said: str) -> None:
    assert messages({"view": view}, **tags) == [f"the view is {view}, but the file says {said}"]


@pytest.mark.parametrize(
    ("view", "tags"),
    [
        ("PA", {"ViewPosition": "PA", "PatientOrientation": "A\\F"}),
        ("AP", {"ViewPosition": "AP"}),
        ("AP Supine", {"ViewPosition": "AP"}),
        ("L", {"ViewPosition": "LL"}),
        ("L", {"ViewPosition": "LATERAL"}),
        ("AP", {"ViewPosition": "LLD"}),
        ("PA", {"ViewPosition": "", "PatientOrientation": "L\\F"}),
        ("PA", {"PatientOrientation": "F\\L"}),
        ("PA", {"PatientOrientation": "L"}),
        ("", {"ViewPosition": "PA"}),
        ("sideways", {"ViewPosition": "PA"}),
        ("Axial", {"Modality": "CT", "ImageOrientationPatient": "1\\0\\0\\0\\0.98\\0.2"}),
        ("Coronal", {"Modality": "CT", "ImageOrientationPatient": "1\\0\\0\\0\\0.7\\0.7"}),
        (
            "Axial",
            {
                "Modality": "CT",
                "ImageType": "ORIGINAL\\PRIMARY\\LOCALIZER",
                "ImageOrientationPatient": "1\\0\\0\\0\\0\\-1",
            },
        ),
        ("Axial", {"Modality": "CT", "ImageOrientationPatient": ""}),
        ("Axial", {"Modality": "CT", "ViewPosition": "AP"}),
    ],
)
def test_what_fits_or_says_nothing_passes(view: str, tags: dict[str, str]) -> None:
    modality = {"modality": "CT"} if tags.get("Modality") == "CT" else {}
    assert messages({"view": view, **modality}, **tags) == []
