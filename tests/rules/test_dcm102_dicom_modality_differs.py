"""Tests of DCM102."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM102", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM102", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM102", build.from_text("finding\ntodo\n")) == []


def messages(row: dict[str, str], **tags: str) -> list[str]:
    """What is said of one row and the DICOM file that it names."""
    row = {"filename": "a.dcm", **row}
    facts = build.png("images/a.dcm", format="DICOM", tags=tuple(tags.items()))
    data = build.dataset(row, files={"images/a.dcm": facts})
    found = build.hits("DCM102", data)
    assert {(line, field) for line, field, _ in found} <= {(2, "modality")}
    return [message for *_, message in found]


@pytest.mark.parametrize(
    ("modality", "said"), [("X-ray", "CT"), ("CT", "DX"), ("CT", "CR"), ("X-ray", "MR")]
)
def test_another_modality_is_reported(modality: str, said: str) -> None:
    assert messages({"modality": modality}, Modality=said) == [
        f"the modality is {modality}, but the file's is {said}"
    ]


@pytest.mark.parametrize(
    ("modality", "said"),
    [("X-ray", "DX"), ("X-ray", "cr"), ("CT", "CT"), ("X-ray", "OT"), ("CT", ""), ("film", "CT")],
)
def test_the_same_or_nothing_passes(modality: str, said: str) -> None:
    assert messages({"modality": modality}, Modality=said) == []
