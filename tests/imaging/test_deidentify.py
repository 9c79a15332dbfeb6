"""What becomes of a DICOM file: who it is of is gone, what belongs together stays together."""

from __future__ import annotations

import importlib.util
import io
import json
import random
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydicom.data import get_testdata_file
from pydicom.dataelem import RawDataElement
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import RLELossless
from tests import persons

from covidxr.imaging import deidentifyelements
from covidxr.imaging.deidentify import Deidentified, UncleanError, deidentify, pictures
from covidxr.imaging.deidentifycheck import check, note
from covidxr.imaging.deidentifyelements import Keys
from covidxr.imaging.dicompixels import frames_of, stored
from covidxr.imaging.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from covidxr.imaging.depth16 import Picture

# Nothing is fetched: the files that came with the two packages.
MORE = importlib.util.find_spec("data_store")
BUNDLED = sorted(
    path
    for folder in (
        Path(pydicom.__file__).parent / "data",
        *(Path(place) for place in (MORE.submodule_search_locations or [] if MORE else [])),
    )
    for path in folder.rglob("*")
    if path.is_file() and path.suffix not in {".py", ".pyc", ".json", ".txt", ".md"}
)


def refused(data: bytes) -> str:
    with pytest.raises(UncleanError) as error:
        deidentify(data, persons.SECRET)
    return error.value.reason


def test_the_same_file_and_secret_give_the_same_bytes_in_threads_too() -> None:
    data = persons.radiograph(StudyDate="20200301", OperatorsName="Doe^John")
    once = deidentify(data, persons.SECRET)
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: deidentify(data, persons.SECRET), range(12)))
    assert all(done == once for done in again)
    assert deidentify(data, bytes(32)).data != once.data
    assert deidentify(data, bytes(32)).patient != once.patient


def test_files_of_one_series_stay_together_and_say_nothing_of_what_they_were() -> None:
    first = deidentify(persons.radiograph(SOPInstanceUID="1.2.3.4.5"), persons.SECRET)
    second = deidentify(persons.radiograph(SOPInstanceUID="1.2.3.4.6"), persons.SECRET)
    assert (first.patient, first.study, first.series, first.shift_days) == (
        second.patient,
        second.study,
        second.series,
        second.shift_days,
    )
    assert first.instance != second.instance
    assert first.instance.startswith("2.25.")
    assert len(first.instance) <= 64
    for word in (b"4711-0815", b"Doe", b"1.2.3.4", b"Jane"):
        assert word not in first.data


def test_two_issuers_number_their_own_patients() -> None:
    one = deidentify(persons.radiograph(IssuerOfPatientID="North"), persons.SECRET)
    other = deidentify(persons.radiograph(IssuerOfPatientID="South"), persons.SECRET)
    assert one.patient != other.patient


def test_files_without_a_patient_are_not_taken_for_one_patients() -> None:
    one = deidentify(persons.radiograph(PatientID="", StudyInstanceUID="1.2.7"), persons.SECRET)
    same = deidentify(persons.radiograph(PatientID="  ", StudyInstanceUID="1.2.7"), persons.SECRET)
    other = deidentify(persons.radiograph(PatientID="", StudyInstanceUID="1.2.8"), persons.SECRET)
    assert one.patient == same.patient != other.patient
    assert one.problems[0].kind == "unnamed"


@given(
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    st.integers(0, 4000),
    st.text("0123456789abc", min_size=1, max_size=12),
)
def test_days_between_the_dates_of_a_patient_stay_the_same(
    first: date, days: int, patient: str
) -> None:
    second = first + timedelta(days=days)
    done = [
        deidentify(
            persons.radiograph(PatientID=patient, AcquisitionDate=day.strftime("%Y%m%d")),
            persons.SECRET,
        )
        for day in (first, second)
    ]
    before, after = (date.fromisoformat(each.acquired_on) for each in done)
    assert (after - before).days == days
    assert before != first
    assert (before - first).days == done[0].shift_days


def test_dates_in_sequences_move_with_the_others_and_times_of_day_go() -> None:
    inner = persons.item(
        InstanceCreationDate="20200310", ScheduledProcedureStepStartDateTime="202003120815"
    )
    data = persons.radiograph(
        StudyDate="20200301",
        StudyTime="081500",
        AcquisitionDateTime="20200302081500.5+0100",
        AnatomicRegionSequence=Sequence([inner]),
    )
    made = persons.read(deidentify(data, persons.SECRET).data)
    region = made.AnatomicRegionSequence[0]
    moved = [made.StudyDate, made.AcquisitionDateTime, region.InstanceCreationDate]
    days = [date.fromisoformat(each) for each in moved]
    assert [(day - days[0]).days for day in days] == [0, 1, 9]
    assert made.StudyTime == ""


