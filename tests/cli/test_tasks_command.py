"""``covidxr tasks`` as a user sees it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests import build

from covidxr.cli.app import main

REAL = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22"

LISTED = """\
task              images  patients  0  1  question
pneumonia              2         2  1  1  1 pneumonia of any kind, 0 no finding
survival               1         1  0  1  1 survived, 0 died
"""

COUNTED = """\
pneumonia: 1 pneumonia of any kind, 0 no finding

step                   images  patients  left out
all rows                    3         3
images                      3         3
whose answer is known       2         2  1 todo
each file once              2         2

view  0: images  0: patients  1: images  1: patients
PA            0            0          1            1
L             1            1          0            0

The day is known of 1 of 2 images.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rows = build.rows(
        {},
        {"finding": "No Finding", "view": "L", "survival": "?", "offset": ""},
        {"finding": "todo", "survival": "Unclear"},
    )
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows), encoding="utf-8")
    return tmp_path


def test_all_tasks_are_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tasks", "--root", str(root)]) == 0
    assert capsys.readouterr().out.startswith(LISTED)


def test_every_filter_is_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tasks", "pneumonia", "--root", str(root)]) == 0
    assert capsys.readouterr().out == COUNTED


def test_a_table_is_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = root / "table.csv"
    assert main(["tasks", "pneumonia", "--out", str(out), "--root", str(root)]) == 0
    assert capsys.readouterr().out == COUNTED
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[1] == {
        "filename": "image-2.png",
        "folder": "images",
        "patientid": "2",
        "view": "L",
        "modality": "X-ray",
        "offset_days": "",
        "label": "0",
        "already": "",
        "source": "example.org",
        "license": "CC-BY-4.0",
    }


def test_json_has_the_rows_and_how_they_came_to_be(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--views", "lateral", "--per", "patient", "--format", "json", "--root", str(root)]
    assert main(["tasks", "pneumonia", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["filename"] for row in found["rows"]] == ["image-2.png"]
    assert found["steps"][2] == {
        "what": "of view L",
        "images": 1,
        "patients": 1,
        "left_out": {"view PA": 2},
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["cough"], "there is no task 'cough'"),
        (["pneumonia", "--views", "up"], "there is no view 'up'"),
        (["survival", "--only-before"], "intubation, icu, oxygen alone"),
    ],
)
def test_what_makes_no_sense_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["tasks", *arguments, "--root", str(root)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.skipif(not REAL.is_dir(), reason="shared/real is not here")
def test_no_unknown_of_the_real_table_is_a_no(capsys: pytest.CaptureFixture[str]) -> None:
    with (REAL / "metadata.csv").open(encoding="utf-8") as file:
        said = {row["filename"]: row for row in csv.DictReader(file)}
    columns = {"survival": "survival", "intubation": "intubated", "icu": "went_icu"}
    for task, column in {**columns, "oxygen": "needed_supplemental_O2"}.items():
        assert main(["tasks", task, "--format", "json", "--root", str(REAL)]) == 0
        for row in json.loads(capsys.readouterr().out)["rows"]:
            assert said[row["filename"]][column] == {"1": "Y", "0": "N"}[row["label"]]
