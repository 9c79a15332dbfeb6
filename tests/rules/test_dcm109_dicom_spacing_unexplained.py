"""Tests of DCM109."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import DicomFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("DCM109", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("DCM109", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("DCM109", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("DCM109", build.dataset({}, files={path: made}))]


def test_spacing_that_nothing_explains_is_reported() -> None:
    facts = DicomFacts(spacing=(0.14, 0.14), spacing_from="PixelSpacing")
    assert messages(dicom=facts) == [
        (
            "images/a.dcm has a PixelSpacing without saying whether it is the detector's or the "
            "patient's"
        )
    ]


@pytest.mark.parametrize("calibrated", [True, False])
def test_spacing_that_is_explained_passes(*, calibrated: bool) -> None:
    facts = DicomFacts(spacing=(0.1, 0.1), spacing_from="PixelSpacing", calibrated=calibrated)
    assert messages(dicom=facts) == []
    assert messages(dicom=DicomFacts()) == []
