"""`covidxr ingest` from the shell to the disk, and on to the review and the table."""

from __future__ import annotations

import io
import json
import os
import zipfile
from typing import TYPE_CHECKING, Any

import jsonschema
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests import build, contribution
from tests.scraping import Said

from covidxr import ingestclean
from covidxr.casefile import SCHEMA
from covidxr.cli import output
from covidxr.cli.app import main
from covidxr.ingesting import UnfitError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TERMS = ("--contributor", "Klinik Nord", "--licence", "CC-BY-4.0", "--credit", "Klinik Nord, 2026")


class Scene:
    """A collection, a folder that somebody sent, and the command line between them."""

    def __init__(self, top: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.sent, self._capsys = top / "collection", top / "sent", capsys
        self.root.mkdir()
        self.sent.mkdir()
        (self.root / "images").mkdir()
        (self.root / "volumes").mkdir()
        (self.root / "metadata.csv").write_text(build.csv_text([]))

    def send(self, files: Mapping[str, bytes]) -> Path:
        for name, data in files.items():
            path = self.sent / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return self.sent

    def run(self, *argv: str) -> Said:
        self._capsys.readouterr()
        code = main([*argv, "--root", str(self.root)])
        output.display.colour, output.display.quiet = "auto", False
        out, err = self._capsys.readouterr()
        return Said(code=code, out=out, err=err)

    def ingest(self, *argv: str) -> Said:
        return self.run("ingest", str(self.sent), *argv)

    def told(self, *argv: str) -> dict[str, Any]:
        told: dict[str, Any] = self.ingest(*argv, "--format", "json").json
        return told

    def files(self) -> dict[str, bytes]:
        """Every file below the collection's own work folder, whatever it is."""
        top = self.root / ".covidxr"
        return {
            path.relative_to(top).as_posix(): path.read_bytes()
            for path in sorted(top.rglob("*"))
            if path.is_file()
        }

    def records(self) -> list[dict[str, Any]]:
        found = []
        for name, body in self.files().items():
            if name.endswith("/case.json"):
                record = json.loads(body)
                jsonschema.validate(record, SCHEMA)
                found.append(record)
        return found

    def record(self) -> dict[str, Any]:
        (record,) = self.records()
        return record

    def beside(self, record: dict[str, Any], name: str) -> bytes:
        return self.files()[f"candidates/ingest/{record['id']}/{name}"]


@pytest.fixture
def scene(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Scene:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(ingestclean, "cleaning", contribution.cleaning)
    return Scene(tmp_path, capsys)


def outcomes(told: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["outcome"] for each in told["files"]}


def reasons(told: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["reason"] for each in told["files"]}


def test_what_is_sent_can_be_reviewed_and_accepted_and_makes_a_clean_table(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom()})
    said = scene.ingest(*TERMS)
    assert said.code == 0, said.err
    assert "1 new candidate with 1 image" in said.out

    (listed,) = scene.run("review", "--list", "--format", "json").json["images"]
    assert listed["state"] == "waiting"
    accepted = scene.run(
        "accept",
        listed["id"],
        "--set",
        "finding=Pneumonia/Viral/COVID-19",
        "--set",
        "url=https://example.org/klinik-nord",
    )
    assert accepted.code == 0, accepted.err

    dataset = build.from_text((scene.root / "metadata.csv").read_bytes())
    row = dataset.row(0)
    assert (row["sex"], row["age"], row["view"], row["modality"]) == ("F", "54", "PA", "X-ray")
    assert (row["license"], row["other_notes"]) == ("CC-BY-4.0", "Klinik Nord, 2026")
    assert row["date"] == ""
    checked = scene.run("validate", "--format", "concise")
    assert checked.code == 0, checked.out


@pytest.mark.parametrize("depth", ["8", "16"])
def test_a_radiograph_lies_there_with_all_its_bits_a_viewing_copy_and_its_safe_tags(
    scene: Scene, depth: str
) -> None:
    scene.send({"a.dcm": contribution.dicom()})
    scene.ingest("--depth", depth, *TERMS)
    record = scene.record()
    (image,) = record["images"]
    (row_file,) = image["files"]
    other = image["extra"]["picture_16_bit" if depth == "8" else "picture_8_bit"]
    deep, plain = (other, row_file["name"]) if depth == "8" else (row_file["name"], other)
    from pydicom import dcmread

    was = dcmread(io.BytesIO(contribution.dicom())).pixel_array
    with Image.open(io.BytesIO(scene.beside(record, deep))) as shown:
        assert np.array_equal(np.asarray(shown), was)
    with Image.open(io.BytesIO(scene.beside(record, plain))) as shown:
        assert shown.mode == "L"
    tags = json.loads(scene.beside(record, image["extra"]["tags"]))
    assert tags["tags"]["ViewPosition"] == "PA"
    assert tags["numbers"] == {"slope": 1, "offset": 0}


def test_nothing_of_who_it_is_lies_below_the_collection(scene: Scene) -> None:
    scene.send(
        {
            f"{contribution.PATIENT}/{contribution.NAME}.dcm": contribution.dicom(),
            f"{contribution.NAME}.jpg": contribution.jpeg(),
            f"{contribution.NAME}.png": contribution.png(),
            f"{contribution.NAME}.nii.gz": contribution.nifti(),
        }
    )
    assert scene.ingest(*TERMS).code == 0
    kept = scene.files()
    assert sum(name.endswith("case.json") for name in kept) == 4
    for name, data in kept.items():
        held = data + name.encode()
        if name.endswith(".gz"):
            import gzip

            held += gzip.decompress(data)
        for word in contribution.IDENTITY:
            assert word.encode() not in held, (name, word)
    assert [path.name for path in scene.root.iterdir() if path.is_file()] == ["metadata.csv"]


def test_a_series_becomes_one_volume_that_can_be_accepted(scene: Scene) -> None:
    scene.send({f"ct/{at}": data for at, data in enumerate(contribution.slices())})
    told = scene.told(*TERMS)
    assert set(outcomes(told).values()) == {"candidate"}
    record = scene.record()
    (image,) = record["images"]
    assert image["folder"] == "volumes"
    assert image["draft"]["modality"] == "CT"
    assert image["files"][0]["format"] == "NIFTI.GZ"
    id_ = f"ingest/{record['id']}/{image['files'][0]['name']}"
    done = scene.run("accept", id_, "--set", "finding=Pneumonia/Viral/COVID-19")
    assert done.code == 0, done.err
    assert len(list((scene.root / "volumes").iterdir())) == 1


def test_a_series_of_two_stacks_becomes_two_volumes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def halves(files: Any) -> Any:
        one = contribution.cleaning().series
        return [*one(files[:2]), *one(files[2:])]

    monkeypatch.setattr(ingestclean, "cleaning", lambda: contribution.cleaning(series=halves))
    scene.send({f"ct/{at}": data for at, data in enumerate(contribution.slices())})
    scene.send({"x/x.dcm": contribution.dicom()})
    told = scene.told(*TERMS)
    assert reasons(told)["sent/ct/0"] == "image 1 and 2"
    assert reasons(told)["sent/x/x.dcm"] == "image 3"
    images = scene.record()["images"]
    assert [image["folder"] for image in images] == ["volumes", "volumes", "images"]
    assert len({file["name"] for image in images for file in image["files"]}) == 3


def test_one_slice_that_cannot_be_cleaned_holds_its_series_back_and_is_named(
    scene: Scene,
) -> None:
    files = {f"ct/{at}": data for at, data in enumerate(contribution.slices())}
    scene.send(files)
    (scene.sent / "ct" / "2").write_bytes(contribution.slices(3, BurnedInAnnotation="YES")[2])
    told = scene.told(*TERMS)
    assert set(outcomes(told).values()) == {"quarantined"}
    assert reasons(told)["sent/ct/0"] == (
        "a slice of its series of 4, sent/ct/2: words are burnt into its picture"
    )


def test_files_of_one_patient_are_one_case_and_of_another_contributor_another(
    scene: Scene,
) -> None:
    scene.send(
        {
            "a.dcm": contribution.dicom(1),
            "b.dcm": contribution.dicom(2),
            "c.dcm": contribution.dicom(3, PatientID="another"),
        }
    )
    scene.ingest(*TERMS)
    assert sorted(len(record["images"]) for record in scene.records()) == [1, 2]
    scene.send({"a.dcm": contribution.dicom(4), "b.dcm": contribution.dicom(5)})
    (scene.sent / "c.dcm").unlink()
    scene.ingest("--contributor", "Klinik Süd")
    pages = [
        image["files"][0]["provenance"]["page_url"]
        for record in scene.records()
        for image in record["images"]
    ]
    assert len(set(pages)) == 3


def test_pictures_of_which_nothing_is_said_are_patients_of_their_own(scene: Scene) -> None:
    scene.send({"p/1.png": contribution.png(1), "p/2.png": contribution.png(2)})
    assert scene.told("--dry-run")["cases"] == 2
    assert scene.told("--one-patient-a-folder")["cases"] == 1


def test_the_same_again_adds_nothing(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom(), "b.png": contribution.png()})
    scene.ingest(*TERMS)
    before = scene.files()
    told = scene.told(*TERMS)
    assert set(outcomes(told).values()) == {"known already"}
    assert scene.ingest(*TERMS).code == 0
    assert scene.files() == before


