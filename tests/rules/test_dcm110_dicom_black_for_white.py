"""Tests of DCM110."""

from __future__ import annotations

from typing import Any

from tests import build

from covidxr.filefacts import DicomFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM110", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM110", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM110", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("DCM110", build.dataset({}, files={path: made}))]


def test_black_for_white_is_told() -> None:
    assert messages(dicom=DicomFacts(photometric="MONOCHROME1")) == [
        "images/a.dcm is MONOCHROME1: its greatest values are black"
    ]


def test_other_pictures_pass() -> None:
    assert messages(dicom=DicomFacts(photometric="MONOCHROME2")) == []
    assert messages(dicom=DicomFacts(photometric="RGB")) == []
