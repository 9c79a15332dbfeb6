"""Tables as text: what is read agrees with ``csv``, and what is not edited stays byte for byte."""

from __future__ import annotations

import csv
import io
import mmap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from covidxr import csvread, csvtext
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Sequence

REAL = Path(__file__).parents[2] / "shared" / "real"
TABLES = ("history/*.csv", "2020-06-22/metadata.csv", "sample/metadata.csv")

BOM = "\ufeff"
PIECES = ['"', '""', ",", "\n", "\r\n", "\r", " ", "a", "bc", "é", "😀", "\0", BOM, "\udcff", "'"]
anything = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
cell = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
headers = st.sampled_from(["a", "a,b", "a,b,c,d", '"a",b', '"a\nb",c', "a,b,"])
ends = st.sampled_from(["\n", "\r\n", "\r"])


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def read(text: str) -> list[list[str]]:
    """All records as Python's own reader gives them."""
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def written(rows: Sequence[Sequence[str]], end: str) -> str:
    out = io.StringIO(newline="")
    # Python 3.11 quotes no lone carriage return by itself.
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def cells_of(text: csvtext.CsvText) -> list[list[str]]:
    return [[text.cell(row, at) for at in range(len(text.header))] for row in range(len(text))]


def records_of(text: csvtext.CsvText) -> list[csvtext.Record]:
    """Every record in file order: header, rows and odd ones."""
    rows = [text.record(row) for row in range(-1, len(text))]
    return sorted([*rows, *(odd.record for odd in text.odd)], key=lambda record: record.start)


def sliced(whole: str, span: csvtext.Span) -> str:
    """Text between two places, counted in physical lines and characters."""
    lines = io.StringIO(whole, newline="").readlines() or [""]
    lines.append("")  # a cell that ends with the file's last line end stops on the line after it
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    middle = "".join(lines[span.line : span.end_line - 1])
    first, last = lines[span.line - 1], lines[span.end_line - 1]
    return first[span.column - 1 :] + middle + last[: span.end_column - 1]


def tables() -> st.SearchStrategy[str]:
    """Raw text below a header: mostly no well-formed CSV."""
    return st.builds(
        lambda bom, header, end, body: bom + header + end + body,
        st.sampled_from(["", BOM]),
        headers,
        ends,
        anything,
    )


@settings(deadline=None)
@given(tables())
def test_cells_are_what_pythons_reader_gives(raw: str) -> None:
    text = csvread.parse(encoded(raw))
    header, *rows = read(raw)
    assert text.header == tuple(header)
    assert cells_of(text) == [row for row in rows if len(row) == len(header)]
    assert [list(odd.cells) for odd in text.odd] == [row for row in rows if len(row) != len(header)]


@settings(deadline=None)
@given(tables())
def test_records_follow_each_other_without_gap_and_know_their_line(raw: str) -> None:
    text = csvread.parse(encoded(raw))
    reached = bom = 3 if raw.startswith(BOM) else 0
    for record in records_of(text):
        assert record.start == reached
        before = bytes(text.data[bom : record.start]).decode("utf-8", "surrogateescape")
        assert record.line == len(io.StringIO(before, newline="").readlines()) + 1
        reached = record.stop
    assert reached == len(text.data)


@settings(deadline=None)
@given(tables())
def test_the_spans_of_a_record_agree_with_pythons_reader(raw: str) -> None:
    text = csvread.parse(encoded(raw))
    for record, cells in [
        *((text.record(row), each) for row, each in enumerate(cells_of(text))),
        *((odd.record, list(odd.cells)) for odd in text.odd if odd.cells),
    ]:
        as_written = text.text(record)
        pieces = [as_written[start:stop] for start, stop in csvtext.cell_spans(as_written)]
        assert [cell for piece in pieces for cell in read_one(piece)] == cells
        assert as_written.rstrip("\r\n") == ",".join(pieces).rstrip("\r\n")


def read_one(piece: str) -> list[str]:
    """Read what stands in one span; an empty span is an empty cell, not a blank line."""
    records = list(csv.reader(io.StringIO(piece, newline=""))) or [[""]]
    assert len(records) == 1
    return records[0]


@settings(deadline=None)
@given(tables())
def test_a_cells_place_leads_to_the_cell(raw: str) -> None:
    text = csvread.parse(encoded(raw))
    whole = bytes(text.data).decode("utf-8", "surrogateescape").removeprefix(BOM)
    for row, cells in enumerate([list(text.header), *cells_of(text)], start=-1):
        for column, expected in enumerate(cells):
            assert read_one(sliced(whole, text.span(row, column))) == [expected]


@settings(deadline=None)
@given(tables())
def test_editing_nothing_gives_the_same_bytes(raw: str) -> None:
    assert csvtext.edited(csvread.parse(encoded(raw)), {}) == encoded(raw)