def test_the_same_bytes_twice_are_taken_once(scene: Scene) -> None:
    scene.send({"a.png": contribution.png(), "b.png": contribution.png()})
    told = scene.told()
    assert outcomes(told) == {"sent/a.png": "candidate", "sent/b.png": "known already"}


def test_one_picture_with_other_metadata_is_not_in_a_case_twice(scene: Scene) -> None:
    bare = io.BytesIO()
    with Image.open(io.BytesIO(contribution.png())) as shown:
        shown.save(bare, "PNG", pnginfo=None, compress_level=1)
    scene.send({"p/a.png": contribution.png(), "p/b.png": bare.getvalue()})
    told = scene.told("--one-patient-a-folder")
    assert sorted(outcomes(told).values()) == ["candidate", "known already"]
    assert len(scene.record()["images"]) == 1


def test_what_was_rejected_or_is_in_the_collection_is_not_taken_again(scene: Scene) -> None:
    scene.send({"a.png": contribution.png(1), "b.png": contribution.png(2)})
    scene.ingest(*TERMS)
    first, second = (
        each["id"] for each in scene.run("review", "--list", "--format", "json").json["images"]
    )
    scene.run("reject", first, "--reason", "no chest")
    cells = ("finding=Pneumonia", "modality=X-ray", "view=PA")
    done = scene.run("accept", second, *(part for each in cells for part in ("--set", each)))
    assert done.code == 0, done.err
    scene.run("candidates", "drop", "ingest/*")
    told = scene.told(*TERMS)
    assert set(outcomes(told).values()) == {"known already"}
    assert "it was rejected before: no chest" in reasons(told).values()
    assert any("accepted" in each for each in reasons(told).values())


