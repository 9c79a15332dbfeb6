"""A contributor's table: how its columns are called, and what its cells say in this schema.

This module reads texts and bytes that were read already. A cell that the schema refuses is told
with its place and left blank; no value is bent to fit.
"""

from __future__ import annotations

import codecs
import csv
import io
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from covidxr.cells import Problem
from covidxr.columns import BY_NAME, resolve
from covidxr.errors import UsageError
from covidxr.labels import read_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DELIMITERS = ",;\t|"
_KEYS = frozenset(
    {"file", "patient", "encoding", "delimiter", "ignore", "columns", "values", "constants"}
)
# Names of files are given here, and a patient's id is the collection's own.
_OWN = frozenset({"filename", "folder", "patientid"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a contributor's table is read.

    Parameters
    ----------
    file : str
        Column that names the file or the folder that a row is about.
    patient : str
        Column that says whose it is; empty where none does.
    columns : mapping of str to str
        The contributor's column to the table's.
    values : mapping of str to mapping of str to str
        By the table's column: the contributor's value to the schema's.
    constants : mapping of str to str
        Cells that hold for every row, by the table's column.
    ignore : frozenset of str
        The contributor's columns that are not taken, on purpose.
    encoding, delimiter : str
        Of the file; empty for UTF-8, and for what the header shows.
    """

    file: str
    patient: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One cell that the contributor states.

    Parameters
    ----------
    value : str
        As the schema writes it.
    words : str
        As the contributor wrote it.
    where : str
        Where: ``"contributor's table, line 3, column Geschlecht"``.
    """

    value: str
    words: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row of a contributor's table.

    Parameters
    ----------
    line : int
        Of the file, from 1, where it begins.
    file : str
        The file or folder that it is about, as the contributor writes it.
    patient : str
        Whose it is, in the contributor's own name; never written anywhere. Empty where not said.
    cells : mapping of str to Stated
        By the table's column.
    """

    line: int
    file: str
    patient: str
    cells: Mapping[str, Stated]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A contributor's table as text.

    Parameters
    ----------
    header : tuple of str
        Its columns.
    records : tuple of (int, tuple of str)
        Line and cells of each record that is not blank.
    """

    header: tuple[str, ...]
    records: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, name: str) -> list[str]:
        """Give the cells of a column that are not blank."""
        at = self.header.index(name)
        return [cells[at].strip() for _, cells in self.records if at < len(cells) and cells[at]]


def parse_mapping(text: str, where: str) -> Reading:
    """Read a mapping file.

    Parameters
    ----------
    text : str
        TOML, as ``docs/ingest.md`` describes it.
    where : str
        What the file is called, for messages.

    Raises
    ------
    UsageError
        If it is no TOML, names a key or a column that there is not, or states a value that the
        schema refuses.
    """
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is no TOML: {error}") from error
    for key in held:
        if key not in _KEYS:
            raise UsageError(
                f"{where}: {key!r} is no key of a mapping ({', '.join(sorted(_KEYS))})"
            )
    reading = Reading(
        file=_text(held, "file", where),
        patient=_text(held, "patient", where),
        encoding=_text(held, "encoding", where),
        delimiter=_text(held, "delimiter", where),
        columns=_texts(held.get("columns", {}), f"{where}: [columns]"),
        values={
            name: _texts(each, f"{where}: [values.{name}]")
            for name, each in _table(held.get("values", {}), f"{where}: [values]").items()
        },
        constants=_texts(held.get("constants", {}), f"{where}: [constants]"),
        ignore=_ignored(held.get("ignore", []), where),
    )
    _check(reading, where)
    return reading


def _check(reading: Reading, where: str) -> None:
    if not reading.file:
        raise UsageError(f'{where}: which column names the files? Say so with file = "…"')
    if len(reading.delimiter) > 1:
        raise UsageError(f"{where}: a delimiter is one character")
    try:
        codecs.lookup(reading.encoding or "utf-8")
    except LookupError:
        raise UsageError(f"{where}: there is no encoding {reading.encoding!r}") from None
    for name in (*reading.columns.values(), *reading.values, *reading.constants):
        if name not in BY_NAME:
            raise UsageError(f"{where}: the table has no column {name!r} (see SCHEMA.md)")
        if name in _OWN:
            raise UsageError(
                f'{where}: {name} is not taken over: name the columns with file = "…" and '
                'patient = "…", covidxr gives the names'
            )
    doubled = [
        name for name in reading.columns.values() if list(reading.columns.values()).count(name) > 1
    ]
    if doubled:
        raise UsageError(f"{where}: two columns are mapped to {doubled[0]}")
    stated = [(name, text) for name, text in reading.constants.items()]
    stated += [(name, text) for name, texts in reading.values.items() for text in texts.values()]
    for name, text in stated:
        _, why_not = cell_of(name, text)
        if text and why_not:
            raise UsageError(f"{where}: {name}: {why_not}")


def read_sheet(data: bytes, where: str, encoding: str = "", delimiter: str = "") -> Sheet:
    """Read a contributor's CSV file as it comes out of a spreadsheet.

    Parameters
    ----------
    data : bytes
        The file.
    where : str
        What it is called, for messages.
    encoding : str
        Where it is neither UTF-8 nor begins with a byte order mark.
    delimiter : str
        Empty for the one of comma, semicolon, tab and bar that parts the header most.

    Raises
    ------
    UsageError
        If it cannot be read so, or has no header, or two columns of one name.
    """
    text = _decoded(data, where, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
    records: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(f"{where}, line {line}: {error}") from error
    if not records:
        raise UsageError(f"{where} is empty")
    header = tuple(cell.strip() for cell in records[0][1])
    doubled = [name for name in header if name and header.count(name) > 1]
    if doubled:
        raise UsageError(f"{where} has two columns {doubled[0]!r}: rename one")
    return Sheet(header=header, records=tuple(records[1:]))


def own_reading(sheet: Sheet, where: str) -> Reading:
    """Read a table whose columns are called as in this schema, so that it needs no mapping.

    Raises
    ------
    UsageError
        If no column is called ``filename``.
    """
    columns = {
        cell: name for cell, name in zip(sheet.header, resolve(sheet.header), strict=True) if name
    }
    by_name = {name: cell for cell, name in columns.items()}
    if "filename" not in by_name:
        raise UsageError(
            f"{where} has no column filename; write a mapping for it (--propose-mapping proposes "
            "one) and name it with --mapping"
        )
    return Reading(
        file=by_name["filename"],
        patient=by_name.get("patientid", ""),
        columns={cell: name for cell, name in columns.items() if name not in _OWN},
        ignore=frozenset(cell for cell, name in columns.items() if name in _OWN),
    )


def read_rows(sheet: Sheet, reading: Reading, where: str) -> tuple[list[TableRow], list[str]]:
    """Read the rows of a contributor's table.

    Parameters
    ----------
    sheet : Sheet
        The table as text.
    reading : Reading
        How its columns are read.
    where : str
        What it is called, for messages.

    Returns
    -------
    (list of TableRow, list of str)
        The rows that name a file; and what must be looked at: columns that are not taken, cells
        that the schema refuses, rows that name no file.

    Raises
    ------
    UsageError
        If a column of `reading` is not there.
    """
    named = {reading.file, *reading.columns, *({reading.patient} - {""})}
    for name in (*named, *reading.ignore):
        if name not in sheet.header:
            raise UsageError(f"{where} has no column {name!r}; it has {', '.join(sheet.header)}")
    notes = [
        f"{where}: the column {name!r} is not taken: the mapping does not name it"
        for name in sheet.header
        if name and name not in named and name not in reading.ignore
    ]
    rows = []
    for line, cells in sheet.records:
        texts = {
            name: text.strip() for name, text in zip(sheet.header, cells, strict=False) if name
        }
        if len(cells) > len(sheet.header):
            notes.append(f"{where}, line {line}: it has more cells than the header")
        if not texts.get(reading.file):
            notes.append(f"{where}, line {line}: it names no file (column {reading.file!r})")
            continue
        stated = dict(_stated(line, texts, reading, where, notes))
        patient = texts.get(reading.patient, "") if reading.patient else ""
        rows.append(TableRow(line=line, file=texts[reading.file], patient=patient, cells=stated))
    return rows, notes


def _stated(
    line: int, texts: Mapping[str, str], reading: Reading, where: str, notes: list[str]
) -> Iterator[tuple[str, Stated]]:
    for name, constant in reading.constants.items():
        value, _ = cell_of(name, constant)
        yield name, Stated(value=value, words=constant, where="mapping of the contributor's table")
    for column, name in reading.columns.items():
        text = " ".join(texts.get(column, "").split())
        if not text:
            continue
        meant = _valued(text, reading.values.get(name, {}))
        value, why_not = cell_of(name, meant) if meant else ("", "")
        if why_not:
            notes.append(f"{where}, line {line}, column {column!r}: {why_not}; it is left blank")
        if value:
            # The file's own name may be a person's.
            place = f"contributor's table, line {line}, column {column}"
            yield name, Stated(value=value, words=text, where=place)


def _valued(text: str, values: Mapping[str, str]) -> str:
    if text in values:
        return values[text]
    folded = {key.casefold(): value for key, value in values.items()}
    return folded.get(text.casefold(), text)


def cell_of(name: str, text: str) -> tuple[str, str]:
    """Give a cell in the schema's own spelling.

    Parameters
    ----------
    name : str
        Of the table's column.
    text : str
        On one line, not blank.

    Returns
    -------
    (str, str)
        The cell, and why the schema refuses it; one of them is empty.
    """
    column = BY_NAME[name]
    judgement = column.judge(text)
    if judgement is None:
        return text, ""
    meant = read_finding(text).canonical if column.kind == "finding" else judgement.value
    if meant is not None and judgement.problem is not Problem.TODO:
        return meant, ""
    hint = f" ({judgement.suggestion})" if judgement.suggestion else ""
    return "", f"{judgement.message[:300]}{hint}"


def _decoded(data: bytes, where: str, encoding: str) -> str:
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf_16 else encoding or "utf-8-sig")
    except (UnicodeDecodeError, UnicodeError) as error:
        at = f" at byte {error.start:,}" if isinstance(error, UnicodeDecodeError) else ""
        raise UsageError(
            f"{where} is not {encoding or 'UTF-8'}{at}: save it as UTF-8, or name its encoding in "
            'the mapping, such as encoding = "cp1252"'
        ) from error
    if "\0" in text:
        raise UsageError(f"{where} is no table of text: it holds NUL characters")
    return text.removeprefix("\ufeff")


def _delimiter(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    counts = {each: len(next(csv.reader([first], delimiter=each), ())) for each in DELIMITERS}
    return max(DELIMITERS, key=lambda each: counts[each])


def _text(held: Mapping[str, Any], key: str, where: str) -> str:
    value = held.get(key, "")
    if not isinstance(value, str):
        raise UsageError(f"{where}: {key} is a text")
    return value


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{where} is a table of names and texts")
    return value


def _texts(value: object, where: str) -> Mapping[str, str]:
    held = _table(value, where)
    for name, text in held.items():
        if not isinstance(text, str):
            raise UsageError(f"{where}: {name} is a text, in quotes")
    return held


def _ignored(value: object, where: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UsageError(f"{where}: ignore is a list of columns")
    return frozenset(value)
