"""Tests of DCM105."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM105", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM105", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM105", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("DCM105", build.dataset({}, files={path: made}))]


@pytest.mark.parametrize("part", ["KNEE", "skull", "BREAST"])
def test_another_part_is_reported(part: str) -> None:
    assert messages(tags=(("BodyPartExamined", part),)) == [
        f"images/a.dcm shows another part of the body: BodyPartExamined {part.upper()}"
    ]


@pytest.mark.parametrize("part", ["CHEST", "THORAX", "", "ABDOMEN", "TSPINE", "LUNG", "WHOLEBODY"])
def test_the_chest_and_what_is_beside_it_pass(part: str) -> None:
    assert messages(tags=(("BodyPartExamined", part),)) == []


def test_the_row_that_names_the_file_is_reported() -> None:
    facts = build.png("images/a.dcm", format="DICOM", tags=(("BodyPartExamined", "KNEE"),))
    data = build.dataset({}, {"filename": "a.dcm"}, files={"images/a.dcm": facts})
    assert [(line, field) for line, field, _ in build.hits("DCM105", data)] == [(3, "filename")]