def test_a_second_study_is_a_case_of_its_own_with_the_days_since_the_first(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom(1)})
    scene.ingest(*TERMS)
    first = scene.record()
    scene.send({"b.dcm": contribution.dicom(2, AcquisitionDate="20200317")})
    scene.ingest(*TERMS)
    (second,) = [each for each in scene.records() if each["id"] != first["id"]]
    offsets = {
        each["value"] for each in second["images"][0]["suggestions"] if each["column"] == "offset"
    }
    assert offsets == {"7"}
    assert "offset" not in second["images"][0]["draft"]
    pages = {each["images"][0]["files"][0]["provenance"]["page_url"] for each in (first, second)}
    assert len(pages) == 1
    assert "20200317" not in json.dumps(second)
    assert "2020-03-17" not in json.dumps(second)


def test_cases_of_one_patient_are_given_one_patientid_and_others_another(scene: Scene) -> None:
    # Two of one sex, age and credit may be one person, which the review asks.
    for number, patient, age in ((1, "first", "054Y"), (2, "first", "054Y"), (3, "x", "061Y")):
        tags = {"PatientID": patient, "PatientAge": age}
        scene.send({f"{number}.dcm": contribution.dicom(number, **tags)})
        assert scene.ingest(*TERMS).code == 0
    assert len(scene.records()) == 3
    done = scene.run("accept", "ingest/*", "--set", "finding=Pneumonia")
    assert done.code == 0, done.err
    dataset = build.from_text((scene.root / "metadata.csv").read_bytes())
    owners = sorted(row["patientid"] for row in dataset.rows)
    assert owners in (["1", "1", "2"], ["1", "2", "2"])


