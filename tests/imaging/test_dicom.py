"""What `covidxr.imaging.examine` keeps of a DICOM header: facts, spacing, identity, writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)
from tests.dicoms import RAMP, dicom, items, picture, written

from covidxr.imaging import dicomfile
from covidxr.imaging.examine import examine, examine_header
from covidxr.model import ImageDepth, ImageFacts

if TYPE_CHECKING:
    from pydicom.uid import UID

    from covidxr.filefacts import DicomFacts

STRUCTURE, HEADER, FULL = ImageDepth.STRUCTURE, ImageDepth.HEADER, ImageDepth.FULL


def look(data: bytes, depth: ImageDepth = STRUCTURE) -> ImageFacts:
    return examine("images/a.dcm", data, depth)


def facts(depth: ImageDepth = STRUCTURE, **elements: Any) -> DicomFacts:
    found = look(dicom(**elements), depth).dicom
    assert found is not None
    return found


@pytest.mark.parametrize("depth", [HEADER, STRUCTURE, FULL])
def test_what_the_header_says_of_the_pixels_is_kept(depth: ImageDepth) -> None:
    data = dicom(BitsStored=12, HighBit=11, PhotometricInterpretation="MONOCHROME1")
    found = look(data, depth)
    assert found.dicom is not None
    assert (found.bits, found.frames, found.problems) == (16, 1, ())
    assert (found.dicom.bits_stored, found.dicom.photometric) == (12, "MONOCHROME1")
    assert found.dicom.syntax == "1.2.840.10008.1.2.1"


def test_frames_are_counted() -> None:
    found = look(dicom(RAMP.reshape(5, 5, 4)))
    assert found.dicom is not None
    assert (found.frames, found.dicom.frames) == (5, 5)


def test_an_element_that_is_no_number_spoils_no_other() -> None:
    found = look(dicom(BitsStored=12, HighBit=11, PixelSpacing=["0.2", "0.2"], PatientAge="045Y"))
    damaged = dicom(PixelSpacing=["0.20", "0.20"]).replace(b"0.20\\0.20", b"0.2x\\0.20")
    other = look(damaged)
    assert found.dicom is not None
    assert found.dicom.spacing == (0.2, 0.2)
    assert ("PatientAge", "045Y") in found.tags
    assert other.dicom is not None
    assert (other.dicom.spacing, other.dicom.bits_stored, other.width) == (None, 16, 10)


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({}, (None, "", None)),
        ({"PixelSpacing": [0.2, 0.3]}, ((0.2, 0.3), "PixelSpacing", None)),
        ({"PixelSpacing": [0.2, 0.3], "Modality": "CT"}, ((0.2, 0.3), "PixelSpacing", True)),
        (
            {"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2], "Modality": "DX"},
            ((0.2, 0.2), "PixelSpacing", False),
        ),
        (
            {"PixelSpacing": [0.18, 0.18], "ImagerPixelSpacing": [0.2, 0.2], "Modality": "DX"},
            ((0.18, 0.18), "PixelSpacing", True),
        ),
        (
            {"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"},
            ((0.2, 0.2), "PixelSpacing", True),
        ),
        ({"ImagerPixelSpacing": [0.15, 0.15]}, ((0.15, 0.15), "ImagerPixelSpacing", False)),
        (
            {"NominalScannedPixelSpacing": [0.1, 0.1]},
            ((0.1, 0.1), "NominalScannedPixelSpacing", False),
        ),
        (
            {"PixelSpacing": [0, 0.3], "ImagerPixelSpacing": [1, 1]},
            ((1, 1), "ImagerPixelSpacing", False),
        ),
        ({"PixelSpacing": [0.2]}, (None, "", None)),
    ],
)
@pytest.mark.parametrize("depth", [HEADER, STRUCTURE])
def test_spacing_is_the_patients_only_where_the_file_says_so(
    elements: dict[str, Any], expected: tuple[Any, str, bool | None], depth: ImageDepth
) -> None:
    found = facts(depth, **elements)
    assert (found.spacing, found.spacing_from, found.calibrated) == expected


@pytest.mark.parametrize("shared", [True, False])
def test_spacing_of_a_multi_frame_file_stands_in_its_functional_groups(*, shared: bool) -> None:
    groups = items({"PixelMeasuresSequence": items({"PixelSpacing": [0.7, 0.7]})})
    name = f"{'Shared' if shared else 'PerFrame'}FunctionalGroupsSequence"
    assert facts(Modality="CT", **{name: groups}).spacing == (0.7, 0.7)


def test_elements_that_the_profile_takes_away_are_named_in_the_order_of_their_tags() -> None:
    found = facts(
        PatientName="Doubtful^Dora",
        InstitutionName="Phantom Hospital",
        Rows=10,
        KVP="120",
        BodyPartExamined="CHEST",
        AccessionNumber="A1",
    )
    assert found.identity == ("AccessionNumber", "InstitutionName", "PatientName")
    assert found.private == 0


@pytest.mark.parametrize(
    "value", ["", "ANONYMOUS", "Anonymized^^", "REMOVED", "XXXX", "0000", "de-identified", "N/A"]
)
def test_what_says_nothing_is_no_identity(value: str) -> None:
    assert facts(PatientName=value, PatientID=value, OperatorsName=value).identity == ()


def test_days_that_stand_for_none_are_no_identity() -> None:
    assert facts(PatientBirthDate="19000101", StudyTime="000000").identity == ()
    assert facts(PatientBirthDate="19560312").identity == ("PatientBirthDate",)


def test_unique_identifiers_are_no_identity() -> None:
    referenced = items({"ReferencedSOPInstanceUID": "1.2.3.4", "ReferencedSOPClassUID": "1.2"})
    assert facts(StudyInstanceUID="1.2.3", ReferencedStudySequence=referenced).identity == ()


VALUES = {
    **dict.fromkeys(("LO", "SH", "LT", "ST", "UT", "UC", "PN", "AE", "UR", "CS"), "TELLING"),
    "DA": "19560312",
    "TM": "101500",
    "DT": "19560312101500",
    "AS": "045Y",
    "IS": "7",
    "DS": "7.5",
    "US": 7,
    "UL": 7,
    "SS": 7,
    "SL": 7,
    "FL": 7.5,
    "FD": 7.5,
    **dict.fromkeys(("OB", "OW", "UN", "OF", "OD", "OL", "OV"), b"telling!"),
}


def test_each_element_of_the_profiles_table_is_found() -> None:
    identifiers = {*table.U_TAGS, *table.X_Z_U_STAR_TAGS}
    made, expected = picture(RAMP), set()
    for tag in table.ALL_TAGS:
        known = len(tag) == 2 and dictionary_has_tag(tag)
        kind = dictionary_VR(tag).split()[0] if known else ""
        if tag in identifiers or kind not in VALUES:
            continue
        if tag[0] not in {0x0002, 0x0028, 0x7FE0, 0xFFFC, 0xFFFA}:
            made.add_new(tag, kind, VALUES[kind])
            expected.add(keyword_for_tag(tag))
    found = look(written(made)).dicom
    assert found is not None
    assert set(found.identity) == expected
    assert len(expected) > 400
    # One that the library's dictionary does not know yet is told by its number.
    made.add_new(0x0040B034, "LO", "TELLING")
    newer = look(written(made)).dicom
    assert newer is not None
    assert set(newer.identity) - expected == {"(0040,B034)"}
    del made[0x0040B034]
    # Not one of them is told by a file that has them all, but empty.
    for tag in list(made.keys()):
        if keyword_for_tag(tag) in expected:
            made[tag].value = None
    emptied = look(written(made)).dicom
    assert emptied is not None
    assert emptied.identity == ()


def test_identity_inside_sequences_is_found() -> None:
    inner = items({"PersonName": "Doubtful^Dora"})
    # Listed itself, with what is in it; not listed, but what is in it is.
    assert facts(RequestAttributesSequence=inner).identity == ("RequestAttributesSequence",)
    assert facts(PixelMeasuresSequence=inner).identity == ("PersonName",)


def test_overlays_are_named_whatever_their_number() -> None:
    made = picture(RAMP)
    made.add_new(0x60023000, "OW", b"\1\2\3\4")
    found = look(written(made)).dicom
    assert found is not None
    assert found.identity == ("OverlayData",)


@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_private_elements_are_counted_without_their_creators(syntax: UID | None) -> None:
    made = picture(RAMP)
    block = made.private_block(0x0019, "ACME", create=True)
    block.add_new(1, "LO", "whatever")
    block.add_new(2, "LO", "")
    inner = pydicom.Dataset()
    inner.private_block(0x0021, "ACME", create=True).add_new(1, "LO", "deep")
    made.PixelMeasuresSequence = pydicom.Sequence([inner])
    # Behind the pixel data.
    made.private_block(0x7FE1, "ACME", create=True).add_new(1, "LO", "late")
    found = look(written(made, syntax) if syntax else written(made)).dicom
    assert found is not None
    assert found.private == 4


def test_people_are_not_looked_for_in_a_header_scan() -> None:
    assert facts(HEADER, PatientName="Doubtful^Dora").identity == ()


@pytest.mark.parametrize(
    ("elements", "why"),
    [
        ({}, ""),
        ({"BurnedInAnnotation": "YES"}, "BurnedInAnnotation says YES"),
        ({"RecognizableVisualFeatures": "YES"}, "RecognizableVisualFeatures says YES"),
        ({"Modality": "US"}, "it is ultrasound"),
        ({"Modality": "US", "BurnedInAnnotation": "NO"}, ""),
        ({"ConversionType": "DF"}, "it is a digitised film"),
        ({"ConversionType": "DRW"}, ""),
        ({"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]}, "it is a saved screen"),
        ({"SOPClassUID": SecondaryCaptureImageStorage}, "it is a secondary capture"),
    ],
)
def test_tags_that_make_writing_likely_are_told(elements: dict[str, Any], why: str) -> None:
    assert facts(**elements).burnt_in == why


def test_a_deflated_file_is_checked_like_any_other() -> None:
    data = dicom(syntax=DeflatedExplicitVRLittleEndian, PatientName="Doubtful^Dora")
    found = look(data, FULL)
    assert (found.width, found.problems) == (10, ())
    assert found.dicom is not None
    assert found.dicom.syntax == DeflatedExplicitVRLittleEndian
    assert found.dicom.identity == ("PatientName",)
    cut = look(data[:-20], FULL)
    assert [problem.kind for problem in cut.problems] == ["truncated"]


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicomfile, "MOST_INFLATED", 300)
    found = look(dicom(syntax=DeflatedExplicitVRLittleEndian))
    assert [problem.message for problem in found.problems] == [
        "its data set unpacks to more than 300 bytes"
    ]


def test_the_beginning_of_a_file_tells_nearly_all() -> None:
    data = dicom(PixelSpacing=[0.2, 0.2], Modality="CT", StudyDate="20200304")
    found = examine_header("a", data[:-150], len(data))
    assert found.dicom is not None
    assert (found.dicom.calibrated, found.problems) == (True, ())
    assert ("StudyDate", "20200304") in found.tags
