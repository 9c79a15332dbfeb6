"""Which patients of the collection may be the one on a candidate image.

This module owns what speaks for and against it, in a curator's words. It decides nothing: a curator
chooses. It touches no disk, and looks at distinct texts and never at pairs of rows.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr.columns import HEADER
from covidxr.identifiers import canonical_url, doi_key, read_doi
from covidxr.reviewsheet import PossiblePatient, RowGlance
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from covidxr.table import Table

MOST = 8
"""Patients that are proposed at most: more than that nobody compares."""

# An id of the collection: letters in front, perhaps, then a number.
_SHAPE = re.compile(r"([A-Za-z_.-]*)(\d{1,15})", re.ASCII)
# Ages of one patient differ within a course by a birthday.
_BIRTHDAY_YEARS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What is known of the patient on a candidate image; blank where it is not.

    Parameters
    ----------
    addresses : tuple of str
        Of the page, all that it has.
    doi, sex, age, location, credit : str
        As the draft row has them; `credit` is ``other_notes``.
    already : mapping of str to str
        Patients who are proposed for another reason, by id.
    """

    addresses: tuple[str, ...] = ()
    doi: str = ""
    sex: str = ""
    age: str = ""
    location: str = ""
    credit: str = ""
    already: Mapping[str, str] = field(default_factory=dict)


def possible(table: Table, clues: Clues) -> tuple[PossiblePatient, ...]:
    """Give the patients who may be the one, likeliest first.

    Parameters
    ----------
    table : Table
        The collection's.
    clues : Clues
        What is known of the one on the image.

    Returns
    -------
    tuple of PossiblePatient
        At most `MOST`; a patient is proposed for the same page or paper, for a reason of
        `clues.already`, or for the same sex, age and place (or credit) together.
    """
    reasons: dict[str, list[str]] = {}
    for patientid, reason in clues.already.items():
        reasons.setdefault(patientid, []).append(reason)
    for row, reason in _rows_that_speak(table, clues):
        patientid = row["patientid"]
        said = reasons.setdefault(patientid, [])
        if patientid and reason not in said:
            said.append(reason)
    reasons.pop("", None)
    found = [_patient(table, patientid, said, clues) for patientid, said in reasons.items()]
    found.sort(key=lambda each: (len(each.against), -len(each.reasons)))
    return tuple(found[:MOST])


def _rows_that_speak(table: Table, clues: Clues) -> Iterator[tuple[Row, str]]:
    pages = {canonical_url(url) for url in clues.addresses if url}
    for url, rows in _holding(table, "url", lambda text: canonical_url(text) in pages):
        yield from ((Row(table, row), f"same page: {url}") for row in rows)
    wanted = read_doi(clues.doi).doi
    if wanted:
        key = doi_key(wanted)
        for doi, rows in _holding(table, "doi", lambda text: _key(text) == key):
            yield from ((Row(table, row), f"same paper: {doi}") for row in rows)
    yield from _like_persons(table, clues)


def _like_persons(table: Table, clues: Clues) -> Iterator[tuple[Row, str]]:
    """Rows of somebody of the same sex and age, at the same place or under the same credit."""
    if not (clues.sex and clues.age):
        return
    for name, text, what in (
        ("location", clues.location, f"at {clues.location}"),
        ("other_notes", clues.credit, "under the same credit"),
    ):
        for _, rows in _holding(table, name, text.__eq__) if text else ():
            for each in rows:
                row = Row(table, each)
                if (row["sex"], row["age"]) == (clues.sex, clues.age):
                    yield row, f"also {clues.sex}, {clues.age} years, {what}"


def _holding(
    table: Table, name: str, wanted: Callable[[str], object]
) -> Iterator[tuple[str, Sequence[int]]]:
    """Each distinct text of a column that is wanted, with its rows."""
    if not len(table):
        return
    texts = [text for text in table.values(name) if text.strip() and wanted(text.strip())]
    for text, rows in table.rows_by_text(name, texts).items():
        yield text.strip(), rows


def _key(text: str) -> str:
    doi = read_doi(text).doi
    return doi_key(doi) if doi else ""


def _patient(table: Table, patientid: str, reasons: list[str], clues: Clues) -> PossiblePatient:
    rows = rows_of(table, patientid)
    sexes = {row["sex"] for row in rows if row["sex"]}
    against = []
    if clues.sex and sexes and clues.sex not in sexes:
        against.append(f"is {' and '.join(sorted(sexes))}, not {clues.sex}")
    ages = {number for row in rows if (number := _number(row["age"])) is not None}
    age = _number(clues.age)
    if age is not None and ages and min(abs(age - each) for each in ages) > _BIRTHDAY_YEARS:
        against.append(f"is {' and '.join(f'{each:g}' for each in sorted(ages))}, not {age:g}")
    return PossiblePatient(
        patientid=patientid,
        reasons=tuple(reasons),
        against=tuple(against),
        rows=tuple(map(glance, rows)),
    )


def rows_of(table: Table, patientid: str) -> tuple[Row, ...]:
    """Give the rows of one patient, in the table's order."""
    found = sorted(
        row for _, rows in _holding(table, "patientid", patientid.__eq__) for row in rows
    )
    return tuple(Row(table, row) for row in found)


def glance(row: Row) -> RowGlance:
    """Give a row as far as it helps to tell patients apart."""
    return RowGlance(
        line=row.line,
        cells={name: row[name] for name in HEADER if row[name]},
        path=row.path,
    )


def next_patientid(table: Table, also: Collection[str] = ()) -> str:
    """Give the next free id, in the style of most of the table's own.

    Parameters
    ----------
    table : Table
        The collection's.
    also : collection of str
        Ids that are not free either.

    Returns
    -------
    str
        ``"1"`` for an empty table; after ``P001`` to ``P057`` it is ``"P058"``.
    """
    known = [text.strip() for text in table.values("patientid") if len(table)]
    taken = {text.casefold() for text in (*known, *also)}
    shapes = [match for text in known if (match := _SHAPE.fullmatch(text))]
    styles = Counter((match[1], len(match[2]) if match[2][0] == "0" else 0) for match in shapes)
    # Of `P001` and `P123` the first alone shows the zeros, so one prefix is one style.
    prefix = Counter(match[1] for match in shapes).most_common(1)[0][0] if shapes else ""
    width = max((width for (front, width) in styles if front == prefix), default=0)
    number = max((int(match[2]) for match in shapes if match[1] == prefix), default=0) + 1
    while f"{prefix}{number:0{width}d}".casefold() in taken:
        number += 1
    return f"{prefix}{number:0{width}d}"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