def test_what_cannot_be_cleaned_is_listed_and_not_let_through(scene: Scene) -> None:
    scene.send(
        {
            "good.dcm": contribution.dicom(1),
            "burnt.dcm": contribution.dicom(2, BurnedInAnnotation="YES"),
        }
    )
    said = scene.ingest(*TERMS)
    assert said.code == 1
    assert "burnt.dcm: quarantined: words are burnt into its picture" in said.err
    assert len(scene.record()["images"]) == 1
    (name,) = [name for name in scene.files() if name.startswith("quarantine/")]
    listed = json.loads(scene.files()[name])
    assert [each["name"] for each in listed["files"]] == ["sent/burnt.dcm"]
    assert listed["originals"] == [str(scene.sent)]
    assert all(word not in json.dumps(listed) for word in contribution.IDENTITY)


def test_where_nothing_could_be_done_the_exit_code_is_two(scene: Scene) -> None:
    scene.send({"burnt.dcm": contribution.dicom(2, BurnedInAnnotation="YES")})
    assert scene.ingest().code == 2
    assert scene.records() == []


def test_a_cleaner_that_fails_lets_nothing_through_and_quotes_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_data: bytes, _secret: bytes) -> Any:
        raise ValueError(contribution.NAME)

    monkeypatch.setattr(ingestclean, "cleaning", lambda: contribution.cleaning(dicom=broken))
    scene.send({"a.dcm": contribution.dicom(), "b.png": contribution.png()})
    said = scene.ingest()
    assert said.code == 1
    assert "covidxr failed to clean it (ValueError)" in said.err
    assert contribution.NAME not in said.err + said.out
    assert len(scene.records()) == 1


