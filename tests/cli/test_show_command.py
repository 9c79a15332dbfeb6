"""``covidxr show`` as a user sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests import build, candidates

from covidxr.cli.app import main

SNAPSHOT = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22"

SCREEN = """\
images/image-1.png  (metadata.csv, line 2)
  patientid                7
  offset                   3  (days)
  sex                      F  (female)
  age                      54  (years)
  finding                  Pneumonia/Viral/COVID-19
  RT_PCR_positive          Y  (yes)
  survival                 Y  (yes)
  view                     PA  (X-ray, posteroanterior)
  modality                 X-ray  (a radiograph)
  date                     2020-03-04
  location                 Phantom Hospital, Springfield
  folder                   images  (single images)
  filename                 image-1.png
  url                      https://example.org/case/1
  license                  CC-BY-4.0  (Creative Commons Attribution 4.0 International)
  other_notes              Case courtesy of A. Radiologist
  blank                    intubated, intubation_present, went_icu, in_icu, needed_supplemental_O2,
                           extubated, temperature, pO2_saturation, leukocyte_count,
                           neutrophil_count, lymphocyte_count, doi, clinical_notes
  provenance.csv has no line on it

Patient 7: 2 images
  Line  Offset  Date        View  Finding                   File         Changes
     2   day 3  2020-03-04  PA    Pneumonia/Viral/COVID-19  image-1.png
     3   day 8  2020-03-09  AP    Pneumonia/Viral/COVID-19  image-2.png  survival Y → N

Diagnostics (files were looked at by their headers alone):
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    later = {"offset": "8", "date": "2020-03-09", "view": "AP", "survival": "N"}
    url = {"url": "https://example.org/case/1"}
    rows = build.rows({"patientid": "7"}, {"patientid": "7", **later, **url}, {})
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    for number in (1, 2, 3):
        data = candidates.picture(number, (8, 6))
        (tmp_path / "images" / f"image-{number}.png").write_bytes(data)
    return tmp_path


def test_a_row_is_shown_with_meanings_course_and_problems(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "image-1.png", "--root", str(root)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(SCREEN)
    assert "PAT107 outcomes-disagree" in said.out
    assert said.out.endswith("whose labels are what sources say.\n")
    assert "\x1b" not in said.out
    assert said.err == ""


def test_a_patient_is_shown_as_a_course(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "7", "--root", str(root)]) == 0
    assert capsys.readouterr().out.startswith("Patient 7: 2 images\n  Line  Offset")


def test_a_picture_that_is_asked_for_of_a_patient_needs_the_name_of_a_file(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "7", "--root", str(root), "--picture", "blocks"]) == 0
    assert "7 is a patient: name one of the files" in capsys.readouterr().err


def test_a_name_of_a_file_and_of_a_patient_shows_both_and_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = build.rows({"patientid": "image-2.png"}, {"patientid": "5"})
    (root / "metadata.csv").write_text(build.csv_text(rows))
    assert main(["show", "image-2.png", "--root", str(root)]) == 0
    said = capsys.readouterr()
    assert "image-2.png is the name of a file and of a patient: both are shown" in said.err
    assert "Patient image-2.png: 1 image\n" in said.out
    assert "Patient 5: 1 image\n" in said.out


def test_json_holds_every_cell_and_no_picture(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["show", "image-2.png", "--root", str(root), "--format", "json", "--picture", "blocks"]
    assert main(told) == 0
    whole = json.loads(capsys.readouterr().out)
    (row,) = whole["rows"]
    assert (row["line"], row["path"], row["provenance"]) == (3, "images/image-2.png", None)
    assert row["cells"]["survival"] == "N"
    assert row["cells"]["doi"] == ""
    (course,) = whole["courses"]
    assert course["steps"][1]["changes"] == [{"column": "survival", "before": "Y", "now": "N"}]
    assert {"PAT107"} <= {each["code"] for each in whole["diagnostics"]}


@pytest.mark.parametrize(
    ("form", "start"),
    [("kitty", "\x1b_G"), ("iterm", "\x1b]1337;"), ("sixel", "\x1bPq"), ("blocks", "\x1b[38;2;")],
)
def test_a_picture_that_is_asked_for_is_written_into_a_pipe(
    root: Path, capsys: pytest.CaptureFixture[str], form: str, start: str
) -> None:
    assert main(["show", "image-1.png", "--root", str(root), "--picture", form]) == 0
    assert capsys.readouterr().out.startswith(start)


def test_no_picture_is_written_into_a_pipe_unasked(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-kitty")
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert main(["show", "image-1.png", "--root", str(root)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_picture_that_cannot_be_shown_says_why(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "images" / "image-1.png").unlink()
    assert main(["show", "image-1.png", "--root", str(root), "--picture", "blocks"]) == 0
    said = capsys.readouterr()
    assert "images/image-1.png is not shown: the file is not there" in said.err
    assert said.out.startswith("images/image-1.png  (")


def test_a_name_that_is_nobody_s_ends_with_2_and_names_like_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "imge-1.png", "--root", str(root)]) == 2
    assert "did you mean image-1.png" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--picture", "ascii"], ["--format", "xml"]])
def test_a_form_that_does_not_exist_is_refused(root: Path, wrong: list[str]) -> None:
    assert main(["show", "7", "--root", str(root), *wrong]) == 2


def test_what_a_terminal_would_obey_is_shown_as_text(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = {
        "patientid": "7\x1b[2J",
        "clinical_notes": "\x1b]0;title\x07 and\u202e",
        "survival": "",
    }
    (root / "metadata.csv").write_text(build.csv_text(build.rows(hostile)))
    assert main(["show", "image-1.png", "--root", str(root)]) == 0
    out = capsys.readouterr().out
    assert not set(out) & {"\x1b", "\x07", "\u202e"}
    assert "7\\x1b[2J" in out


@pytest.mark.skipif(not SNAPSHOT.is_dir(), reason="the real table is not on this machine")
def test_every_twentieth_row_of_the_real_table_can_be_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from covidxr import store
    from covidxr.cli.render import show
    from covidxr.showing import Showing, Shown, course

    data = store.read_collection(SNAPSHOT)
    for index in range(0, len(data.table), 20):
        row = data.row(index)
        shown = Showing(
            name=row["filename"],
            rows=(Shown(row=row, origin=None),),
            is_patient=False,
            courses=(course(data, row["patientid"]),),
            diagnostics=(),
            dataset=data,
        )
        assert row["filename"] in show.page(shown)
        assert json.loads(show.as_json(shown))["rows"][0]["line"] == row.line
