"""Mending what needs no judgement changes the lines that it names and no other byte."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests import build

from covidxr import csvread, fix
from covidxr.columns import HEADER
from covidxr.errors import CollectionError
from covidxr.model import Fix, Hit, ImageDepth
from covidxr.plugins import discover
from covidxr.report import Found
from covidxr.validate import Options, Validation, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.fix import Edit

TODAY = dt.date(2020, 6, 22)

# Column, cell with a fault, cell as it is mended.
MENDED = [
    ("sex", "female", "F"),
    ("survival", "yes", "Y"),
    ("view", "Supino", "AP Supine"),
    ("view", " APS ", "AP Supine"),
    ("date", "Jan 22, 2020", "2020-01-22"),
    ("date", "22/01/2020", "2020-01-22"),
    ("doi", "https://doi.org/10.5555/AbC", "10.5555/AbC"),
    ("doi", "10.5555/12345678 ", "10.5555/12345678"),
    ("license", "CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
    ("temperature", "38,5", "38.5"),
    ("url", " https://example.org/x", "https://example.org/x"),
    ("modality", "x-ray", "X-ray"),
]
# Column and cell that only a person can mend.
LEFT = [
    ("sex", "?"),
    ("view", "HRCT"),
    ("date", "01/02/2020"),
    ("license", "CC BY-NC-SA"),
    ("temperature", "95"),
    ("finding", "COVID-19"),
    ("doi", "abc"),
    ("clinical_notes", 'says "fine", then\nleaves'),
    ("other_notes", "  indented"),
]


def validated(root: Path, *select: str, depth: ImageDepth = ImageDepth.NONE) -> Validation:
    return validate(Options(root=root, today=TODAY, select=select, depth=depth))


def planned(root: Path, *select: str, depth: ImageDepth = ImageDepth.NONE) -> tuple[Edit, ...]:
    validation = validated(root, *(select or ("CSV106", "SCH2")), depth=depth)
    return fix.plan(validation.found, validation.dataset)


def fixed(root: Path, *select: str, depth: ImageDepth = ImageDepth.NONE) -> tuple[Edit, ...]:
    validation = validated(root, *(select or ("CSV106", "SCH2")), depth=depth)
    edits = fix.plan(validation.found, validation.dataset)
    fix.apply(root, validation.dataset, edits)
    return edits


def write(root: Path, *changes: Mapping[str, str], end: str = "\n") -> bytes:
    raw = build.csv_text(build.rows(*changes)).replace("\n", end).encode()
    (root / "metadata.csv").write_bytes(raw)
    return raw


@pytest.mark.parametrize(("name", "faulty", "good"), MENDED)
def test_a_fault_with_one_remedy_is_mended(
    tmp_path: Path, name: str, faulty: str, good: str
) -> None:
    raw = write(tmp_path, {}, {name: faulty}, {})
    (edit,) = fixed(tmp_path)
    assert (edit.row, edit.line, edit.name) == (1, 3, name)
    assert (edit.old, edit.new) == (faulty, good)
    # A cell that stood in quotes stays in quotes, needed or not.
    line = raw.splitlines(keepends=True)[2]
    mended = line.replace(f",{faulty},".encode(), f",{good},".encode())
    mended = mended.replace(f'"{faulty}"'.encode(), f'"{good}"'.encode())
    assert mended != line
    assert (tmp_path / "metadata.csv").read_bytes() == raw.replace(line, mended)


@pytest.mark.parametrize(("name", "cell"), LEFT)
def test_what_needs_judgement_is_left_as_it_is(tmp_path: Path, name: str, cell: str) -> None:
    raw = write(tmp_path, {name: cell})
    assert fixed(tmp_path) == ()
    assert (tmp_path / "metadata.csv").read_bytes() == raw


def test_where_a_cell_has_blanks_and_a_bad_spelling_both_are_mended_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"view": " supino "})
    (edit,) = fixed(tmp_path)
    assert edit.new == "AP Supine"
    assert edit.codes == ("CSV106", "SCH203")


faults = st.sampled_from([*((name, cell) for name, cell, _ in MENDED), *LEFT])
rows = st.dictionaries(st.sampled_from(HEADER), st.nothing()) | st.lists(faults, max_size=3).map(
    dict
)
tables = st.builds(
    lambda changes, quoted, odd: (changes, quoted, odd),
    st.lists(rows, min_size=1, max_size=6),
    st.booleans(),
    st.sampled_from([b"", b"1,2\n", b"\n", b'"\xe9\n",x\n']),
)
line_ends = st.sampled_from(["\n", "\r\n"])


def records_of(raw: bytes) -> list[bytes]:
    text = csvread.parse(raw)
    spans = [text.record(row) for row in range(len(text))]
    return [raw[span.start : span.stop] for span in spans]


@settings(max_examples=60, deadline=None)
@given(table=tables, end=line_ends)
def test_fixing_changes_only_the_records_that_it_names_and_once_is_enough(
    table: tuple[list[dict[str, str]], bool, bytes], end: str
) -> None:
    changes, quoted, odd = table
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        raw = write(root, *changes, end=end) + odd
        if quoted:
            raw = raw.replace(b",PA,", b',"PA",').replace(b",F,", b',"F",')
        (root / "metadata.csv").write_bytes(raw)
        edits = fixed(root)
        after = (root / "metadata.csv").read_bytes()
        assert planned(root) == ()
    named = {edit.row for edit in edits}
    old, new = records_of(raw), records_of(after)
    assert len(old) == len(new)
    assert {row for row, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]} == (
        named
    )
    # Outside the records that are named every byte stands as it stood: ragged and blank lines too.
    for row in sorted(named, reverse=True):
        record, renewed = csvread.parse(raw).record(row), csvread.parse(after).record(row)
        raw = raw[: record.start] + raw[record.stop :]
        after = after[: renewed.start] + after[renewed.stop :]
    assert after == raw


@settings(max_examples=25, deadline=None)
@given(table=tables, end=line_ends, ended=st.booleans())
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_diff_applied_with_git_gives_what_fixing_gives(
    table: tuple[list[dict[str, str]], bool, bytes], end: str, *, ended: bool
) -> None:
    changes, _, odd = table
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        raw = write(root, *changes, end=end) + odd
        raw = raw if ended else raw.removesuffix(end.encode())
        (root / "metadata.csv").write_bytes(raw)
        validation = validated(root, "CSV106", "SCH2")
        edits = fix.plan(validation.found, validation.dataset)
        patch = fix.diff(validation.dataset, edits)
        assert (root / "metadata.csv").read_bytes() == raw
        assert bool(patch) is bool(edits)
        if not edits:
            return
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(
            ["git", "-C", folder, "apply", "--unidiff-zero", "--whitespace=nowarn"],
            input=patch.encode("utf-8", "surrogateescape"),
            check=True,
        )
        applied = (root / "metadata.csv").read_bytes()
        (root / "metadata.csv").write_bytes(raw)
        fixed(root)
        assert (root / "metadata.csv").read_bytes() == applied


def test_a_diff_counts_lines_as_git_does_behind_a_lone_carriage_return(tmp_path: Path) -> None:
    write(tmp_path, {"other_notes": "one\rtwo"}, {"sex": "male"})
    raw = (tmp_path / "metadata.csv").read_bytes().replace(b"one\rtwo", b'"one\rtwo"')
    (tmp_path / "metadata.csv").write_bytes(raw)
    validation = validated(tmp_path, "SCH2")
    patch = fix.diff(validation.dataset, fix.plan(validation.found, validation.dataset))
    assert "@@ -3,1 +3,1 @@" in patch


def test_a_diff_counts_on_where_a_cell_loses_a_line(tmp_path: Path) -> None:
    write(tmp_path, {"doi": "10.5555/x\n"}, {"sex": "male"})
    validation = validated(tmp_path, "CSV106", "SCH2")
    patch = fix.diff(validation.dataset, fix.plan(validation.found, validation.dataset))
    hunks = [line for line in patch.splitlines() if line.startswith("@@")]
    assert hunks == ["@@ -2,2 +2,1 @@", "@@ -4,1 +3,1 @@"]


def test_a_fix_that_changes_nothing_or_has_no_column_is_no_edit() -> None:
    data = build.dataset({}, files={})
    spelling = discover("covidxr.rules")["SCH203"]
    hits = [
        Hit(message="m", rows=[0], field="sex", fix=Fix(value="F")),
        Hit(message="m", rows=[0], field="absent", fix=Fix(value="x")),
        Hit(message="m", rows=[0], fix=Fix(value="x")),
        Hit(message="m", rows=[0], field="age"),
    ]
    assert fix.plan([Found(spelling, hit) for hit in hits], data) == ()


# --- files ---------------------------------------------------------------------------------------


def picture(form: str, shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (300, 300), shade).save(out, form)
    return out.getvalue()


def with_pictures(root: Path, *names: str) -> Path:
    """Make a collection of JPEG files under some names, a row each."""
    write(root, *({"filename": name} for name in names))
    (root / "images").mkdir()
    for number, name in enumerate(dict.fromkeys(names)):
        (root / "images" / name).write_bytes(picture("JPEG", 10 * number))
    return root


def test_a_wrong_extension_renames_the_file_and_the_cell_together(tmp_path: Path) -> None:
    with_pictures(tmp_path, "one.png", "two.jpg")
    before = (tmp_path / "images" / "one.png").read_bytes()
    (edit,) = fixed(tmp_path, "IMG106", depth=ImageDepth.STRUCTURE)
    assert (edit.old, edit.new) == ("one.png", "one.jpg")
    assert edit.rename == ("images/one.png", "images/one.jpg")
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == ["one.jpg", "two.jpg"]
    assert (tmp_path / "images" / "one.jpg").read_bytes() == before
    assert (tmp_path / "metadata.csv").read_text() == build.csv_text(
        build.rows({"filename": "one.jpg"}, {"filename": "two.jpg"})
    )
    assert planned(tmp_path, "IMG", depth=ImageDepth.STRUCTURE) == ()


@pytest.mark.parametrize(
    "names",
    [("one.png", "one.jpg"), ("one.png", "ONE.JPG")],
    ids=["the name is taken", "the name is taken in another case"],
)
def test_a_file_whose_new_name_is_not_plain_is_not_renamed(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    with_pictures(tmp_path, *names)
    files = sorted(path.name for path in (tmp_path / "images").iterdir())
    raw = (tmp_path / "metadata.csv").read_bytes()
    assert fixed(tmp_path, "IMG106", depth=ImageDepth.STRUCTURE) == ()
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == files
    assert (tmp_path / "metadata.csv").read_bytes() == raw


def test_a_file_that_two_rows_name_is_renamed_once_and_both_rows_with_it(tmp_path: Path) -> None:
    with_pictures(tmp_path, "one.png", "one.png", "two.jpg")
    edits = fixed(tmp_path, "IMG106", depth=ImageDepth.STRUCTURE)
    assert [(edit.line, edit.new) for edit in edits] == [(2, "one.jpg"), (3, "one.jpg")]
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == ["one.jpg", "two.jpg"]


def test_a_rename_that_would_leave_a_row_behind_is_not_made(tmp_path: Path) -> None:
    with_pictures(tmp_path, "one.png", "one.png")
    validation = validated(tmp_path, "IMG106", depth=ImageDepth.STRUCTURE)
    (found,) = validation.found
    half = replace(found, hit=replace(found.hit, rows=found.hit.rows[:1]))
    assert fix.plan([half], validation.dataset) == ()


def test_two_files_that_would_get_one_name_both_keep_theirs(tmp_path: Path) -> None:
    with_pictures(tmp_path, "one.png", "one.gif")
    fixed(tmp_path, "IMG106", depth=ImageDepth.STRUCTURE)
    names = {path.name for path in (tmp_path / "images").iterdir()}
    assert len(names) == 2
    cells = csvread.parse((tmp_path / "metadata.csv").read_bytes())
    at = cells.header.index("filename")
    assert {cells.cell(row, at) for row in range(2)} == names


def test_when_the_disk_refuses_neither_the_cell_nor_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_pictures(tmp_path, "one.png")
    raw = (tmp_path / "metadata.csv").read_bytes()

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(CollectionError, match=r"No space left"):
        fixed(tmp_path, "IMG106", depth=ImageDepth.STRUCTURE)
    assert (tmp_path / "metadata.csv").read_bytes() == raw
    assert [path.name for path in (tmp_path / "images").iterdir()] == ["one.png"]


def test_a_diff_names_the_files_that_would_be_renamed_and_renames_none(tmp_path: Path) -> None:
    with_pictures(tmp_path, "one.png")
    validation = validated(tmp_path, "IMG106", depth=ImageDepth.STRUCTURE)
    patch = fix.diff(validation.dataset, fix.plan(validation.found, validation.dataset))
    first, *rest = patch.splitlines()
    assert first == "# rename images/one.png -> images/one.jpg"
    assert rest[:2] == ["--- a/metadata.csv", "+++ b/metadata.csv"]
    assert (tmp_path / "images" / "one.png").exists()