def test_what_a_cleaner_left_in_is_not_let_through(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from covidxr.ingesting import CleanFile

    monkeypatch.setattr(
        ingestclean,
        "cleaning",
        lambda: contribution.cleaning(strip=lambda data: CleanFile(data=data)),
    )
    scene.send({"a.jpg": contribution.jpeg()})
    said = scene.ingest()
    assert said.code == 2
    assert "cleaning left" in said.err


def test_what_is_no_image_and_what_the_collection_has_no_use_for_is_told(scene: Scene) -> None:
    scene.send(
        {
            "report.pdf": b"%PDF-1.4 of somebody",
            "head.dcm": contribution.dicom(1, Modality="MR"),
            "empty.dcm": b"",
            ".DS_Store": b"x",
            "a.png": contribution.png(),
        }
    )
    told = scene.told()
    assert outcomes(told) == {
        "sent/report.pdf": "left out",
        "sent/head.dcm": "left out",
        "sent/empty.dcm": "left out",
        "sent/a.png": "candidate",
    }
    assert "MR" in reasons(told)["sent/head.dcm"]


def test_a_file_of_several_pictures_is_not_taken_for_one(scene: Scene) -> None:
    frames = np.zeros((2, 10, 10), np.uint16)
    scene.send(
        {
            "film.dcm": contribution.dicom(
                NumberOfFrames=2, Rows=10, Columns=10, PixelData=frames.tobytes()
            )
        }
    )
    told = scene.told()
    assert "2 pictures" in reasons(told)["sent/film.dcm"]


def test_a_plain_tag_fills_a_cell_and_one_that_takes_a_thought_is_a_suggestion(
    scene: Scene,
) -> None:
    scene.send({"a.dcm": contribution.dicom(ViewPosition="AP", PatientSex="O", PatientAge="006M")})
    scene.ingest(*TERMS)
    (image,) = scene.record()["images"]
    assert {name: image["draft"].get(name) for name in ("view", "sex", "age", "finding")} == {
        "view": None,
        "sex": None,
        "age": "0.5",
        "finding": "todo",
    }
    said = {each["column"]: (each["value"], each["where"]) for each in image["suggestions"]}
    assert said["view"] == ("AP", "DICOM ViewPosition")
    assert said["age"] == ("0.5", "DICOM PatientAge")
    words = {each["column"]: each["words"] for each in image["suggestions"]}
    assert words["view"] == "ViewPosition: AP"


def test_files_of_one_patient_that_name_two_sexes_draft_none(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom(1), "b.dcm": contribution.dicom(2, PatientSex="M")})
    scene.ingest(*TERMS)
    record = scene.record()
    assert all("sex" not in image["draft"] for image in record["images"])
    assert any("two sexes" in each for each in record["warnings"])


def test_a_missing_licence_is_said_and_none_is_made_up(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom()})
    scene.ingest()
    record = scene.record()
    assert "license" not in record["images"][0]["draft"]
    assert any("states no licence" in each for each in record["warnings"])


def test_a_licence_without_version_is_refused(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom()})
    said = scene.ingest("--licence", "CC BY")
    assert said.code == 2
    assert "names no exact licence" in said.err


def test_a_dry_run_prints_the_drafts_and_writes_nothing(scene: Scene, tmp_path: Path) -> None:
    scene.send({"a.dcm": contribution.dicom(), "b.dcm": contribution.dicom(2, PatientID="x")})
    told = scene.told("--dry-run", *TERMS)
    assert [each["images"][0]["draft"]["view"] for each in told["drafts"]] == ["PA", "PA"]
    assert not (scene.root / ".covidxr").exists()
    assert not (tmp_path / "config").exists()