@pytest.mark.parametrize("said", ["2020", "20200301-20200302", "20201301", "20200230"])
def test_what_is_no_day_is_blanked(said: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = deidentify(persons.radiograph(StudyDate=said), persons.SECRET)
    assert persons.read(done.data).StudyDate == ""
    assert done.acquired_on == ""


def test_the_birth_date_is_blanked_not_moved() -> None:
    done = deidentify(persons.radiograph(PatientBirthDate="19500102"), persons.SECRET)
    assert persons.read(done.data).PatientBirthDate == ""


@pytest.mark.parametrize(
    ("said", "years", "tag"),
    [
        ("063Y", "63", "063Y"),
        ("089Y", "89", "089Y"),
        ("090Y", "90", "090Y"),
        ("104Y", "90", "090Y"),
        ("030M", "2", "030M"),
        ("003D", "0", "003D"),
        ("63", "", None),
        ("", "", None),
    ],
)
def test_an_age_over_89_is_90(said: str, years: str, tag: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = deidentify(persons.radiograph(PatientAge=said, PatientSex="F"), persons.SECRET)
    assert done.age == years
    assert done.tags.get("PatientAge") == tag
    assert done.sex == done.tags["PatientSex"] == "F"
    made = persons.read(done.data)
    assert "PatientAge" not in made
    assert made.PatientSex == ""


def test_the_file_says_what_was_done_to_it() -> None:
    made = persons.read(deidentify(persons.radiograph(), persons.SECRET).data)
    assert made.PatientIdentityRemoved == "YES"
    assert made.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = [code.CodeValue for code in made.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113107"]
    assert 0 < len(made.DeidentificationMethod) <= 64


def test_the_head_of_the_file_is_new() -> None:
    made = persons.dataset()
    made.preamble = b"II*\0Doe Jane".ljust(128, b"!")
    made.file_meta.SourceApplicationEntityTitle = "NORTHHOSPITAL"
    made.file_meta.ImplementationVersionName = "NORTHPACS"
    made.file_meta.PrivateInformationCreatorUID = "1.2.7531"
    made.file_meta.PrivateInformation = b"Doe Jane"
    done = deidentify(persons.file(made), persons.SECRET)
    assert done.data[:128] == bytes(128)
    for word in (b"NORTH", b"Doe", b"1.2.7531"):
        assert word not in done.data
    assert persons.read(done.data).file_meta.MediaStorageSOPInstanceUID == done.instance


def test_private_elements_overlays_icons_and_unknown_elements_are_gone() -> None:
    made = persons.dataset()
    made.private_block(0x0009, "NORTH", create=True).add_new(1, "LO", "Doe Jane")
    made.add_new(0x60000010, "US", 3)
    made.add_new(0x60003000, "OW", b"Doe Jane")
    made.add_new(0x60001500, "LO", "Doe Jane")
    made.add_new(0x50003000, "OW", b"Doe Jane")
    made.add_new(0x00280007, "LO", "Doe Jane")
    made.add_new(0x00282000, "OB", b"Doe Jane")
    icon = persons.item(Rows=1, Columns=8)
    icon.add_new(0x7FE00010, "OB", b"Doe Jane")
    made.IconImageSequence = Sequence([icon])
    made.AnatomicRegionSequence = Sequence([icon])
    made.add_new(0xFFFCFFFC, "OB", b"Doe Jane")
    done = deidentify(persons.file(made), persons.SECRET)
    assert b"Doe" not in done.data
    assert not [each for each in persons.read(done.data) if each.tag.group in {0x9, 0x5000, 0x6000}]


def test_a_name_that_is_repeated_where_the_profile_does_not_look_is_taken_out_and_told() -> None:
    data = persons.radiograph(
        PatientName="Doe^Jane", Manufacturer="Scanner of JANE", BodyPartExamined="CHEST"
    )
    done = deidentify(data, persons.SECRET)
    assert b"JANE" not in done.data
    assert "Manufacturer" not in done.tags
    assert done.tags["BodyPartExamined"] == "CHEST"
    assert [problem.kind for problem in done.problems] == ["repeated"]
    assert "JANE" not in done.problems[0].message


def test_a_short_name_of_another_script_is_found_where_it_is_repeated() -> None:
    data = persons.radiograph(
        SpecificCharacterSet="ISO_IR 192",
        PatientName="Yamada^Tarou=山田^太郎",
        Manufacturer="機器 山田",
        ManufacturerModelName="山田山",
    )
    done = deidentify(data, persons.SECRET)
    assert "Manufacturer" not in done.tags
    assert done.tags["ManufacturerModelName"] == "山田山"


def test_free_text_names_and_times_go_where_the_profile_does_not_look() -> None:
    region = persons.item(CodeMeaning="chest", ExtendedCodeMeaning="seen by the window")
    data = persons.radiograph(
        CodingSchemeName="made by hand",
        PotentialReasonsForProcedure="fell from a horse",
        SecondaryReviewTime="081533",
        EvaluatorName="Li",
        ExpiryDate="20200301",
        AnatomicRegionSequence=Sequence([region]),
        ViewPosition="PA",
    )
    done = deidentify(data, persons.SECRET)
    made = persons.read(done.data)
    for word in (b"hand", b"horse", b"window", b"081533", b"20200301"):
        assert word in data
        assert word not in done.data
    assert made.EvaluatorName == ""
    assert made.AnatomicRegionSequence[0].CodeMeaning == "chest"
    assert done.view == "PA"


def test_elements_that_no_dictionary_knows_are_gone() -> None:
    made = persons.dataset()
    made.add_new(0x00287770, "LO", "of ward four")
    assert b"ward" not in deidentify(persons.file(made), persons.SECRET).data


def test_what_character_sets_are_called_says_nothing_afterwards() -> None:
    region = persons.item(SpecificCharacterSet="ISO_IR 100", CodeMeaning="Löwe")
    data = persons.radiograph(
        SpecificCharacterSet="ISO_IR 101", AnatomicRegionSequence=Sequence([region])
    )
    made = persons.read(deidentify(data, persons.SECRET).data)
    assert made.SpecificCharacterSet == "ISO_IR 192"
    assert "SpecificCharacterSet" not in made.AnatomicRegionSequence[0]
    assert made.AnatomicRegionSequence[0].CodeMeaning == "Löwe"


def test_what_was_not_cleaned_is_not_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deidentifyelements, "clean_elements", lambda *_: None)
    assert refused(persons.radiograph(InstitutionName="North")).endswith("there after cleaning")


def test_the_proof_looks_at_the_head_and_at_what_cannot_be_read() -> None:
    original = persons.dataset()
    done = deidentify(persons.file(original), persons.SECRET)
    keys = Keys(
        pseudonyms=Pseudonyms(persons.SECRET), patient=done.patient, shift_days=done.shift_days
    )
    made = persons.read(done.data)
    made.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    with pytest.raises(UncleanError, match="head"):
        check(made, note(original), keys)
    made = persons.read(done.data)
    made.preamble = b"Doe Jane".ljust(128)
    with pytest.raises(UncleanError, match="head"):
        check(made, note(original), keys)
    made = persons.read(done.data)
    tag = Tag(0x00200013)
    made._dict[tag] = RawDataElement(
        tag, "IS", 8, b"Doe Jane", 0, is_implicit_VR=False, is_little_endian=True
    )
    with pytest.raises(UncleanError, match="00200013 cannot be read"):
        check(made, note(original), keys)


def test_a_value_that_is_not_of_its_elements_kind_is_gone() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = persons.radiograph(
            PatientPosition="Mrs. Schmidt? Ward 4!",
            BodyPartExamined="Chest",
            Manufacturer="X-rays",
        )
        done = deidentify(data, persons.SECRET)
    assert b"Schmidt" not in done.data
    assert done.tags["BodyPartExamined"] == "Chest"


def test_the_kind_of_object_stays_known() -> None:
    made = persons.read(deidentify(persons.radiograph(), persons.SECRET).data)
    assert made.SOPClassUID == made.file_meta.MediaStorageSOPClassUID
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.1.1"


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"])
@pytest.mark.parametrize("kind", ["u2", "i2"])
@pytest.mark.parametrize(("bits", "high"), [(12, 11), (12, 13), (10, 15)])
def test_an_overlay_in_spare_bits_is_blanked_and_the_picture_is_not(
    syntax: str, kind: str, bits: int, high: int
) -> None:
    order = ">" if syntax.endswith("2.2") else "<"
    used = ((1 << bits) - 1) << (high + 1 - bits)
    picture = (np.arange(12).reshape(3, 4) * 331) << (high + 1 - bits) & used
    drawn = picture | ~used & 0xA55A
    made = persons.dataset(
        drawn.astype(np.uint16).view(np.int16 if kind == "i2" else np.uint16).astype(order + kind),
        syntax=syntax,
        BitsStored=bits,
        HighBit=high,
    )
    made.add_new(0x60000010, "US", 3)
    made.add_new(0x60000102, "US", 15)
    before = persons.file(made)
    after = persons.read(deidentify(before, persons.SECRET).data)
    stored = np.frombuffer(after.PixelData, order + "u2").reshape(3, 4)
    assert (stored & used == picture).all()
    spare = {int(each) for each in (stored & ~np.uint16(used) & 0xFFFF).ravel()}
    sign = 0xFFFF & ~((1 << (high + 1)) - 1)
    assert spare <= ({0, sign} if kind == "i2" else {0})
    if high == bits - 1:
        assert (after.pixel_array == persons.read(before).pixel_array).all()


def test_bytes_behind_the_pixels_are_gone() -> None:
    made = persons.dataset()
    made["PixelData"].value += b"Doe Jane"
    assert b"Doe" not in deidentify(persons.file(made), persons.SECRET).data


def test_texts_of_other_scripts_stay_readable() -> None:
    data = persons.radiograph(SpecificCharacterSet="ISO_IR 100", Manufacturer="Röntgen & Söhne")
    done = deidentify(data, persons.SECRET)
    assert done.tags["Manufacturer"] == "Röntgen & Söhne"


def test_the_words_in_compressed_frames_are_gone_and_the_pixels_are_not() -> None:
    pixels = np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", comment=b"Doe Jane", quality=95)
    made = persons.dataset(pixels, syntax="1.2.840.10008.1.2.4.50")
    made.PixelData = encapsulate([stream.getvalue()])
    made["PixelData"].is_undefined_length = True
    before = persons.file(made)
    assert b"Doe Jane" in before
    done = deidentify(before, persons.SECRET)
    assert b"Doe" not in done.data
    assert (persons.read(done.data).pixel_array == persons.read(before).pixel_array).all()


def test_compressed_pixels_are_the_same_when_unpacked() -> None:
    made = persons.dataset(np.arange(600, dtype="<u2").reshape(20, 30))
    expected = made.pixel_array.copy()
    made.compress(RLELossless, generate_instance_uid=False)
    done = deidentify(persons.file(made), persons.SECRET)
    assert (persons.read(done.data).pixel_array == expected).all()


def bundled(name: str) -> bytes:
    """A file that pydicom brings along."""
    path = get_testdata_file(name, download=False)
    assert path is not None
    return Path(str(path)).read_bytes()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("MR_small_RLE.dcm", "<i2"),
        ("MR_small_jpeg_ls_lossless.dcm", "<i2"),
        ("JPEGLSNearLossless_16.dcm", "<u2"),
        ("MR_small_jp2klossless.dcm", "<i2"),
        ("SC_rgb_jpeg_dcmtk.dcm", "u1"),
        ("SC_rgb_rle_16bit_2frame.dcm", "<u2"),
    ],
)
def test_every_kind_of_compression_is_unpacked_to_the_same_pixels(name: str, kind: str) -> None:
    before = bundled(name)
    after = deidentify(before, persons.SECRET).data
    frames = frames_of(before)
    assert frames == frames_of(after)
    assert isinstance(frames, int)
    for frame in range(frames):
        was, now = stored(before, frame), stored(after, frame)
        assert isinstance(was, np.ndarray)
        assert isinstance(now, np.ndarray)
        assert now.dtype == np.dtype(kind)
        assert (was == now).all()
    assert not persons.read(after).file_meta.TransferSyntaxUID.is_encapsulated


