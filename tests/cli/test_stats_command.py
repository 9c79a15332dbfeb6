"""``covidxr stats`` as a user sees it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from covidxr.cli import stats
from covidxr.cli.app import main
from covidxr.cli.render import labelplot
from covidxr.labelcounts import BY, LABEL_SETS

SNAPSHOT = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22"
needs_snapshot = pytest.mark.skipif(
    not SNAPSHOT.is_dir(), reason="the real table of 2020-06-22 is not on this machine"
)

TABLE = """\
patientid,finding,view,sex,modality,url
1,Pneumonia/Viral/COVID-19,PA,F,X-ray,https://radiopaedia.org/cases/a
1,"COVID-19, ARDS",AP,F,X-ray,https://radiopaedia.org/cases/a
2,No Finding,PA,M,X-ray,https://www.eurorad.org/case/1
3,todo,PA,M,X-ray,https://www.eurorad.org/case/2
5,E.Coli,AP Supine,M,X-ray,https://radiopaedia.org/cases/b
"""

SCREEN = """\
                    PA, AP                     AP Supine
Label                 with  without  patients       with  without  patients
───────────────────────────────────────────────────────────────────────────
No Finding               1        2         1          0        1         0
Pneumonia                2        1         1          1        0         1
  ARDS                   1        2         1          0        1         0
  Aspiration             0        3         0          0        1         0
  Bacterial              0        3         0          1        0         1
    Chlamydophila        0        3         0          0        1         0
    E.Coli               0        3         0          1        0         1
    Klebsiella           0        3         0          0        1         0
    Legionella           0        3         0          0        1         0
    Mycoplasma           0        3         0          0        1         0
    Nocardia             0        3         0          0        1         0
    Staphylococcus       0        3         0          0        1         0
      MRSA               0        3         0          0        1         0
    Streptococcus        0        3         0          0        1         0
  Fungal                 0        3         0          0        1         0
    Aspergillosis        0        3         0          0        1         0
    Pneumocystis         0        3         0          0        1         0
  Lipoid                 0        3         0          0        1         0
  Viral                  2        1         1          0        1         0
    COVID-19             2        1         1          0        1         0
    Herpes               0        3         0          0        1         0
    Influenza            0        3         0          0        1         0
      H1N1               0        3         0          0        1         0
    MERS-CoV             0        3         0          0        1         0
    SARS                 0        3         0          0        1         0
    Varicella            0        3         0          0        1         0
Tuberculosis             0        3         0          0        1         0

PA, AP: 3 images of 2 patients; 1 left out (1 todo).
AP Supine: 1 image of 1 patient.
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "metadata.csv").write_text(TABLE)
    return tmp_path


def run(root: Path, *arguments: str) -> int:
    return main(["stats", "--root", str(root), *arguments])


def test_the_table_on_a_terminal(root: Path, capsys: Output) -> None:
    assert run(root) == 0
    shown = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())
    assert shown == SCREEN.rstrip("\n")


def test_long_names_are_numbered_and_explained_below(root: Path, capsys: Output) -> None:
    assert run(root, "--by", "source") == 0
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == ["images/patients", "by source           [1]  [2]"]
    assert lines[4] == "Pneumonia           3/2    0"
    assert lines[-2:] == [
        "[1] = radiopaedia.org: 3 images of 2 patients.",
        "[2] = eurorad.org: 1 image of 1 patient; 1 left out (1 todo).",
    ]


def test_readme_and_markdown_are_the_same_table(root: Path, capsys: Output) -> None:
    run(root, "--format", "readme", "--group", "PA")
    readme = capsys.readouterr().out
    assert readme.startswith("| Label | PA: with | without | patients |\n|---|--:|--:|--:|\n")
    run(root, "--format", "markdown", "--group", "PA")
    assert capsys.readouterr().out == readme


def test_json_and_csv_hold_every_number(root: Path, capsys: Output) -> None:
    run(root, "--format", "json")
    said = json.loads(capsys.readouterr().out)
    assert (said["version"], said["labels"], said["by"]) == (1, "native", "views")
    assert said["groups"][0]["left_out"] == {"todo": 1}
    assert said["groups"][0]["labels"][1] == {
        "label": "Pneumonia",
        "images": 2,
        "images_without": 1,
        "patients": 1,
    }
    run(root, "--format", "csv", "--by", "sex")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 2 * len(said["groups"][0]["labels"])
    assert rows[0] == {
        "group": "M",
        "label": "No Finding",
        "images": "1",
        "images_without": "1",
        "patients": "1",
    }


