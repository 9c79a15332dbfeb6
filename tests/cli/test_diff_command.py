"""``covidxr diff``: what a curator reads, and what a program and GitHub get."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from tests import build
from tests.gitrepo import committed

from covidxr.cli.app import main
from covidxr.cli.render.diff import MOST_CHARACTERS
from covidxr.csvread import parse
from covidxr.tablediff import apply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def write(root: Path, *changes: Mapping[str, str]) -> None:
    (root / "metadata.csv").write_text(build.csv_text(build.rows(*changes)))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a collection of three rows, committed once."""
    write(tmp_path, {}, {}, {})
    (tmp_path / "images").mkdir()
    committed(tmp_path)
    return tmp_path


CHANGED = (
    {"license": "CC-BY-NC-4.0"},
    {"sex": "M", "clinical_notes": " of his own", "age": "54 "},
    {"filename": "third.png"},
    {"view": "AP"},
)
TEXT = """\
HEAD → the working tree

1 row under a stricter licence
  ~ CC-BY-4.0 → CC-BY-NC-4.0, no more commercial use: 1 row (images/image-1.png)

Labels
  views   label                     images      patients
  PA, AP  (all)                      3 → 4  +1     3 → 4  +1
  PA, AP  Pneumonia                  3 → 4  +1     3 → 4  +1
  PA, AP  Pneumonia/Viral            3 → 4  +1     3 → 4  +1
  PA, AP  Pneumonia/Viral/COVID-19   3 → 4  +1     3 → 4  +1

1 row added
  + images/image-4.png (line 5): patient 4, Pneumonia/Viral/COVID-19, AP, X-ray, CC-BY-4.0

1 row with another file name
  ~ images/third.png (line 4, patient 3) was images/image-3.png, all other cells are the same

2 rows changed
  ~ images/image-1.png (line 2, patient 1)
      license: CC-BY-4.0 → CC-BY-NC-4.0
  ~ images/image-2.png (line 3, patient 2)
      sex: F → M
      age: '54' → '54 '
      clinical_notes: (blank) →  of his own

1 patient added
  4

3 → 4 rows (+1 ~3); 5 cells changed
"""


def test_text_says_first_what_harms_most_and_last_the_whole(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, *CHANGED)
    assert main(["diff", "--root", str(root)]) == 0
    assert capsys.readouterr().out == TEXT


def test_a_change_that_was_made_in_many_rows_is_summed_up(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {"modality": "CT"}, {"modality": "CT"}, {"modality": "DX"})
    main(["diff", "--root", str(root)])
    assert "  ~ modality, 3 cells: X-ray → CT ×2; 1 other\n" in capsys.readouterr().out


def test_nothing_differs_in_one_line_and_with_0(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "--root", str(root), "--exit-code"]) == 0
    assert capsys.readouterr().out == "HEAD → the working tree\nnothing differs\n"


def test_the_exit_code_tells_a_difference_where_it_is_asked_to(root: Path) -> None:
    write(root, {})
    assert main(["diff", "HEAD", "--root", str(root)]) == 0
    assert main(["diff", "HEAD", "--root", str(root), "--exit-code"]) == 1


def test_the_limit_says_how_many_more_there_are(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, *({"filename": f"new-{number}.png", "age": "1"} for number in range(9)))
    main(["diff", "--root", str(root), "--limit", "2"])
    assert "… and 7 more; --limit 0 shows all" in capsys.readouterr().out
    main(["diff", "--root", str(root), "--limit", "0"])
    assert "more; --limit" not in capsys.readouterr().out


def test_json_is_complete_enough_to_make_the_new_table(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = (root / "metadata.csv").read_bytes()
    new = old.replace(b"54", b"\xe9\x7f\xc2\x9b", 1).replace(b"\n", b"\r\n") + b"odd,one\n"
    (root / "metadata.csv").write_bytes(new)
    assert main(["diff", "--root", str(root), "--format", "json"]) == 0
    written = capsys.readouterr().out
    assert written.isascii()
    assert "\x7f" not in written
    record = json.loads(written)
    assert apply(parse(old), record["table"]["pieces"]) == new
    assert record["differs"]
    assert record["table"]["odd_added"][0]["text"] == "odd,one"


def test_markdown_shows_cells_as_they_are_and_mentions_nobody(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {"clinical_notes": "<b>@somebody</b> `x` #1 | y"}, {}, {})
    main(["diff", "--root", str(root), "--format", "markdown"])
    page = capsys.readouterr().out
    assert page.startswith("### Collection: HEAD → the working tree\n")
    assert "  - `clinical_notes`: (blank) → ``<b>@somebody</b> `x` #1 | y``\n" in page
    assert "<details><summary>1 row changed</summary>" in page


def test_markdown_of_much_fits_into_a_comment_and_counts_what_it_leaves_out(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [{"filename": f"{number}-{'x' * 80}.png", "age": "1"} for number in range(3000)]
    write(root, *many)
    main(["diff", "--root", str(root), "--format", "markdown"])
    page = capsys.readouterr().out
    assert len(page) <= MOST_CHARACTERS
    assert page.count("<details") == page.count("</details>")
    shown = len(re.findall(r"^- `images/", page, re.MULTILINE))
    left = [int(text.replace(",", "")) for text in re.findall(r"… and ([0-9,]+) more", page)]
    assert sum(left) + shown >= 3000


def test_what_a_terminal_would_obey_is_escaped(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {"sex": "\x1b[31m"}, {}, {})
    main(["diff", "--root", str(root)])
    assert "\x1b" not in capsys.readouterr().out


def test_a_revision_that_is_none_ends_with_2(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "no-such", "--root", str(root)]) == 2
    assert "git knows no revision 'no-such'" in capsys.readouterr().err


def test_groups_of_views_can_be_chosen(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root, {"view": "L"}, {}, {})
    main(["diff", "--root", str(root), "--group", "L"])
    assert "0 → 1" in capsys.readouterr().out