@pytest.mark.parametrize("name", ["MR_small_jpeg_ls_lossless.dcm", "JPEGLSNearLossless_08.dcm"])
def test_a_damaged_frame_ends_nothing_but_its_own_file(name: str) -> None:
    data = bundled(name)
    chance = random.Random(name)  # noqa: S311 - damage need not be secret
    cleaned = 0
    for _ in range(40):
        at = chance.randrange(len(data) * 3 // 4, len(data))
        damaged = data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]
        try:
            cleaned += bool(deidentify(damaged, persons.SECRET).data)
        except UncleanError:
            continue
    # Whoever reads this is still there; some damage changes pixels alone.
    assert cleaned


def test_what_cannot_be_cleaned_is_refused_with_a_reason_that_names_nobody() -> None:
    reasons = {
        "burnt": refused(persons.radiograph(BurnedInAnnotation="YES")),
        "face": refused(persons.radiograph(RecognizableVisualFeatures="YES")),
        "bytes": refused(b"no DICOM at all" * 20),
        "nothing": refused(b""),
        "unknown": refused(persons.radiograph().replace(b"10008.1.2.1\0", b"10008.1.2.8\0")),
        "cut": refused(persons.radiograph()[:-6]),
        "long": refused(persons.radiograph(NumberOfFrames=1 << 28)),
        "bomb": refused(persons.radiograph(Rows=60000, Columns=60000)),
    }
    made = persons.dataset(syntax="1.2.840.10008.1.2.4.102")
    made.PixelData = encapsulate([b"a film"])
    reasons["film"] = refused(persons.file(made))
    made = persons.dataset()
    del made.PixelData
    reasons["report"] = refused(persons.file(made))
    made.EncapsulatedDocument = b"%PDF-1.4"
    reasons["document"] = refused(persons.file(made))
    assert len(set(reasons.values())) == len(reasons) - 1  # bytes and nothing say the same
    assert not [reason for reason in reasons.values() if "Doe" in reason or "4711" in reason]


