"""Tests of PRV106."""

from __future__ import annotations

from typing import Any

import pytest
from tests import build

from covidxr.filefacts import DicomFacts


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV106", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV106", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV106", build.from_text("finding\ntodo\n")) == []


def messages(**facts: Any) -> list[str]:
    """What is said of a DICOM file that no row names."""
    path = facts.pop("path", "images/a.dcm")
    made = build.png(path, format="DICOM", **facts)
    return [message for *_, message in build.hits("PRV106", build.dataset({}, files={path: made}))]


def test_elements_are_named_and_not_what_they_say() -> None:
    facts = DicomFacts(identity=("AccessionNumber", "InstitutionName", "StudyDate", "PatientSex"))
    assert messages(dicom=facts, tags=(("InstitutionName", "Phantom Hospital"),)) == [
        "images/a.dcm was not de-identified: AccessionNumber, InstitutionName"
    ]


def test_of_many_elements_some_are_named() -> None:
    facts = DicomFacts(identity=tuple(f"Element{number}" for number in range(11)))
    assert messages(dicom=facts)[0].endswith("Element6, Element7 and 3 more")


@pytest.mark.parametrize(
    "word", ["PatientAge", "SeriesDate", "AcquisitionTime", "AcquisitionDateTime", "PatientName"]
)
def test_what_the_table_publishes_and_what_another_rule_reports_passes(word: str) -> None:
    assert messages(dicom=DicomFacts(identity=(word,))) == []


def test_a_file_that_was_de_identified_passes() -> None:
    facts = DicomFacts(identity=("StudyDescription",))
    assert messages(dicom=facts, tags=(("PatientIdentityRemoved", "YES"),)) == []
    assert messages(dicom=facts, tags=(("PatientIdentityRemoved", "NO"),)) != []
