"""Tests of DCM104."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM104", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM104", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM104", build.from_text("finding\ntodo\n")) == []


def messages(row: dict[str, str], **tags: str) -> list[str]:
    """What is said of one row and the DICOM file that it names."""
    row = {"filename": "a.dcm", **row}
    facts = build.png("images/a.dcm", format="DICOM", tags=tuple(tags.items()))
    data = build.dataset(row, files={"images/a.dcm": facts})
    found = build.hits("DCM104", data)
    assert {(line, field) for line, field, _ in found} <= {(2, "age")}
    return [message for *_, message in found]


@pytest.mark.parametrize(
    ("age", "said"),
    [("45", "054Y"), ("45", "043Y"), ("2", "006M"), ("90", "070Y")],
)
def test_another_age_is_reported(age: str, said: str) -> None:
    assert messages({"age": age}, PatientAge=said) == [
        f"the age is {age}, but the file says {said}"
    ]


@pytest.mark.parametrize(
    ("age", "said"),
    [
        ("45", "045Y"),
        ("45", "046Y"),
        ("45", "044Y"),
        ("1", "024M"),
        ("90", "097Y"),
        ("90", "089Y"),
        ("45", ""),
        ("45", "Y45"),
        ("", "045Y"),
        ("fifty", "010Y"),
    ],
)
def test_a_year_more_or_less_passes(age: str, said: str) -> None:
    assert messages({"age": age}, PatientAge=said) == []
