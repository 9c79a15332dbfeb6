"""Tests of PRV107."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import DicomFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV107", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV107", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV107", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("PRV107", build.dataset({}, files={path: made}))]


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 private element"), (1234, "1,234 private elements")]
)
def test_private_elements_are_counted(count: int, said: str) -> None:
    assert messages(dicom=DicomFacts(private=count)) == [f"images/a.dcm has {said}"]


def test_a_file_without_them_passes() -> None:
    assert messages(dicom=DicomFacts()) == []
    assert messages() == []
