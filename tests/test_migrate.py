"""Earlier tables in today's form: the header and the findings change, and nothing else does."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covidxr import csvread
from covidxr.columns import HEADER, resolve
from covidxr.errors import CollectionError, UsageError
from covidxr.migrate import migrate, plan
from covidxr.model import ImageDepth
from covidxr.table import Table
from covidxr.validate import Options, validate

HISTORY = sorted((Path(__file__).parents[2] / "shared" / "real" / "history").glob("*.csv"))
needs_history = pytest.mark.skipif(not HISTORY, reason="shared/real/history is not here")
real = pytest.mark.parametrize("path", HISTORY, ids=[path.stem for path in HISTORY])

FIRST = "Patientid,offset,sex,age,finding,year, filename, url,"
MARCH = "Patientid,offset,sex,age,finding,survival,view,date,location,filename,doi, url,license"
NOTES = f"{MARCH},clinical notes,other notes"
SPILL = f"{NOTES},"
LATER = (
    "patientid,offset,sex,age,finding,survival,modality,temperature,pO2 saturation,wbc count,"
    "filename,license,shoe size,other_notes"
)

TABLES = {
    "first": f"{FIRST}\n1,0,M,65,COVID-19,2020,a.png,https://example.org,\n",
    "carriage returns": f'{MARCH}\r\n1,,F,,"COVID-19, ARDS",Y,PA,2020,"Rome, Italy",a.png,,,\r\n',
    "spilled": f'{SPILL}\n1,,F,,ARDS,,PA,,,a.png,,,CC,"said ""no""\nlater",note,of the licence\n'
    "2,,M,,No Finding,,PA,,,b.png,,,CC,,,\n"
    "3,,M,,todo,,PA,,,c.png,,,CC,,,spilled too\n",
    "ragged": f"{NOTES}\n1,,F\n2,,M,,SARS,,PA,,,b.png,,,CC,,\n\n"
    "3,,M,,SARS,,PA,,,c.png,,,CC,,,x,y\n",
    "ragged beside an unnamed column": f"{SPILL}\n1,,F,,SARS,,PA,,,a.png,,,CC,,n,lost?,more\n",
    "a column of their own": f"{LATER}\n7,1,M,50,Streptococcus,N,X-ray,38,93,6,a.png,CC0,44,n\n",
    "an open quote": f'{SPILL}\n1,,F,,SARS,,PA,,,a.png,,,CC,,n,"never\nended\n2,,x\n',
    "an open quote in front": f'{FIRST}\n1,0,M,65,SARS,2020,a.png,"https://example.org\n2,0\n',
    "today's": ",".join(HEADER) + "\n" + ",".join(["1"] * 29) + "\n",
    "a byte order mark": f"\ufeff{FIRST}\n1,0,M,65,COVID-19,2020,a.png,,\n",
    "no last line end": f"{FIRST}\n1,0,M,65,COVID-19,2020,a.png,,",
    "a header alone": f"{FIRST}\n",
}
invented = pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)


def table_of(raw: bytes | str) -> Table:
    return Table(csvread.parse(raw if isinstance(raw, bytes) else raw.encode()))


def words_of(raw: bytes) -> Counter[str]:
    """All texts below the header, in whatever cell: what must not get lost."""
    lines = io.StringIO(raw.decode("utf-8", "surrogateescape").removeprefix("\ufeff"), newline="")
    records = list(csv.reader(lines))[1:]
    return Counter(word for record in records for cell in record for word in cell.split())


def check_cells(raw: bytes) -> None:
    """Compare every cell of every whole record with what the migration says it did."""
    old = table_of(raw)
    done = plan(old)
    new = table_of(done.data)
    said = {
        (line, change.name): (change.old, change.new)
        for change in done.changes
        for line in change.lines
    }
    row_at = {line: row for row, line in enumerate(old.text.lines)}
    assert {line for line, _ in said} <= set(row_at)
    if len(new) != len(old):
        return  # A short record is whole now; `migrate` then looks at its finding too.
    header = old.text.header
    stood = {today: header.index(earlier) for earlier, today in done.renamed if earlier.strip()}
    notes = [at for at, cell in enumerate(header) if not cell.strip() and any(old.text.values[at])]
    if ("", "other_notes") in done.renamed:
        stood["other_notes"] = notes[0]
    for line, row in row_at.items():
        for name in HEADER:
            position = stood.get(name, header.index(name) if name in header else None)
            before = "" if position is None else old.text.cell(row, position)
            expected = said.get((line, name), (before, before))
            assert expected[0] == before or name == "other_notes"
            assert new.cell(row, name) == expected[1], (line, name)


def check_nothing_is_lost(raw: bytes) -> None:
    old = table_of(raw)
    done = plan(old)
    findings = Counter(
        word for change in done.changes if change.name == "finding"
        for word in " ".join([change.old] * len(change.lines)).split()
    )  # fmt: skip
    # A note with another behind it gets a semicolon.
    words, kept = words_of(raw), words_of(done.data)
    missing = words - kept - findings
    assert {f"{word};" for word in missing} <= set(kept) | {""}


@invented
def test_an_invented_table_gets_todays_header_and_keeps_every_other_cell(text: str) -> None:
    done = plan(table_of(text))
    header = csvread.parse(done.data).header
    assert header[: len(HEADER)] == HEADER
    assert header[len(HEADER) :] == done.kept
    check_cells(text.encode())
    check_nothing_is_lost(text.encode())


@invented
def test_a_second_migration_changes_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_bytes(text.encode())
    migrate(tmp_path, encoding=None, write=True)
    after = (tmp_path / "metadata.csv").read_bytes()
    again = migrate(tmp_path, encoding=None, write=True)
    assert again.changes == ()
    assert (again.renamed, again.added, again.moved, again.dropped) == ((), (), False, 0)
    assert again.data == after == (tmp_path / "metadata.csv").read_bytes()


def test_findings_become_paths_and_those_without_a_place_are_left(tmp_path: Path) -> None:
    findings = ["COVID-19", '"COVID-19, ARDS"', "Suspected COVID-19", "Covfefe", "todo", ""]
    lines = [f"{number},{finding},a.png" for number, finding in enumerate(findings)]
    (tmp_path / "metadata.csv").write_text("\n".join(["patientid,finding,filename", *lines, ""]))
    done = migrate(tmp_path, encoding=None, write=False)
    assert [(change.old, change.new, change.lines) for change in done.changes] == [
        ("COVID-19", "Pneumonia/Viral/COVID-19", (2,)),
        ("COVID-19, ARDS", "Pneumonia/Viral/COVID-19|Pneumonia/ARDS", (3,)),
    ]
    assert [line for line, _ in done.left] == [4, 5]


def test_spilled_text_stands_behind_the_note_of_its_row() -> None:
    new = table_of(plan(table_of(TABLES["spilled"])).data)
    notes = [new.cell(row, "other_notes") for row in range(3)]
    assert notes == ["note; of the licence", "", "spilled too"]
    assert new.cell(0, "clinical_notes") == 'said "no"\nlater'


def test_spilled_text_becomes_the_notes_of_a_table_that_has_none() -> None:
    new = table_of(plan(table_of(f"{FIRST}\n1,0,M,65,SARS,2020,a.png,,courtesy\n")).data)
    assert new.cell(0, "other_notes") == "courtesy"


def test_an_unnamed_column_that_becomes_the_notes_is_told_as_renamed() -> None:
    done = plan(table_of(f"{FIRST}\n1,0,M,65,SARS,2020,a.png,,courtesy\n"))
    assert ("", "other_notes") in done.renamed
    assert "other_notes" not in done.added


def test_ragged_records_stay_ragged_and_are_left_for_a_person() -> None:
    done = plan(table_of(TABLES["ragged"]))
    assert [line for line, _ in done.left] == [2, 5]
    odd = csvread.parse(done.data).odd
    assert [len(each.cells) for each in odd] == [3, 0, 31]


def test_what_comes_to_stand_behind_an_open_quote_does_not_fall_into_it() -> None:
    done = plan(table_of('filename,patientid,finding\na.png,"1\n'))
    (odd,) = csvread.parse(done.data).odd
    assert odd.cells[0] == "1\n"
    assert odd.cells[-1] == "a.png"


def test_what_happened_to_the_header_is_told() -> None:
    done = plan(table_of(TABLES["a column of their own"]))
    assert dict(done.renamed) == {
        "pO2 saturation": "pO2_saturation",
        "wbc count": "leukocyte_count",
    }
    assert done.kept == ("shoe size",)
    assert {"view", "RT_PCR_positive", "doi"} <= set(done.added)
    assert not set(done.added) & set(resolve(tuple(LATER.split(","))))
    assert plan(table_of(TABLES["first"])).dropped == 1


def test_columns_in_another_order_are_moved_with_their_quotes() -> None:
    done = plan(table_of('filename,patientid,finding\n"a.png",1,"SARS"\n'))
    assert done.moved
    assert b',"a.png",' in done.data
    assert done.data.startswith(",".join(HEADER).encode())


cells = st.lists(
    st.sampled_from(['"', ",", "\n", "\r\n", " ", "x", "COVID-19", "todo", "é", "\udce9"]),
    max_size=4,
).map("".join)
tables = st.lists(st.lists(cells, min_size=14, max_size=18), max_size=5)


@settings(deadline=None)
@given(rows=tables, header=st.sampled_from([NOTES, SPILL, f"{SPILL},"]))
def test_no_table_of_any_cells_loses_one_or_changes_one_unsaid(
    rows: list[list[str]], header: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    raw = f"{header}\n{out.getvalue()}".encode("utf-8", "surrogateescape")
    check_cells(raw)
    check_nothing_is_lost(raw)
    again = plan(table_of(plan(table_of(plan(table_of(raw)).data)).data))
    assert again.changes == ()


# --- files ---------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_tells_the_same(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text(TABLES["first"])
    told = migrate(tmp_path, encoding=None, write=False)
    assert (tmp_path / "metadata.csv").read_text() == TABLES["first"]
    assert migrate(tmp_path, encoding=None, write=True) == told
    assert (tmp_path / "metadata.csv").read_bytes() == told.data


def test_an_encoding_that_is_named_is_used_and_one_that_is_not_keeps_the_bytes(
    tmp_path: Path,
) -> None:
    raw = f"{NOTES}\n1,,F,,SARS,,PA,,Zürich,a.png,,,CC,,\n".encode("mac_roman")
    (tmp_path / "metadata.csv").write_bytes(raw)
    assert "Zürich".encode("mac_roman") in migrate(tmp_path, encoding=None, write=False).data
    migrate(tmp_path, encoding="mac_roman", write=True)
    assert "Zürich".encode() in (tmp_path / "metadata.csv").read_bytes()


def test_a_table_that_is_utf_8_is_not_read_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_bytes(f"{FIRST}\n1,,M,,SARS,,Zü.png,,\n".encode())
    assert "Zü.png".encode() in migrate(tmp_path, encoding="mac_roman", write=False).data


@pytest.mark.parametrize("encoding", ["martian", "rot13", "utf-16", "ascii", "idna", "a\0b"])
def test_an_encoding_that_is_none_or_does_not_fit_is_refused(tmp_path: Path, encoding: str) -> None:
    raw = f"{FIRST}\n1,,M,,SARS,,Z".encode() + b"\xfc.png,,\n"
    (tmp_path / "metadata.csv").write_bytes(raw)
    with pytest.raises(UsageError, match=r"cannot be read as"):
        migrate(tmp_path, encoding=encoding, write=True)
    assert (tmp_path / "metadata.csv").read_bytes() == raw


def test_a_table_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"there is no"):
        migrate(tmp_path, encoding=None, write=True)


# --- real tables ---------------------------------------------------------------------------------


@needs_history
@real
def test_a_real_table_gets_todays_header_and_keeps_every_other_cell(path: Path) -> None:
    check_cells(path.read_bytes())
    check_nothing_is_lost(path.read_bytes())


@needs_history
@real
def test_a_real_table_migrated_has_no_fault_in_its_header(path: Path, tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_bytes(path.read_bytes())
    done = migrate(tmp_path, encoding=None, write=True)
    assert csvread.parse(done.data).header == HEADER
    options = Options(
        root=tmp_path, today=dt.date(2020, 7, 1), select=("SCH1",), depth=ImageDepth.NONE
    )
    assert validate(options).report.diagnostics == ()
    after = (tmp_path / "metadata.csv").read_bytes()
    again = migrate(tmp_path, encoding=None, write=True)
    assert again.changes == ()
    assert (tmp_path / "metadata.csv").read_bytes() == after