@st.composite
def full_tables(draw: st.DrawFn) -> str:
    """Tables with at least one whole record, as csv.writer writes any cells."""
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=5))
    out = io.StringIO()
    always = draw(st.booleans())
    writer = csv.writer(
        out, lineterminator=draw(ends), quoting=csv.QUOTE_ALL if always else csv.QUOTE_MINIMAL
    )
    writer.writerow([f"c{number}" for number in range(width)])
    writer.writerows(rows)
    return out.getvalue()


@settings(deadline=None)
@given(raw=full_tables(), new=cell, data=st.data())
def test_an_edit_changes_one_cell_and_no_byte_of_another_record(
    raw: str, new: str, data: st.DataObject
) -> None:
    old = csvread.parse(encoded(raw))
    assume(len(old))
    row = data.draw(st.integers(0, len(old) - 1), label="row")
    column = data.draw(st.integers(0, len(old.header) - 1), label="column")
    after = csvtext.edited(old, {(row, column): new})

    record = old.record(row)
    rest = len(old.data) - record.stop
    assert after[: record.start] == old.data[: record.start]
    assert after[len(after) - rest :] == old.data[record.stop :]

    expected = cells_of(old)
    expected[row][column] = new
    again = csvread.parse(after)
    assert again.header == old.header
    assert cells_of(again) == expected
    assert [odd.cells for odd in again.odd] == [odd.cells for odd in old.odd]


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=6),
    end=ends,
    news=st.lists(cell, min_size=3, max_size=3),
    data=st.data(),
)
def test_many_edits_at_once_are_the_same_as_one_after_another(
    rows: list[list[str]], end: str, news: list[str], data: st.DataObject
) -> None:
    old = csvread.parse(encoded(written([["a", "b", "c"], *rows], end)))
    places = st.tuples(st.integers(0, len(old) - 1), st.integers(0, 2))
    chosen = data.draw(st.lists(places, min_size=3, max_size=3, unique=True))
    at_once = csvtext.edited(old, dict(zip(chosen, news, strict=True)))
    step = old
    for place, new in zip(chosen, news, strict=True):
        step = csvread.parse(csvtext.edited(step, {place: new}))
    assert at_once == bytes(step.data)


def test_an_edit_keeps_the_quotes_that_a_cell_had_and_adds_those_that_it_needs() -> None:
    text = csvread.parse(b'a,b,c\n"1",2,"x, y"\n')
    assert csvtext.edited(text, {(0, 0): "7"}) == b'a,b,c\n"7",2,"x, y"\n'
    assert csvtext.edited(text, {(0, 1): 'say "so"'}) == b'a,b,c\n"1","say ""so""","x, y"\n'


def test_a_header_cell_can_be_edited() -> None:
    text = csvread.parse(b"\xef\xbb\xbfa, url\n1,2\n")
    assert csvtext.edited(text, {(-1, 1): "url"}) == b"\xef\xbb\xbfa,url\n1,2\n"


def test_a_cell_of_several_lines_has_its_first_and_last_place() -> None:
    text = csvread.parse('id,note,z\n1,"first\nsécond",x\n2,plain,y\n'.encode())
    assert text.span(0, 1) == csvtext.Span(line=2, column=3, end_line=3, end_column=8)
    assert text.span(0, 2) == csvtext.Span(line=3, column=9, end_line=3, end_column=10)
    assert text.span(1, 0) == csvtext.Span(line=4, column=1, end_line=4, end_column=2)


def test_a_column_beyond_the_record_is_placed_behind_its_last_cell() -> None:
    text = csvread.parse(b"a,b\n1,22\n")
    assert text.span(0, 9) == csvtext.Span(line=2, column=5, end_line=2, end_column=5)


def test_odd_records_and_blank_lines_are_kept_apart_with_their_lines() -> None:
    text = csvread.parse(b"a,b\n1\n\n1,2\n1,2,3\n\n")
    assert cells_of(text) == [["1", "2"]]
    assert [(odd.record.line, odd.cells) for odd in text.odd] == [
        (2, ("1",)),
        (3, ()),
        (5, ("1", "2", "3")),
        (6, ()),
    ]


def test_nul_bytes_and_bytes_that_are_no_utf_8_come_back_as_they_were() -> None:
    raw = b"a,b\n\x00,\xff\xfe\n1,\xe9t\xe9\n"
    text = csvread.parse(raw)
    assert text.cell(0, 0) == "\0"
    assert text.cell(1, 1) == "\udce9t\udce9"
    assert csvtext.edited(text, {(1, 0): "2"}) == raw.replace(b"1,", b"2,")


def test_old_mac_line_ends_are_line_ends() -> None:
    text = csvread.parse(b"a,b\r1,2\r3,4\r")
    assert cells_of(text) == [["1", "2"], ["3", "4"]]
    assert text.span(1, 1).line == 3
    assert csvtext.edited(text, {(0, 1): "9"}) == b"a,b\r1,9\r3,4\r"


