"""Tests of DCM111."""

from __future__ import annotations

from typing import Any

from tests import build

from covidxr.filefacts import DicomFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM111", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM111", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM111", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("DCM111", build.dataset({}, files={path: made}))]


def test_frames_in_images_are_reported() -> None:
    assert messages(dicom=DicomFacts(frames=1200)) == ["images/a.dcm has 1,200 frames"]


def test_one_frame_and_volumes_pass() -> None:
    assert messages(dicom=DicomFacts(frames=1)) == []
    assert messages(dicom=DicomFacts(frames=64), path="volumes/a.dcm") == []
