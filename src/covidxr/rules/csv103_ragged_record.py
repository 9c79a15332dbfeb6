"""CSV103: a record has another number of cells than the header."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.csvtext import OddRecord
    from covidxr.dataset import Dataset

# Pieces of one record that are looked for; a note with more line breaks than this is unheard of.
_PIECES = 50
# Empty lines between two paragraphs; more of them end whatever came before.
_GAP = 2
# From so many records of one width on, the cause is the file's and not each record's.
_MANY = 20
_SHOWN = 60


@rule("CSV103", severity=Severity.ERROR, since="0.1")
def ragged_record(dataset: Dataset) -> Iterator[Hit]:
    """Report a record that has more or fewer cells than the header.

    What it checks
    --------------
    Every record has one cell per column. Records without any text are CSV104, a last one
    that a quote keeps open is CSV111. Short records that
    follow each other and together make one whole record are reported once; so are more than
    twenty records of one width.

    Why it matters
    --------------
    Behind a missing or a surplus comma every cell stands in the wrong column. No rule looks into
    such a record, for its cells cannot be told apart, and pandas refuses a record that is too long.

    Example
    -------
    A note with a comma in it and no quotes around it, so that a record has one cell too many.

    How to fix
    ----------
    Compare the record with its neighbours. Put a cell that holds a comma, a quote or a line break
    between double quotes, and write a quote inside it twice.

    Source
    ------
    RFC 4180, section 2, points 4 to 7.
    """
    odd, width = _told_apart(dataset), len(dataset.table.text.header)
    others: dict[int, list[OddRecord]] = defaultdict(list)
    done = 0
    for number, each in enumerate(odd):
        if number < done or not any(cell.strip() for cell in each.cells):
            continue
        pieces = _pieces(odd, number, width)
        done = number + max(pieces, 1)
        if pieces:
            yield _broken(dataset, odd[number:done])
        else:
            others[len(each.cells)].append(each)
    for records in others.values():
        if len(records) > _MANY:
            yield _many(dataset, records)
        else:
            yield from (_ragged(dataset, each) for each in records)


def _told_apart(dataset: Dataset) -> list[OddRecord]:
    """Odd records, without a last one that a quote keeps open: that is the cause, and CSV111."""
    odd, table = dataset.table.text.odd, dataset.table
    swallowed = odd and odd[-1].record == table.last_record and table.open_quote is not None
    return odd[:-1] if swallowed else odd


def _pieces(odd: list[OddRecord], first: int, width: int) -> int:
    """Count the records from `first` on that make one whole record when joined; 0 if none do."""
    cells, gap = 1, 0
    stop = odd[first].record.start
    for count, each in enumerate(odd[first : first + _PIECES], start=1):
        # A line break inside a cell leaves one part of it on either line.
        cells += max(len(each.cells), 1) - 1
        gap = 0 if each.cells else gap + 1
        if each.record.start != stop or cells > width or gap > _GAP:
            return 0
        if cells == width:
            return count
        stop = each.record.stop
    return 0


def _hit(dataset: Dataset, each: OddRecord, message: str, suggestion: str) -> Hit:
    return Hit(
        message=message,
        file=dataset.table.name,
        line=each.record.line,
        column=1,
        value=",".join(each.cells)[:_SHOWN],
        suggestion=suggestion,
    )


def _broken(dataset: Dataset, records: list[OddRecord]) -> Hit:
    first, last = records[0].record.line, records[-1].record.line
    return _hit(
        dataset,
        records[0],
        f"the record breaks off after {_cells(len(records[0].cells))}; with what follows up to "
        f"line {last} it has the {len(dataset.table.text.header)} of the header: "
        "probably a line break in a cell without quotes",
        f"put the cell that lines {first} to {last} share between double quotes",
    )


def _many(dataset: Dataset, records: list[OddRecord]) -> Hit:
    lines = ", ".join(str(each.record.line) for each in records[:3])
    return _hit(
        dataset,
        records[0],
        f"{len(records):,} records have {_cells(len(records[0].cells))}, "
        f"the header has {len(dataset.table.text.header)}; the first stand in lines {lines}",
        "compare the header with the records: one of them has a comma too many",
    )


def _ragged(dataset: Dataset, each: OddRecord) -> Hit:
    found, width = len(each.cells), len(dataset.table.text.header)
    message = f"the record has {_cells(found)}, the header has {width}"
    if found < width:
        suggestion = "compare it with its neighbours: a comma is missing, or it is cut off"
    elif not any(cell.strip() for cell in each.cells[width:]):
        message += "; those beyond are blank"
        suggestion = "remove the commas at its end"
    else:
        suggestion = "put a cell that holds a comma between double quotes"
    return _hit(dataset, each, message, suggestion)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
