"""Rewriting a table of any earlier form to today's header and findings.

This workflow moves cells as they are written, quotes included, and changes the text of those that
it names alone. What it cannot place it keeps and says so; it prints nothing.
"""

from __future__ import annotations

import codecs
import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr import csvread, csvtext, labels, store
from covidxr.columns import HEADER
from covidxr.errors import UsageError
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from covidxr.csvtext import CsvText

_SPILL = "other_notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One text of a column that becomes another.

    Parameters
    ----------
    name : str
        Today's name of the column.
    old, new : str
        The text before and after.
    lines : tuple of int
        1-based lines of the file before, ascending.
    """

    name: str
    old: str
    new: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What a migration does.

    Parameters
    ----------
    data : bytes
        The whole new table; the old bytes where nothing changes.
    renamed : tuple of (str, str)
        Header cells that get another spelling, old and new.
    added : tuple of str
        Columns that the table did not have; blank in every row.
    moved : bool
        Whether columns change their order.
    dropped : int
        Unnamed columns that held nothing.
    kept : tuple of str
        Columns that today's schema does not know; they stand behind the others.
    changes : tuple of Change
        Cells that get another text.
    left : tuple of (int, str)
        Lines that need a person, and why.
    """

    data: bytes
    renamed: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    moved: bool = False
    dropped: int = 0
    kept: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    left: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class _Plan:
    """Where each cell of the new table comes from."""

    text: CsvText
    sources: list[int | None]
    header: list[str]
    spilled: list[int]
    edits: dict[tuple[int, int], str] = field(default_factory=dict)


def migrate(root: Path, *, encoding: str | None, write: bool) -> Migration:
    """Migrate a collection's table.

    Parameters
    ----------
    root : Path
        The collection's folder.
    encoding : str or None
        The encoding of a table that is not UTF-8, as a person knows it.
    write : bool
        Whether the table is replaced; else only the plan is made.

    Returns
    -------
    Migration
        What changes.

    Raises
    ------
    CollectionError
        If the table cannot be read or written.
    UsageError
        If the encoding is not known or does not fit.
    """
    old = store.read_collection(root).table.text
    text = old if encoding is None else csvread.parse(_recoded(old, encoding))
    done = plan(Table(text))
    # A record that lacked no more than an unnamed column is whole now: its finding is next.
    again = plan(Table(csvread.parse(done.data)))
    if again.changes:
        lines = {line for line, _ in again.left}
        left = tuple(each for each in done.left if each[0] in lines)
        done = replace(done, data=again.data, changes=done.changes + again.changes, left=left)
    if write and done.data != bytes(old.data[: len(old.data)]):
        store.write_table(root, old, done.data, {})
    return done


def _recoded(text: CsvText, encoding: str) -> bytes:
    data = bytes(text.data[: len(text.data)])
    try:
        # A name that is no encoding is a mistake even where it is not needed.
        codecs.lookup(encoding)
        with contextlib.suppress(UnicodeDecodeError):
            data.decode("utf-8")
            return data
        return data.decode(encoding).encode("utf-8")
    except (LookupError, ValueError) as error:
        msg = f"the table cannot be read as {encoding}: {error}"
        raise UsageError(msg) from None


def plan(table: Table) -> Migration:
    """Work out what a migration does to a table.

    Parameters
    ----------
    table : Table
        Any earlier form.

    Returns
    -------
    Migration
        Today's header, today's findings, and every other cell as it is written.
    """
    text = table.text
    layout, kept, dropped = _layout(table)
    changes = tuple(_finding_changes(table, layout)) + tuple(_spill_changes(table, layout))
    if layout.header == list(text.header):
        data = csvtext.edited(text, layout.edits)
    else:
        data = _rewritten(layout)
    order = [source for source in layout.sources if source is not None]
    # Where each of today's columns stood, the unnamed one that became other_notes included.
    stood = dict(zip(HEADER, layout.sources, strict=False))
    return Migration(
        data=data,
        renamed=tuple(
            (text.header[position], name)
            for name, position in sorted(stood.items(), key=lambda pair: pair[1] or 0)
            if position is not None and text.header[position] != name
        ),
        added=tuple(name for name, position in stood.items() if position is None),
        moved=order != sorted(order),
        dropped=dropped,
        kept=kept,
        changes=changes,
        left=tuple(_left(table)),
    )


def _layout(table: Table) -> tuple[_Plan, tuple[str, ...], int]:
    text = table.text
    spilled, unknown, dropped = [], [], 0
    for position, name in enumerate(table.names):
        if name is not None:
            continue
        if text.header[position].strip():
            unknown.append(position)
        elif any(value.strip() for value in text.values[position]):
            spilled.append(position)
        else:
            dropped += 1
    layout = _Plan(
        text=text,
        sources=[table.fields.get(name) for name in HEADER] + list(unknown),
        header=[*HEADER, *(text.header[position] for position in unknown)],
        spilled=spilled,
    )
    return layout, tuple(text.header[position] for position in unknown), dropped