def test_an_interrupt_keeps_the_patients_that_were_done(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def until_the_third(data: bytes, secret: bytes) -> Any:
        if b"third" in data:
            raise KeyboardInterrupt
        return contribution.cleaning().dicom(data, secret)

    monkeypatch.setattr(
        ingestclean, "cleaning", lambda: contribution.cleaning(dicom=until_the_third)
    )
    scene.send(
        {
            "0.dcm": contribution.dicom(9, PatientID="zero", BurnedInAnnotation="YES"),
            "1.dcm": contribution.dicom(1, PatientID="first"),
            "2.dcm": contribution.dicom(2, PatientID="second"),
            "3.dcm": contribution.dicom(3, PatientID="second", PatientComments="third"),
        }
    )
    said = scene.ingest(*TERMS)
    assert said.code == 130
    assert "1 patient was kept before the interrupt" in said.err
    assert len(scene.records()) == 1
    assert any(name.startswith("quarantine/") for name in scene.files())
    monkeypatch.setattr(ingestclean, "cleaning", contribution.cleaning)
    scene.ingest(*TERMS)
    assert sorted(len(each["images"]) for each in scene.records()) == [1, 2]


def test_a_name_that_is_no_text_is_told_and_listed(scene: Scene) -> None:
    (scene.sent / os.fsdecode(b"M\xfcller.dcm")).write_bytes(
        contribution.dicom(1, BurnedInAnnotation="YES")
    )
    said = scene.ingest("--contributor", os.fsdecode(b"M\xfcller"))
    assert said.code == 2
    assert "quarantined" in said.err
    (name,) = [name for name in scene.files() if name.startswith("quarantine/")]
    assert "ller.dcm" in json.loads(scene.files()[name])["files"][0]["name"]


def test_candidates_and_list_go_where_they_are_wanted(scene: Scene, tmp_path: Path) -> None:
    scene.send(
        {
            "a.dcm": contribution.dicom(1),
            "b.dcm": b"%PDF-",
            "c.bmp": b"BM" + bytes(12) + b"\x28" + bytes(60),
        }
    )
    elsewhere = tmp_path / "elsewhere"
    (scene.root / "metadata.csv").unlink()
    assert scene.ingest().code == 2
    assert scene.ingest("-o", str(elsewhere)).code == 1
    assert len(list(elsewhere.glob("ingest/*/case.json"))) == 1
    assert len(list(elsewhere.rglob("quarantine/*.json"))) == 1
    assert not (scene.root / ".covidxr").exists()


def test_an_archive_is_read_as_a_folder_is(scene: Scene) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/a.dcm", contribution.dicom())
        archive.writestr("x/b.png", contribution.png())
    scene.send({"whatever.dat": packed.getvalue()})
    told = scene.told(*TERMS)
    assert set(outcomes(told)) == {"sent/whatever.dat/x/a.dcm", "sent/whatever.dat/x/b.png"}
    assert told["cases"] == 2


def test_an_archive_within_an_archive_is_refused(scene: Scene) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.png", contribution.png())
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    scene.send({"outer.zip": outer.getvalue()})
    assert scene.ingest().code == 2
    assert scene.records() == []


def test_a_contributor_s_table_fills_the_drafts_and_says_what_it_cannot(scene: Scene) -> None:
    scene.send(
        {
            "a.png": contribution.png(1),
            "b.png": contribution.png(2),
            "c.png": contribution.png(3),
            "list.csv": (
                b"Datei;Pat;Geschlecht;Alter;Beatmet;Befund\n"
                b"a.png;7;m;54;ja;COVID-19\n"
                b"b.png;7;m;abc;;\n"
                b"d.png;8;w;61;;\n"
            ),
        }
    )
    mapping = scene.root.parent / "map.toml"
    mapping.write_text(
        'file = "Datei"\npatient = "Pat"\n[columns]\n"Geschlecht" = "sex"\n"Alter" = "age"\n'
        '"Beatmet" = "intubated"\n"Befund" = "finding"\n[values.sex]\n"w" = "F"\n'
        '[constants]\nlicense = "CC-BY-4.0"\nmodality = "X-ray"\n'
    )
    told = scene.told("--table", str(scene.sent / "list.csv"), "--mapping", str(mapping))
    assert "list.csv, line 4: there is no file 'd.png'" in told["notes"]
    assert any("line 3, column 'Alter'" in each for each in told["notes"])
    assert "list.csv has no row for sent/c.png" in told["notes"]
    assert "sent/list.csv" not in outcomes(told)
    by_size = sorted(scene.records(), key=lambda each: len(each["images"]))
    assert [len(each["images"]) for each in by_size] == [1, 2]
    draft = by_size[1]["images"][0]["draft"]
    assert (draft["sex"], draft["age"], draft["intubated"]) == ("M", "54", "Y")
    assert (draft["modality"], draft["license"], draft["finding"]) == ("X-ray", "CC-BY-4.0", "todo")
    said = {
        each["column"]: (each["value"], each["where"])
        for each in by_size[1]["images"][0]["suggestions"]
    }
    assert said["finding"] == (
        "Pneumonia/Viral/COVID-19",
        "contributor's table, line 2, column Befund",
    )
    assert "age" not in by_size[1]["images"][1]["draft"]


def test_tags_and_table_that_disagree_leave_the_cell_blank(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom()})
    table = scene.root.parent / "list.csv"
    table.write_text("filename,sex,view\na.dcm,M,PA\n")
    scene.ingest("--table", str(table), *TERMS)
    record = scene.record()
    (image,) = record["images"]
    assert "sex" not in image["draft"]
    assert image["draft"]["view"] == "PA"
    assert any(
        "DICOM PatientSex says F but contributor's table, line 2, column sex says M" in each
        for each in image["extra"]["warnings"]
    )


