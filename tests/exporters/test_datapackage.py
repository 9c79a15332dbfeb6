"""Data Package, as Frictionless reads it."""

from __future__ import annotations

import datetime as dt
import json
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from tests import exports

from covidxr.about import NOTICE, About
from covidxr.export import Options, export
from covidxr.exporters.datapackage import datapackage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from covidxr.dataset import Dataset


@pytest.fixture(scope="module")
def frictionless() -> Any:
    with warnings.catch_warnings():
        # It imports modules that Python 3.13 does without.
        warnings.simplefilter("ignore")
        return pytest.importorskip("frictionless")


def described(data: Dataset) -> dict[str, Any]:
    text = exports.contents(datapackage.artifacts(data))["datapackage.json"]
    found: dict[str, Any] = json.loads(text or b"")
    return found


def fields(*rows: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    table, _ = described(exports.dataset(*rows))["resources"]
    return {each["name"]: each for each in table["schema"]["fields"]}


def problems(frictionless: Any, folder: Path) -> list[list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.validate(folder / "datapackage.json")
    found: list[list[str]] = report.flatten(["type", "message"])
    return found


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ({"age": "60s", "view": "sitting", "offset": "a few"}, {"date": "2020", "license": ""}),
        ({"age": "200", "temperature": "99"}, {"modality": "", "patientid": ""}),
        ({"clinical_notes": 'a "b",\nc'}, {"clinical_notes": "NA", "age": ""}),
    ],
    ids=["good", "odd", "out of range", "quotes"],
)
def test_frictionless_finds_nothing_wrong(
    frictionless: Any, rows: tuple[dict[str, str], ...], tmp_path: Path
) -> None:
    root = exports.collection(tmp_path / "collection", *rows)
    day = dt.date(2026, 11, 26)
    export(Options(root=root, keys=("datapackage",), to=tmp_path / "out", today=day))
    assert problems(frictionless, tmp_path / "out" / "datapackage") == []


def test_frictionless_finds_a_cell_that_breaks_a_promise(frictionless: Any, tmp_path: Path) -> None:
    root = exports.collection(tmp_path / "collection")
    day = dt.date(2026, 11, 26)
    export(Options(root=root, keys=("datapackage",), to=tmp_path / "out", today=day))
    path = tmp_path / "out" / "datapackage" / "metadata.csv"
    path.write_text(path.read_text().replace(",PA,", ",QA,"))
    kinds = {kind for kind, _ in problems(frictionless, path.parent)}
    assert "constraint-error" in kinds


def test_constraints_are_those_that_every_row_fulfils() -> None:
    good = fields({}, {"age": ""})
    assert good["age"]["type"] == "number"
    assert good["age"]["constraints"] == {"minimum": 0, "maximum": 120}
    assert good["sex"]["constraints"] == {"enum": ["M", "F"]}
    assert good["filename"]["constraints"] == {"required": True, "unique": True}
    bad = fields({"sex": "?", "age": "200", "filename": "a.png"}, {"filename": "a.png"})
    assert "constraints" not in bad["sex"]
    assert "constraints" not in bad["age"]
    assert bad["filename"]["constraints"] == {"required": True}


def test_the_file_name_is_the_key_only_where_it_is_one() -> None:
    table, files = described(exports.dataset())["resources"]
    assert table["schema"]["primaryKey"] == ["filename"]
    assert files["schema"]["primaryKey"] == ["path"]
    same = exports.dataset({"filename": "a.png"}, {"filename": "a.png"})
    assert "primaryKey" not in described(same)["resources"][0]["schema"]


def test_it_says_who_made_it_and_under_which_licences() -> None:
    found = described(exports.dataset({}, {"license": "CC BY"}, {"license": ""}))
    assert found["contributors"][0] == {
        "title": "Jo Doe",
        "givenName": "Jo",
        "familyName": "Doe",
        "path": "https://orcid.org/0000-0002-1825-0097",
        "roles": ["creator"],
    }
    assert [each["name"] for each in found["licenses"]] == [
        "other-unstated",
        "other-unstated",
        "CC-BY-4.0",
    ]
    assert [each["title"] for each in found["licenses"]][:2] == [
        "not stated (1 row of metadata.csv)",
        "CC BY (1 row of metadata.csv)",
    ]
    assert (found["version"], found["created"]) == ("1.2.0", "2026-11-26T00:00:00Z")
    assert found["sources"] == [{"title": "example.org", "path": "https://example.org/"}]
    assert found["notice"] == NOTICE


def test_what_is_not_stated_is_left_out() -> None:
    found = described(exports.dataset(about=About()))
    assert not {"version", "created", "contributors", "homepage", "id"} & set(found)
