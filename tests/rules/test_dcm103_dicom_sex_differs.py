"""Tests of DCM103."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM103", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM103", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM103", build.from_text("finding\ntodo\n")) == []


def messages(row: dict[str, str], **tags: str) -> list[str]:
    """What is said of one row and the DICOM file that it names."""
    row = {"filename": "a.dcm", **row}
    facts = build.png("images/a.dcm", format="DICOM", tags=tuple(tags.items()))
    data = build.dataset(row, files={"images/a.dcm": facts})
    found = build.hits("DCM103", data)
    assert {(line, field) for line, field, _ in found} <= {(2, "sex")}
    return [message for *_, message in found]


@pytest.mark.parametrize(("sex", "said"), [("M", "F"), ("F", "M"), ("female", "M")])
def test_the_other_sex_is_reported(sex: str, said: str) -> None:
    assert messages({"sex": sex}, PatientSex=said) == [
        f"the sex is {sex}, but the file says {said}"
    ]


@pytest.mark.parametrize(
    ("sex", "said"), [("M", "M"), ("female", "F"), ("M", "O"), ("M", ""), ("", "F")]
)
def test_the_same_or_nothing_passes(sex: str, said: str) -> None:
    assert messages({"sex": sex}, PatientSex=said) == []
