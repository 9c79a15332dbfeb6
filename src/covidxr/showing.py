"""One image or one patient of a collection: the rows, the course, where they came from.

This workflow finds what a name means and gathers what is known of it; it prints nothing. Nothing
is looked up on the network.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import columns, dates, provenance, store
from covidxr.errors import CollectionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.provenance import Line
    from covidxr.table import Row, Table

LARGEST = 200_000_000
"""Bytes of a file that is read for its picture; larger ones are volumes of several hundred MB."""

_NEAR = 5
_ALIKE = 0.6  # difflib's own measure and usual bound of what looks alike
_LONGEST = 200  # characters of a name that is compared with all others


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a name means, and what is known of it.

    Parameters
    ----------
    name : str
        As it was asked for.
    is_patient : bool
        Whether it is a patient, not an image.
    rows : tuple of Row
        The image's row, several where a file is named twice; all of the patient's.
    course : tuple of Row
        Every row of the patient, earliest first; of an image without a patient, its own.
    provenance : mapping of str to Line
        By filename, the last line of ``provenance.csv`` that names it.
    annotations : mapping of str to tuple of str
        By filename, the annotation files that name it.
    columns : tuple of str
        The table's columns by today's names, in the order of the file.
    """

    name: str
    is_patient: bool
    rows: tuple[Row, ...]
    course: tuple[Row, ...]
    provenance: dict[str, Line]
    annotations: dict[str, tuple[str, ...]]
    columns: tuple[str, ...]


def find(root: Path, name: str) -> Shown:
    """Find an image or a patient.

    Parameters
    ----------
    root : Path
        The collection's folder.
    name : str
        A file name, with or without its folder, or a patientid; ``patientid=7`` or ``filename=7``
        where it could be either.

    Raises
    ------
    CollectionError
        If the collection or its ledger cannot be read.
    UsageError
        If no row has that name; the message says which are near.
    """
    table = store.read_collection(root).table
    kind, _, said = name.partition("=")
    wanted = said if kind in _KINDS else name
    rows, is_patient = (), False
    if kind != "patientid":
        rows = _rows(table, lambda row: wanted in {row["filename"], row.path})
    if not rows and kind != "filename":
        rows = _rows(table, lambda row: row["patientid"] == wanted)
        is_patient = True
    if not rows or not wanted:
        raise UsageError(_nothing(table, wanted))
    patients = {row["patientid"] for row in rows} - {""}
    course = _rows(table, lambda row: row["patientid"] in patients) if patients else rows
    shown = [row["filename"] for row in rows if row["filename"]]
    return Shown(
        name=wanted,
        is_patient=is_patient,
        rows=_in_time(rows) if is_patient else rows,
        course=_in_time(course),
        provenance=_provenance(root, shown),
        annotations=_annotations(root, shown),
        columns=table.labels,
    )


def picture(root: Path, row: Row) -> tuple[NDArray[np.uint8] | None, str]:
    """Give the picture of a row's file.

    Returns
    -------
    numpy.ndarray or None
        As :func:`covidxr.imaging.viewing.eight_bits` gives it.
    str
        Why there is none; empty where there is.
    """
    from covidxr.imaging import viewing

    try:
        data = store.image_bytes(root, row.path) if _is_fit(root, row.path) else b""
    except CollectionError as error:
        return None, str(error)
    if not data:
        return None, f"{row.path} is too large to be shown"
    pixels = viewing.eight_bits(data)
    if pixels is None or not pixels.size:
        return None, f"{row.path} cannot be shown: it is damaged, or of another kind"
    return pixels, ""


_KINDS = frozenset({"patientid", "filename"})


def _is_fit(root: Path, path: str) -> bool:
    if "\0" in path or ".." in path.split("/"):
        return True  # the store says what is wrong with it
    stamp = store.stamp(root, path)
    return stamp is None or stamp[1] <= LARGEST


def _rows(table: Table, fits: Callable[[Row], bool]) -> tuple[Row, ...]:
    from covidxr.table import Row

    return tuple(row for number in range(len(table)) if fits(row := Row(table, number)))


def _nothing(table: Table, wanted: str) -> str:
    from difflib import get_close_matches

    names = {text.strip() for column in _KINDS for text in table.values(column)} - {""}
    # Files are remembered by a part of their name, too.
    holding = sorted(name for name in names if wanted and wanted.casefold() in name.casefold())
    near = holding[:_NEAR] or get_close_matches(wanted[:_LONGEST], sorted(names), _NEAR, _ALIKE)
    did = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"no row has the filename or patientid {wanted!r}{did}"


def _in_time(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Sort by offset where every row has one, by date where every row has that, else by what is.

    Of rows with an offset and rows with a date alone, nobody knows which came first: those with an
    offset stand first.
    """
    offsets = [_offset(row["offset"]) for row in rows]
    days = [dates.read_date(row["date"]).parsed for row in rows]
    if None not in days and None in offsets:
        offsets = [None] * len(rows)
    keys = [
        (
            offset is None,
            offset or 0.0,
            day is None,
            day.earliest.toordinal() if day else 0,
            row.line,
        )
        for row, offset, day in zip(rows, offsets, days, strict=True)
    ]
    return tuple(row for _, row in sorted(zip(keys, rows, strict=True), key=lambda pair: pair[0]))


def _offset(cell: str) -> float | None:
    judgement = columns.BY_NAME["offset"].judge(cell) if cell else None
    if not cell or (judgement is not None and judgement.value is None):
        return None
    value = float(cell)
    return value if math.isfinite(value) else None


def _provenance(root: Path, names: Sequence[str]) -> dict[str, Line]:
    data = store.file_bytes(root, provenance.NAME)
    if data is None:
        return {}
    ledger = provenance.Ledger(data=data, where=str(root / provenance.NAME))
    return {line.filename: line for line in ledger.lines if line.filename in set(names)}


def _annotations(root: Path, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for file, name in store.annotations_naming(root, names):
        found.setdefault(name, []).append(file)
    return {name: tuple(files) for name, files in found.items()}