@pytest.mark.parametrize("form", ["table", "readme"])
def test_a_loaders_table_has_one_form(root: Path, capsys: Output, form: str) -> None:
    run(root, "--labels", "xrv-2020-09", "--format", form, "--group", "PA")
    assert capsys.readouterr().out == (
        "COVID19_Dataset num_samples=2 views=['PA']\n"
        "{'COVID-19': {0.0: 1, 1.0: 1},\n"
        " 'No Finding': {0.0: 1, 1.0: 1},\n"
        " 'Pneumonia': {0.0: 1, 1.0: 1},\n"
        " 'Viral': {0.0: 1, 1.0: 1}}\n"
    )


def test_a_loaders_table_as_markdown_json_and_csv(root: Path, capsys: Output) -> None:
    options = ("--labels", "xrv-2020-09", "--group", "AP Supine")
    run(root, *options, "--format", "markdown")
    table = "COVID19_Dataset num_samples=1 views=['AP Supine']\n{'E.Coli': {1.0: 1}}\n"
    assert capsys.readouterr().out == f"```\n{table}```\n"
    run(root, *options, "--format", "json")
    assert json.loads(capsys.readouterr().out)["groups"][0]["labels"] == [
        {"label": "E.Coli", "images": 1, "images_without": None}
    ]
    run(root, *options, "--format", "csv")
    assert capsys.readouterr().out == "group,label,images,images_without\nAP Supine,E.Coli,1,\n"


@needs_snapshot
def test_the_published_table_comes_out_byte_for_byte() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from covidxr.cli.app import main; main()", "stats"),
            *("--root", str(SNAPSHOT), "--labels", "xrv-2020-05", "--format", "readme"),
        ],
        capture_output=True,
        check=True,
    )
    assert done.stdout == (SNAPSHOT / "published-stats.txt").read_bytes()


# -- README ----------------------------------------------------------------------------------------

README = "before\n<!-- covidxr stats: begin -->\nold\n<!-- covidxr stats: end -->\nafter\n"


def test_a_table_is_written_checked_and_found_stale(root: Path, capsys: Output) -> None:
    readme = root / "README.md"
    readme.write_text(README)
    assert run(root, "--check", str(readme)) == 1
    assert "\n-old\n" in capsys.readouterr().out
    assert run(root, "--write", str(readme), "--group", "PA") == 0
    assert '<!-- covidxr stats: begin groups="PA" -->\n\n| Label | PA: with' in readme.read_text()
    assert run(root, "--check", str(readme)) == 0
    (root / "metadata.csv").write_text(TABLE.replace("3,todo", "3,SARS"))
    capsys.readouterr()
    assert run(root, "--check", str(readme)) == 1
    shown = capsys.readouterr()
    assert "\n-| Pneumonia/Viral/SARS | 0 | 2 | 0 |\n" in shown.out
    assert "\n+| Pneumonia/Viral/SARS | 1 | 2 | 1 |\n" in shown.out
    assert "covidxr stats --write" in shown.err


