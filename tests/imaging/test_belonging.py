"""Where a DICOM file belongs, by its tags."""

from __future__ import annotations

import pytest
from tests import contribution

from covidxr.imaging import belonging
from covidxr.imaging.belonging import UnplacedError, look


def test_patient_study_series_and_place_are_read() -> None:
    seen = look(
        contribution.dicom(
            PatientID=" 12 ",
            IssuerOfPatientID="North",
            Modality="CT",
            ImagePositionPatient=[0, 1.5, 2],
            NumberOfFrames=3,
        )
    )
    assert (seen.patient, seen.issuer, seen.modality, seen.frames) == ("12", "North", "CT", 3)
    assert seen.position == "0.0\\1.5\\2.0"
    assert seen.study
    assert seen.series
    assert not seen.directory


def test_what_is_not_said_is_empty() -> None:
    seen = look(contribution.dicom(PatientID="", NumberOfFrames=0))
    assert (seen.patient, seen.issuer, seen.position, seen.frames) == ("", "", "", 1)


def test_a_file_that_inflates_without_end_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(belonging, "MOST_INFLATED", 8 << 20)
    assert look(contribution.deflated(4 << 20)).patient == ""
    bomb = contribution.deflated(64 << 20)
    assert len(bomb) < 100_000
    with pytest.raises(UnplacedError, match="unpacks to more than"):
        look(bomb)


def test_damage_is_told_without_a_word_of_the_file() -> None:
    data = contribution.dicom()
    told = []
    for cut in range(132, len(data), 97):
        try:
            look(data[:cut])
        except UnplacedError as error:
            told.append(str(error))
    assert all(word not in each for each in told for word in contribution.IDENTITY)
