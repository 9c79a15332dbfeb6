"""Tests of PRV108."""

from __future__ import annotations

from typing import Any

from tests import build

from covidxr.filefacts import DicomFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV108", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV108", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV108", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("PRV108", build.dataset({}, files={path: made}))]


def test_the_reason_is_told() -> None:
    assert messages(dicom=DicomFacts(burnt_in="it is a digitised film")) == [
        "images/a.dcm may have text in the picture: it is a digitised film"
    ]


def test_without_a_reason_nothing_is_said() -> None:
    assert messages(dicom=DicomFacts()) == []
    assert messages() == []