def test_a_file_without_a_last_line_end_stays_without_it() -> None:
    assert csvtext.edited(csvread.parse(b"a,b\n1,2"), {(0, 1): "3"}) == b"a,b\n1,3"


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    text = csvread.parse(b"\xef\xbb\xbfa,b\n1,2\n")
    assert text.has_bom
    assert text.header == ("a", "b")
    assert text.span(-1, 0).column == 1
    assert not csvread.parse(b"a,b\n").has_bom


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"x" * 50_000_000, (2, 50_000_003)),
        (b'"' + b"x\n" * 25_000_000 + b'"', (25_000_002, 2)),
        (b'"' + b'""' * 25_000_000 + b'"', (2, 50_000_005)),
    ],
    ids=["plain", "lines", "quotes"],
)
def test_a_cell_of_50_mb_is_read_placed_and_edited_around(
    body: bytes, place: tuple[int, int]
) -> None:
    text = csvread.parse(b"a,b\n1," + body + b"\n")
    span = text.span(0, 1)
    assert csvtext.edited(text, {(0, 0): "22"}) == b"a,b\n22," + body + b"\n"
    assert (span.end_line, span.end_column) == place


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_with_what_to_do(encoding: str) -> None:
    with pytest.raises(CollectionError, match=r"UTF-16; save it as UTF-8"):
        csvread.parse((BOM + "a,b\n1,2\n").encode(encoding))


def test_a_million_columns_are_refused() -> None:
    with pytest.raises(CollectionError, match=r"1,000,000 columns"):
        csvread.parse(b",".join([b"a"] * 1_000_000) + b"\n1\n")


def test_the_widest_table_that_is_read_has_a_thousand_columns() -> None:
    assert len(csvread.parse(b"a" + b",a" * 999).header) == 1000
    with pytest.raises(CollectionError, match=r"1,001 columns"):
        csvread.parse(b"a" + b",a" * 1000)


@pytest.mark.parametrize("raw", [b"", b"\n1,2\n", b" , ,\n1,2,3\n", b"\xef\xbb\xbf", b'""\n'])
def test_a_first_line_that_names_nothing_is_refused(raw: bytes) -> None:
    with pytest.raises(CollectionError, match=r"no header"):
        csvread.parse(raw)


@pytest.mark.parametrize("pattern", TABLES)
def test_every_real_table_is_read_and_written_byte_for_byte(pattern: str) -> None:
    paths = sorted(REAL.glob(pattern))
    if not paths:
        pytest.skip(f"{REAL / pattern} is not here")
    for path in paths:
        raw = path.read_bytes()
        text = csvread.parse(raw)
        assert csvtext.edited(text, {}) == raw, path.name
        itself = {(row, 0): text.cell(row, 0) for row in range(len(text))}
        assert csvtext.edited(text, itself) == raw, path.name
        whole = raw.decode("utf-8", "surrogateescape").removeprefix(BOM)
        assert [*cells_of(text), *(list(odd.cells) for odd in text.odd)] == [
            *(row for row in read(whole)[1:] if len(row) == len(text.header)),
            *(row for row in read(whole)[1:] if len(row) != len(text.header)),
        ], path.name


def test_a_mapped_file_is_read_as_its_bytes_are(tmp_path: Path) -> None:
    for raw in (b'a,b\n"1\n",2\n', b"a,b\r1,2\r"):
        path = tmp_path / "table.csv"
        path.write_bytes(raw)
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        ):
            text = csvread.parse(mapped)
            assert cells_of(text) == cells_of(csvread.parse(raw))
            assert csvtext.edited(text, {(0, 1): "3"}) == raw.replace(b"2", b"3")


@settings(deadline=None)
@given(raw=tables(), count=st.integers(2, 9))
def test_a_file_read_in_stretches_is_the_file_read_in_one(raw: str, count: int) -> None:
    data = raw.encode("utf-8", "surrogateescape")
    try:
        whole = csvread.parse(data)
    except CollectionError:
        return
    if csvread.has_lone_returns(data):
        return
    text = csvread.parse_header(data, lone_returns=False)
    begins = [text.header_record.stop]
    begins += [cut for cut in csvread.cuts(data, count) if cut > begins[0]]
    parts = [
        csvread.read_part(data, start, stop, len(text.header))
        for start, stop in zip(begins, [*begins[1:], len(data)], strict=True)
    ]
    if all(part.whole for part in parts[:-1]):
        assert csvread.joined(text, parts) == whole


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_byte_order_mark_is_refused_too(encoding: str) -> None:
    with pytest.raises(CollectionError, match=r"UTF-16 without a byte order mark"):
        csvread.parse("patientid,finding,filename\n1,COVID-19,a.png\n".encode(encoding))


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_than_the_comma_is_named(separator: str) -> None:
    raw = separator.join(["patientid", "finding", "filename"]) + "\n"
    with pytest.raises(CollectionError, match="separated by"):
        csvread.parse(raw.encode())