def _finding_changes(table: Table, layout: _Plan) -> Iterator[Change]:
    position = table.fields.get("finding")
    if position is None:
        return
    rows_of = _rows_by_code(table.text, position)
    for code, old in enumerate(table.text.values[position]):
        new = labels.read_finding(old.strip()).canonical if old.strip() else None
        if new is None or new == old:
            continue
        rows = rows_of[code]
        layout.edits.update(dict.fromkeys(((row, position) for row in rows), new))
        yield Change(name="finding", old=old, new=new, lines=_lines(table.text, rows))


def _spill_changes(table: Table, layout: _Plan) -> Iterator[Change]:
    """Move text of unnamed columns behind that of other_notes."""
    notes = table.fields.get(_SPILL)
    if notes is None:
        # Without a column for notes the unnamed one becomes it, the first of them if several.
        if layout.spilled:
            layout.sources[HEADER.index(_SPILL)] = layout.spilled.pop(0)
        notes = layout.sources[HEADER.index(_SPILL)]
    for position in layout.spilled:
        rows_of = _rows_by_code(table.text, position)
        for code, spilled in enumerate(table.text.values[position]):
            if not spilled.strip():
                continue
            for row in rows_of[code]:
                place = (row, notes if notes is not None else position)
                old = layout.edits.get(place, table.text.cell(*place))
                new = "; ".join(part for part in (old.strip(), spilled.strip()) if part)
                layout.edits[place] = new
                yield Change(name=_SPILL, old=old, new=new, lines=_lines(table.text, [row]))


def _rows_by_code(text: CsvText, position: int) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in text.values[position]]
    for row, code in enumerate(text.codes[position]):
        rows[code].append(row)
    return rows


def _lines(text: CsvText, rows: Sequence[int]) -> tuple[int, ...]:
    return tuple(text.lines[row] for row in rows)


def _rewritten(layout: _Plan) -> bytes:
    """Write every record in the new order, cells as they were written."""
    text = layout.text
    places: list[tuple[int, int | None, csvtext.Record]] = [
        (text.record(row).start, row, text.record(row)) for row in range(len(text))
    ]
    places += [(odd.record.start, None, odd.record) for odd in text.odd]
    header = text.text(text.header_record)
    pieces = [
        text.data[: text.header_record.start].decode("utf-8"),
        ",".join(csvtext.quoted(name) for name in layout.header) + _line_end(header),
    ]
    for _, row, record in sorted(places):
        pieces.append(_moved(text.text(record), row, layout))
    return "".join(pieces).encode("utf-8", "surrogateescape")


def _moved(record: str, row: int | None, layout: _Plan) -> str:
    if not record.strip("\r\n"):
        return record
    written = [record[start:stop] for start, stop in csvtext.cell_spans(record)]
    cells: list[str] = []
    reached = 0
    for number, source in enumerate(layout.sources, start=1):
        if source is None or source >= len(written):
            cells.append("")
            continue
        edit = None if row is None else layout.edits.get((row, source))
        old = written[source]
        cells.append(old if edit is None else csvtext.quoted(edit, was=old))
        reached = number
    if row is None:
        # A record that was too short or too long stays so: it needs a person, and padding it
        # would hide that its cells may stand in the wrong columns.
        cells = cells[:reached] + _unplaced(written, layout)
    # Only a file's last quote can be open; what comes to stand behind it must not fall into it.
    cells[:-1] = [csvtext.closed(cell) for cell in cells[:-1]]
    return ",".join(cells) + ("" if csvtext.closed(cells[-1]) != cells[-1] else _line_end(record))


def _unplaced(written: list[str], layout: _Plan) -> list[str]:
    """Cells of a ragged record that no column takes: those beyond the header, text without one."""
    width, placed = len(layout.text.header), set(layout.sources)
    return [
        cell
        for position, cell in enumerate(written)
        if position >= width or (position not in placed and cell.strip())
    ]


def _line_end(record: str) -> str:
    return record[len(record.rstrip("\r\n")) :]


def _left(table: Table) -> Iterator[tuple[int, str]]:
    width = len(table.text.header)
    for odd in table.text.odd:
        if odd.cells:
            yield odd.record.line, f"has {len(odd.cells)} cells where the header has {width}"
    position = table.fields.get("finding")
    if position is None:
        return
    rows_of = _rows_by_code(table.text, position)
    for code, finding in enumerate(table.text.values[position]):
        if finding.strip() and labels.read_finding(finding.strip()).canonical is None:
            for line in _lines(table.text, rows_of[code]):
                yield line, f"the finding {finding!r} has no place in the hierarchy"
