"""The tags that are kept beside a picture."""

from __future__ import annotations

import json

from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from pydicom.datadict import tag_for_keyword
from tests import persons

from covidxr.imaging.deidentify import deidentify
from covidxr.imaging.safetags import KEPT


def test_no_tag_that_is_kept_stands_in_the_table_of_the_profile() -> None:
    named = {(tag[0] << 16) | tag[1] for tag in table.ALL_TAGS}
    assert [word for word in KEPT if tag_for_keyword(word) in named] == []
    assert [word for word in KEPT if tag_for_keyword(word) is None] == []


def test_numbers_stay_numbers_and_lists_stay_lists() -> None:
    data = persons.radiograph(
        PixelSpacing=["0.14", "0.15"],
        KVP="120",
        Exposure="5",
        WindowCenter="2048.5",
        ImageType=["ORIGINAL", "PRIMARY"],
        ViewPosition="PA",
        PatientOrientation=["L", "F"],
        SliceThickness="",
    )
    tags = deidentify(data, persons.SECRET).tags
    assert tags["PixelSpacing"] == [0.14, 0.15]
    assert (tags["KVP"], tags["Exposure"], tags["WindowCenter"]) == (120.0, 5, 2048.5)
    assert tags["ImageType"] == ["ORIGINAL", "PRIMARY"]
    assert tags["PatientOrientation"] == ["L", "F"]
    assert (tags["Rows"], tags["BitsStored"]) == (3, 16)
    assert "SliceThickness" not in tags
    assert json.loads(json.dumps(tags)) == tags


def test_nothing_that_names_or_dates_is_among_them() -> None:
    data = persons.radiograph(
        StudyDate="20200301", StationName="NORTH1", DeviceSerialNumber="12345"
    )
    said = json.dumps(deidentify(data, persons.SECRET).tags)
    assert not [word for word in ("Doe", "4711", "NORTH", "12345", "1.2.3", "Date") if word in said]