def test_a_short_secret_is_a_mistake_of_whoever_calls() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        deidentify(persons.radiograph(), b"short")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("PatientName", "Doe^Jane"),
        ("InstitutionName", "North"),
        ("StudyInstanceUID", "1.2.3"),
        ("StudyDate", "20200301"),
        ("StudyTime", "0815"),
        ("PatientComments", ""),
        ("ContentSequence", Sequence([persons.item(CodeMeaning="x")])),
        ("Manufacturer", "Jane"),
        ("ImageComments", "x"),
        ("PersonName", "x"),
        ("ICCProfile", b"profile."),
    ],
)
def test_the_proof_sees_what_the_cleaning_would_have_left(word: str, value: Any) -> None:
    original = persons.dataset(StudyDate="20200301")
    done = deidentify(persons.file(original), persons.SECRET)
    keys = Keys(
        pseudonyms=Pseudonyms(persons.SECRET), patient=done.patient, shift_days=done.shift_days
    )
    noted, made = note(original), persons.read(done.data)
    check(made, noted, keys)
    setattr(made, word, value)
    with pytest.raises(UncleanError, match=word):
        check(made, noted, keys)


def outcome(data: bytes) -> Deidentified | str:
    """What was given, or why nothing was."""
    try:
        return deidentify(data, persons.SECRET)
    except UncleanError as error:
        return error.reason


