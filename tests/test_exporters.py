"""The contract that every exporter meets."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pytest
from tests import build, exports

from covidxr.about import NOTICE, About
from covidxr.export import EXPORTERS, exporters
from covidxr.model import Artifact, ImageDepth, ImageFacts

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.plugins import Exporter

HERE = Path(__file__).parent
KNOWN = exporters()
MODULES = [info.name for info in pkgutil.iter_modules(importlib.import_module(EXPORTERS).__path__)]
each_exporter = pytest.mark.parametrize("each", KNOWN.values(), ids=KNOWN)

ODD = {
    "finding": 'todo "\\ {x}: # <b>',
    "clinical_notes": "líne\u2028one\nline: two\x07 ---",
    "license": "CC BY-NC-SA",
    "age": "60s",
    "date": "January 2020",
    "url": "not an address",
}
DATASETS = {
    "good": exports.dataset(),
    "odd": exports.dataset(ODD, {"filename": "", "license": ""}, ODD),
    "blank": exports.dataset(about=About()),
    "one licence": exports.dataset({}, {}),
    "split": exports.dataset(parts={"images/image-1.png": "train", "images/image-2.png": "test"}),
    "no files": exports.dataset(files={}, folders=frozenset(), depth=ImageDepth.NONE),
    "header alone": build.from_text(build.csv_text([]), about=exports.ABOUT),
    "no table to speak of": build.from_text("a,,a\n1,2,3\n", about=exports.ABOUT),
}
each_dataset = pytest.mark.parametrize("data", DATASETS.values(), ids=DATASETS)


def folded(text: str) -> str:
    """Text without what formats put between words: line ends, quotes, remarks' signs."""
    return " ".join(re.sub(r"[\n>#*|\\]+", " ", text).split())


@pytest.mark.parametrize("name", MODULES)
def test_a_file_of_the_folder_holds_one_exporter_of_its_name(name: str) -> None:
    assert KNOWN[name].artifacts.__module__ == f"{EXPORTERS}.{name}"


@each_exporter
def test_an_exporter_has_a_test_file_of_its_name(each: Exporter) -> None:
    assert (HERE / "exporters" / f"test_{each.key}.py").is_file()


@each_exporter
def test_an_exporters_page_begins_with_a_sentence(each: Exporter) -> None:
    assert each.summary.endswith(".")
    assert len(each.summary) <= 100
    assert each.title


@each_exporter
def test_the_export_page_has_a_section_for_it(each: Exporter) -> None:
    page = (HERE.parent / "docs" / "export.md").read_text(encoding="utf-8")
    assert re.search(rf"^## .*`{each.key}`", page, re.MULTILINE)


@each_exporter
@each_dataset
def test_the_same_collection_gives_the_same_bytes(each: Exporter, data: Dataset) -> None:
    pytest.importorskip("pyarrow")
    assert exports.contents(each.artifacts(data)) == exports.contents(each.artifacts(data))


@each_exporter
@each_dataset
def test_every_export_carries_the_notice(each: Exporter, data: Dataset) -> None:
    pytest.importorskip("pyarrow")
    made = [data or b"" for data in exports.contents(each.artifacts(data)).values()]
    texts = [folded(text.decode("utf-8", "replace")) for text in made]
    # JSON inside a binary file, or text inside JSON, writes a quote or a letter as an escape.
    wanted = {folded(NOTICE), folded(json.dumps(NOTICE)[1:-1])}
    assert any(notice in text for notice in wanted for text in texts)


@each_exporter
@each_dataset
def test_an_artifact_is_one_thing_at_one_path_inside(each: Exporter, data: Dataset) -> None:
    pytest.importorskip("pyarrow")
    artifacts = list(each.artifacts(data))
    for artifact in artifacts:
        given = (artifact.data is not None, artifact.parts is not None, bool(artifact.copy_of))
        assert given.count(True) == 1
        assert artifact.path == PurePosixPath(artifact.path).as_posix()
        assert ".." not in PurePosixPath(artifact.path).parts
    assert len({artifact.path.lower() for artifact in artifacts}) == len(artifacts)


@each_exporter
def test_a_file_that_no_row_names_is_not_handed_on(each: Exporter) -> None:
    pytest.importorskip("pyarrow")
    stray = {"images/stray.png": build.png("images/stray.png")}
    good = exports.dataset()
    data = exports.dataset(files={**good.files, **stray})
    made: list[Artifact] = list(each.artifacts(data))
    assert "images/stray.png" not in {artifact.copy_of for artifact in made}
    assert all(b"stray" not in (each or b"") for each in exports.contents(iter(made)).values())


@each_exporter
def test_annotations_are_seen_as_files_without_hurting(each: Exporter) -> None:
    pytest.importorskip("pyarrow")
    path = "annotations/boxes.json"
    facts = ImageFacts(path=path, bytes=10, sha256="0" * 64)
    data = exports.dataset(files={**exports.dataset().files, path: facts})
    assert exports.contents(each.artifacts(data))