def test_a_mapping_is_proposed_that_can_be_used_as_it_is(scene: Scene) -> None:
    scene.send({"a.png": contribution.png()})
    table = scene.root.parent / "list.csv"
    table.write_text("Dateiname;Geschlecht;Alter\na.png;F;54\n")
    said = scene.ingest("--table", str(table), "--propose-mapping")
    assert said.code == 0
    assert 'file = "Dateiname"  # certain: its values are the files\' names' in said.out
    assert '"Geschlecht" = "sex"  # likely: by its name' in said.out
    assert not (scene.root / ".covidxr").exists()
    mapping = scene.root.parent / "map.toml"
    mapping.write_text(said.out)
    scene.ingest("--table", str(table), "--mapping", str(mapping))
    assert scene.record()["images"][0]["draft"]["age"] == "54"


def test_the_secret_is_made_once_outside_of_the_collection(scene: Scene, tmp_path: Path) -> None:
    scene.send({"a.dcm": contribution.dicom()})
    said = scene.ingest()
    (secret,) = (tmp_path / "config").rglob("*.secret")
    assert str(secret) in said.err
    assert secret.stat().st_mode & 0o077 == 0
    assert secret.read_bytes().strip() not in b"".join(scene.files().values())
    scene.send({"b.dcm": contribution.dicom(2)})
    assert str(secret) not in scene.ingest().err
    assert len({each["extra"]["patient"] for each in scene.records()}) == 1


def test_a_secret_within_the_collection_is_refused(scene: Scene) -> None:
    scene.send({"a.dcm": contribution.dicom()})
    (scene.root / "secret").write_bytes(b"0" * 32)
    said = scene.ingest("--secret-file", str(scene.root / "secret"))
    assert said.code == 2
    assert "shared" in said.err
    assert scene.records() == []


def test_the_real_cleaners_take_a_contribution_in(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(scene.root.parent / "config"))
    scene.send(
        {
            "a.dcm": contribution.dicom(),
            "b.jpg": contribution.jpeg(),
            "c.png": contribution.png(),
            "d.nii.gz": contribution.nifti(),
        }
    )
    told = scene.told(*TERMS)
    assert set(outcomes(told).values()) == {"candidate"}, reasons(told)
    for name, data in scene.files().items():
        assert all(word.encode() not in data for word in contribution.IDENTITY), name


def test_rows_of_letters_in_a_picture_are_told(scene: Scene) -> None:
    lettered = Image.open(io.BytesIO(contribution.png(7))).convert("L").resize((900, 900))
    pen = ImageDraw.Draw(lettered)
    for row in range(4):
        pen.text((20, 20 + 40 * row), "SPRINGFIELD GENERAL 1970", 255, ImageFont.load_default(24))
    written = io.BytesIO()
    lettered.save(written, "PNG")
    scene.send({"plain.png": contribution.png(3), "lettered.png": written.getvalue()})
    scene.told(*TERMS)
    images = [image for record in scene.records() for image in record["images"]]
    told = [" ".join(image["extra"].get("warnings", ())) for image in images]
    assert sorted("rows of letters are burnt into the picture" in each for each in told) == [
        False,
        True,
    ]


def test_what_a_file_s_own_reader_refuses_is_refused_in_its_words() -> None:
    with pytest.raises(UnfitError, match="its compressed data are damaged"):
        ingestclean.cleaning().look(contribution.deflated(0, damaged=True))