def outcome_of_pictures(data: bytes) -> list[Picture] | str:
    try:
        return pictures(data)
    except UncleanError as error:
        return error.reason


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.name)
def test_every_file_of_pydicom_is_cleaned_or_refused_with_a_reason(path: Path) -> None:
    data = path.read_bytes()
    done = outcome(data)
    assert done
    if isinstance(done, str):
        return
    json.dumps(done.tags)
    again = outcome(done.data)
    assert isinstance(again, Deidentified)
    assert again.tags.keys() <= done.tags.keys()
    assert outcome_of_pictures(done.data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        original = persons.read(data)
        words = ("PatientID", "PatientName", "StudyInstanceUID", "SOPInstanceUID")
        texts = [str(original.get(word) or "") for word in words]
    header = done.data.split(b"\xe0\x7f\x10\0")[0]
    assert not [said for said in texts if len(said) > 5 and said.encode() in header]


def test_most_files_of_pydicom_with_a_picture_are_cleaned() -> None:
    done = [outcome(path.read_bytes()) for path in BUNDLED if path.suffix == ".dcm"]
    refusals = {each for each in done if isinstance(each, str)}
    assert sum(isinstance(each, Deidentified) for each in done) > 100
    assert len(refusals) < 12


def test_a_damaged_file_is_cleaned_or_refused_and_names_nobody() -> None:
    chance = random.Random(6)  # noqa: S311 - damage, not a secret
    inner = persons.item(PersonName="Doe^Jane", CodeMeaning="chest")
    data = persons.radiograph(
        ReferringPhysicianName="Doe^John",
        StudyDate="20200301",
        AnatomicRegionSequence=Sequence([inner]),
    )
    header = data.index(b"\xe0\x7f\x10\0")
    outcomes = set()
    for _ in range(400):
        damaged = bytearray(data)
        for _ in range(chance.choice((1, 1, 3))):
            damaged[chance.randrange(132, header + 12)] = chance.randrange(256)
        done = outcome(bytes(damaged))
        outcomes.add(type(done))
        if isinstance(done, Deidentified):
            assert b"Doe" not in done.data
    assert outcomes == {str, Deidentified}
    for length in range(0, len(data), 37):
        assert isinstance(outcome(data[:length]), str)
