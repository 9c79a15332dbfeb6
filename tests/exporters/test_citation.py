"""CITATION.cff: valid, and true."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests import exports

from covidxr.about import NOTICE, About, Maker
from covidxr.exporters.citation import citation
from covidxr.licences import LICENCES

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

ODD_ABOUT = About(
    name="odd",
    title='"Quotes": \\ and # signs, {braces}, é, \u2028 and \x85',
    description="- not a list\n& no anchor",
    makers=(Maker(name="null"), Maker(given="Only"), Maker(family="O'Neil", affiliation="x: y")),
    version="1.0.0",
    released_on="2026-11-26",
    keywords=("yes", "12"),
)


def read(data: Dataset) -> dict[str, Any]:
    (artifact,) = citation.artifacts(data)
    assert artifact.path == "CITATION.cff"
    found: dict[str, Any] = yaml.safe_load(artifact.data or b"")
    return found


def test_it_says_who_made_the_collection_and_how_to_cite_it() -> None:
    found = read(exports.dataset())
    assert (found["type"], found["title"], found["doi"]) == (
        "dataset",
        "Phantoms",
        "10.5555/12345678",
    )
    assert found["message"] == "Doe J. Phantoms. 2026."
    assert found["authors"] == [
        {
            "family-names": "Doe",
            "given-names": "Jo",
            "orcid": "https://orcid.org/0000-0002-1825-0097",
        },
        {"name": "The group"},
    ]
    assert (found["version"], found["date-released"]) == ("1.2.0", "2026-11-26")
    assert "2 images of 2 patients" in found["abstract"]
    assert found["abstract"].endswith(NOTICE)


def test_what_the_collection_does_not_say_is_not_made_up() -> None:
    found = read(exports.dataset(about=About()))
    assert found["authors"] == [{"name": "not stated"}]
    assert not {"version", "date-released", "doi", "url", "license", "keywords"} & set(found)


def test_a_licence_is_named_only_where_all_rows_share_it() -> None:
    assert read(exports.dataset({}, {}))["license"] == "CC-BY-4.0"
    assert read(exports.dataset({}, {"license": "CC BY 4.0"}))["license"] == "CC-BY-4.0"
    for other in ("CC0-1.0", "", "CC BY"):
        assert "license" not in read(exports.dataset({}, {"license": other}))
    assert "license" not in read(exports.dataset({"license": "LicenseRef-Own"}))
    assert "license" not in read(exports.dataset({"license": "CC BY"}))


def test_odd_words_come_back_as_they_were() -> None:
    found = read(exports.dataset(about=ODD_ABOUT))
    assert found["title"] == ODD_ABOUT.title
    assert found["keywords"] == ["yes", "12"]
    assert found["authors"][0] == {"name": "null"}


VALIDATES = {
    "good": exports.dataset(),
    "blank": exports.dataset(about=About()),
    "odd": exports.dataset(about=ODD_ABOUT),
    "one licence": exports.dataset({}, {}),
}
LICENCES_OF_THE_FORMAT = """
import json, pathlib, cffconvert
path = pathlib.Path(cffconvert.__file__).parent / "schemas" / "1.2.0" / "schema.json"
print(json.dumps(json.loads(path.read_text())["definitions"]["license-enum"]["enum"]))
"""


@pytest.fixture
def cffconvert() -> Path:
    program = os.environ.get("COVIDXR_CFFCONVERT")
    if not program:
        pytest.skip("COVIDXR_CFFCONVERT names no cffconvert, which lives apart: see .ci/run")
    return Path(program)


@pytest.mark.parametrize("data", VALIDATES.values(), ids=VALIDATES)
def test_cffconvert_takes_it(data: Dataset, cffconvert: Path, tmp_path: Path) -> None:
    (artifact,) = citation.artifacts(data)
    (tmp_path / artifact.path).write_bytes(artifact.data or b"")
    done = subprocess.run(
        [cffconvert, "--validate"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Citation metadata are valid" in done.stdout, done.stderr


def test_exactly_the_licences_that_the_format_knows_are_named(cffconvert: Path) -> None:
    done = subprocess.run(
        [cffconvert.with_name("python"), "-c", LICENCES_OF_THE_FORMAT],
        capture_output=True,
        check=True,
    )
    known = set(json.loads(done.stdout))
    named = {spdx for spdx in LICENCES if "license" in read(exports.dataset({"license": spdx}))}
    assert named == known & set(LICENCES)
