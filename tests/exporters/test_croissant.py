"""Croissant, as mlcroissant reads it."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests import build, exports

from covidxr.about import NOTICE, About
from covidxr.export import Options, export
from covidxr.exporters.croissant import croissant
from covidxr.model import ImageFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

REAL = Path(__file__).parents[2].parent / "shared" / "real"


@pytest.fixture(scope="module")
def mlcroissant() -> Iterator[Any]:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with warnings.catch_warnings():
        # It stands on etils and rdflib, which use what Python and pyparsing are giving up.
        warnings.simplefilter("ignore")
        yield pytest.importorskip("mlcroissant")


def described(data: Dataset) -> dict[str, Any]:
    text = exports.contents(croissant.artifacts(data))["croissant.json"]
    found: dict[str, Any] = json.loads(text or b"")
    return found


def record_set(found: dict[str, Any], name: str) -> dict[str, Any]:
    made: dict[str, Any]
    (made,) = (each for each in found["recordSet"] if each["@id"] == name)
    return made


def types(found: dict[str, Any], name: str = "images") -> dict[str, str]:
    return {each["name"]: each["dataType"] for each in record_set(found, name)["field"]}


def exported(root: Path, **more: Any) -> Path:
    import datetime as dt

    to = root.parent / "out"
    day = dt.date(2026, 11, 26)
    export(Options(**{"root": root, "keys": ("croissant",), "to": to, "today": day, **more}))
    return to / "croissant" / "croissant.json"


def loaded(mlcroissant: Any, path: Path) -> tuple[dict[str, list[dict[str, Any]]], set[str]]:
    """Every record of every record set, by the set's id; and what validation warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = mlcroissant.Dataset(jsonld=path)
        records = {each.id: list(read.records(each.id)) for each in read.metadata.record_sets}
    return records, set(read.metadata.ctx.issues.warnings)


def test_it_is_valid_without_a_warning_and_every_record_loads(
    mlcroissant: Any, tmp_path: Path
) -> None:
    root = exports.collection(tmp_path / "collection")
    records, complaints = loaded(mlcroissant, exported(root))
    assert complaints == set()
    first, second = records["images"]
    assert (first["images/patientid"], first["images/offset"], first["images/age"]) == (b"1", 3, 54)
    assert (second["images/age"], second["images/license"]) == (7.5, b"CC0-1.0")
    assert [each["files/path"] for each in records["files"]] == [
        b"images/image-1.png",
        b"images/image-2.png",
        b"annotations/boxes.json",
    ]
    assert records["files"][0]["files/width"] == 64
    assert {each["pictures/content"].size for each in records["pictures"]} == {(64, 64)}
    assert {each["values-of-view/name"] for each in records["values-of-view"]} >= {"PA", "L"}


def test_it_is_valid_where_the_collection_says_nothing_of_itself(
    mlcroissant: Any, tmp_path: Path
) -> None:
    root = exports.collection(tmp_path / "collection", settings="")
    records, complaints = loaded(mlcroissant, exported(root))
    assert len(records["images"]) == 2
    # A day and a version are left out, since "not stated" is neither.
    assert all("datePublished" in each or "version" in each for each in complaints)


def test_mlcroissant_finds_a_file_that_was_changed(mlcroissant: Any, tmp_path: Path) -> None:
    path = exported(exports.collection(tmp_path / "collection"))
    with (path.parent / "metadata.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(Exception, match=r"Download\(metadata\.csv\)"):
        loaded(mlcroissant, path)


def test_a_split_is_one_of_croissants(mlcroissant: Any, tmp_path: Path) -> None:
    root = exports.collection(tmp_path / "collection")
    split = tmp_path / "split.csv"
    split.write_text("filename,part\nimage-1.png,train\nimage-2.png,fold 3\n")
    records, _ = loaded(mlcroissant, exported(root, split=split))
    assert records["splits"] == [
        {"splits/name": "fold 3", "splits/url": "cr:Split"},
        {"splits/name": "train", "splits/url": "cr:TrainingSplit"},
    ]
    assert [each["files/part"] for each in records["files"]][:2] == [b"train", b"fold 3"]


def test_types_are_those_that_all_cells_have() -> None:
    found = described(exports.dataset({"age": "60s", "date": "2020"}, {"date": "2020-03-04"}))
    kinds = types(found)
    assert (kinds["age"], kinds["date"], kinds["offset"]) == ("sc:Text", "sc:Text", "sc:Integer")
    assert types(described(exports.dataset()))["date"] == "sc:Date"


def test_every_licence_is_named_as_far_as_it_is_known() -> None:
    rows = {"license": "CC BY 4.0"}, {"license": "CC BY-NC-SA"}, {"license": ""}
    assert described(exports.dataset(*rows))["license"] == [
        "not stated",
        "CC BY-NC-SA",
        "https://creativecommons.org/licenses/by/4.0/",
    ]


def test_the_notice_is_where_croissant_has_limitations() -> None:
    assert described(exports.dataset())["rai:dataLimitations"] == [NOTICE]


def test_what_is_not_stated_says_so() -> None:
    found = described(exports.dataset(about=About()))
    assert found["creator"] == [{"@type": "sc:Organization", "name": "not stated"}]
    assert found["citeAs"] == "not stated"
    assert "datePublished" not in found


def test_dicom_files_and_volumes_are_no_pictures() -> None:
    files = {
        "images/image-1.png": build.png("images/image-1.png"),
        "images/image-2.png": ImageFacts(path="images/image-2.png", bytes=9, format="DICOM"),
    }
    found = described(exports.dataset(files=files))
    sets = {each["@id"]: each for each in found["distribution"] if each["@type"] == "cr:FileSet"}
    assert sets["other-files"]["encodingFormat"] == "application/dicom"
    assert sets["picture-files"]["includes"] == ["images/*.png"]


def test_a_column_of_any_name_has_an_id_of_its_own() -> None:
    data = build.from_text("filename,my column,a/b\na.png,1,2\n")
    fields = record_set(described(data), "images")["field"]
    assert [(each["@id"], each["name"]) for each in fields] == [
        ("images/filename", "filename"),
        ("images/column-1", "my column"),
        ("images/column-2", "a/b"),
    ]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real collection is not here")
def test_a_real_collection_loads(mlcroissant: Any, tmp_path: Path) -> None:
    (tmp_path / "collection").mkdir()
    for name in ("metadata.csv", "images", "annotations"):
        (tmp_path / "collection" / name).symlink_to(REAL / "sample" / name)
    records, _ = loaded(mlcroissant, exported(tmp_path / "collection", anyway=True, link=True))
    assert len(records["images"]) == 264
    assert len(records["pictures"]) == 242