# -- what cannot be done ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--group", "PA,,AP"], "is no view"),
        (["--labels", "xrv-2020-05", "--by", "sex"], "groups of views only"),
        (["--write", "README.md", "--check", "README.md"], "one of --plot, --write and --check"),
        (["--plot", "chart.pdf"], "a chart is a .png or a .svg file"),
        (["--plot", "chart.png", "--labels", "xrv-2020-05"], "native labels only"),
        (["--plot", "chart.png", "--group", "PA", "--group", "PA,AP"], "in one of them only"),
        (["--write", "absent.md"], "absent.md"),
    ],
)
def test_what_makes_no_sense_ends_with_two_and_a_line(
    root: Path,
    capsys: Output,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(root)
    assert run(root, *arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert shown.err.count("\n") == 1


def test_a_readme_without_markers_is_refused_with_what_to_do(root: Path, capsys: Output) -> None:
    readme = root / "README.md"
    readme.write_text("nothing\n")
    assert run(root, "--check", str(readme)) == 2
    assert "put <!-- covidxr stats: begin -->" in capsys.readouterr().err


def test_no_table_ends_with_two(tmp_path: Path, capsys: Output) -> None:
    assert run(tmp_path) == 2
    assert "metadata.csv" in capsys.readouterr().err


# -- chart -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_a_chart_is_drawn_the_same_every_time(
    root: Path, capsys: Output, kind: str, start: bytes
) -> None:
    first, second = root / f"first.{kind}", root / f"second.{kind}"
    assert run(root, "--plot", str(first)) == 0
    assert run(root, "--plot", str(second)) == 0
    assert capsys.readouterr().out == ""
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(start)
    assert b"dc:date" not in first.read_bytes()


def test_a_chart_shows_every_value_of_a_broken_down_table(root: Path) -> None:
    assert run(root, "--by", "source", "--plot", str(root / "chart.svg")) == 0
    assert (root / "chart.svg").stat().st_size > 10_000


# -- what it costs ---------------------------------------------------------------------------------


def test_the_choices_are_those_of_the_counting() -> None:
    assert [choice.value for choice in stats.Labels] == list(LABEL_SETS)
    assert [choice.value for choice in stats.By] == list(BY)
    assert labelplot.FORMATS == ("png", "svg")


@pytest.mark.parametrize("form", ["readme", "markdown", "json", "csv"])
def test_counting_loads_no_heavy_library(root: Path, form: str) -> None:
    code = (
        "import sys; from covidxr.cli.app import main;"
        f"main(['stats', '--root', {str(root)!r}, '--format', {form!r}]);"
        "heavy = {'pandas', 'pandera', 'numpy', 'matplotlib', 'PIL', 'rich.table'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_table_loads_rich_and_nothing_heavier(root: Path) -> None:
    code = (
        f"import sys; from covidxr.cli.app import main; main(['stats', '--root', {str(root)!r}]);"
        "heavy = {'pandas', 'pandera', 'numpy', 'matplotlib', 'PIL'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


HOSTILE = "\x1b[31mred\n::warning::pwned\x9b\u202e"


@pytest.mark.parametrize("by", ["finding", "source", "license"])
@pytest.mark.parametrize("form", ["table", "readme", "markdown", "csv", "json"])
def test_no_cell_reaches_the_terminal_as_a_command(
    root: Path, capsys: Output, by: str, form: str
) -> None:
    names = ["patientid", "finding", "url", "license"]
    text = io.StringIO()
    csv.writer(text).writerows([names, ["1", HOSTILE, HOSTILE, HOSTILE]])
    (root / "metadata.csv").write_text(text.getvalue(), newline="")
    assert (
        main(["--color", "never", "stats", "--root", str(root), "--by", by, "--format", form]) == 0
    )
    out = capsys.readouterr().out
    assert "pwned" in out
    assert not [letter for letter in out if not letter.isprintable() and letter != "\n"]
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]


def test_no_line_of_a_readme_reaches_the_terminal_as_it_is(root: Path, capsys: Output) -> None:
    readme = root / "README.md"
    marks = "<!-- covidxr stats: begin -->\n\x1b[31m\x9bold\n<!-- covidxr stats: end -->\n"
    readme.write_text(marks)
    assert main(["stats", "--root", str(root), "--check", str(readme)]) == 1
    out, err = capsys.readouterr()
    assert r"-\x1b[31m\x9bold" in out.splitlines()
    assert "\x1b" not in out + err
    readme.write_text(marks.replace("begin", "begin \x1b[31m="))
    assert main(["stats", "--root", str(root), "--check", str(readme)]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("columns", ["20", "40", "200"])
def test_no_number_is_cut_on_a_narrow_screen(
    columns: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    rows = "\n".join(f"{number},Pneumonia,PA" for number in range(1234))
    (tmp_path / "metadata.csv").write_text(f"patientid,finding,view\n{rows}\n")
    assert main(["stats", "--root", str(tmp_path)]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "Pneumonia" in line)
    assert re.findall(r"[\d,]+", line)[:3] == ["1,234", "0", "1,234"]
