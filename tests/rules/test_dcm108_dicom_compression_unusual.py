"""Tests of DCM108."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import DicomFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM108", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM108", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM108", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("DCM108", build.dataset({}, files={path: made}))]


@pytest.mark.parametrize(
    ("syntax", "bits"),
    [("1.2.840.10008.1.2.4.51", 12), ("1.2.840.10008.1.2.4.102", 8), ("1.2.3", 8)],
)
def test_what_is_not_decoded_here_is_reported(syntax: str, bits: int) -> None:
    assert messages(dicom=DicomFacts(syntax=syntax, bits_stored=bits)) == [
        f"images/a.dcm is compressed in a way that is not decoded here: {syntax}"
    ]


@pytest.mark.parametrize(
    ("syntax", "bits"),
    [("1.2.840.10008.1.2.1", 12), ("1.2.840.10008.1.2.4.51", 8), ("1.2.840.10008.1.2.4.90", 16)],
)
def test_what_is_decoded_passes(syntax: str, bits: int) -> None:
    assert messages(dicom=DicomFacts(syntax=syntax, bits_stored=bits)) == []


def test_a_file_without_a_picture_needs_no_decoder() -> None:
    assert messages(dicom=DicomFacts(syntax="1.2.3"), width=None, height=None) == []
    assert messages(dicom=DicomFacts()) == []
    assert messages() == []
