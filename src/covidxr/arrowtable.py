"""A table as Parquet, with types: what the exporters that write such files share.

This module owns the types of columns and how a file is written piece by piece. pyarrow is imported
when the first file is written: it comes with the extra ``parquet``.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.columntypes import Kind, Typed, typed
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.table import Table

# Readers skip what they do not need by row groups; Parquet's own default is a million rows, which
# would all be in memory at once.
_ROWS_OF_A_GROUP = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A column that the table itself has not.

    Parameters
    ----------
    name : str
        Of the column.
    meaning : str
        What it says.
    values : sequence of (str or None)
        One for each row that is written, in their order.
    """

    name: str
    meaning: str
    values: Sequence[str | None]


def pieces(
    table: Table,
    rows: NDArray[np.intp],
    *,
    extras: Sequence[Extra] = (),
    metadata: Mapping[str, str] | None = None,
    without: frozenset[str] = frozenset(),
) -> Iterator[bytes]:
    """Give a Parquet file of some rows piece by piece.

    Parameters
    ----------
    table : Table
        Where they stand. A column is of numbers or days only where every cell of the whole table
        is, so that files of some rows each agree.
    rows : ndarray of int
        Positions of the rows.
    extras : sequence of Extra
        Columns in front of the table's.
    metadata : mapping of str to str
        Of the file.
    without : frozenset of str
        Columns that are left out, in lower case.

    Raises
    ------
    UsageError
        If pyarrow is not installed.
    """
    pyarrow, writing = arrow()
    columns = [_Filled(pyarrow, each) for each in typed(table) if each.name.lower() not in without]
    own = [
        pyarrow.field(each.name, pyarrow.string(), metadata={"description": each.meaning})
        for each in extras
    ]
    schema = pyarrow.schema([*own, *(each.field for each in columns)], metadata=metadata or {})
    sink = _Drain()
    # Only what every reader knows: version 2.6 of the format, and Snappy.
    with writing.ParquetWriter(sink, schema, version="2.6", compression="snappy") as writer:
        for start in range(0, len(rows), _ROWS_OF_A_GROUP):
            some = slice(start, start + _ROWS_OF_A_GROUP)
            arrays = [pyarrow.array(each.values[some], pyarrow.string()) for each in extras]
            arrays += [each.array(rows[some]) for each in columns]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            yield sink.drained()
    yield sink.drained()


def arrow() -> tuple[Any, Any]:
    """Give pyarrow and its Parquet module.

    Raises
    ------
    UsageError
        If they are not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet as writing
    except ImportError:
        raise UsageError(
            'Parquet needs pyarrow, which is not installed: pip install "covidxr[parquet]"'
        ) from None
    return pa, writing


class _Drain:
    """What pyarrow writes to; it is emptied after each group of rows."""

    closed = False

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._told = 0

    def write(self, data: bytes) -> int:
        # pyarrow hands over its own buffer, which it fills again.
        self._held.append(bytes(data))
        self._told += len(self._held[-1])
        return len(self._held[-1])

    def tell(self) -> int:
        return self._told

    def flush(self) -> None:
        """Keep everything until it is asked for."""

    def close(self) -> None:
        """Nothing is open."""

    def drained(self) -> bytes:
        data = b"".join(self._held)
        self._held.clear()
        return data


class _Filled:
    """A column, its distinct values read once."""

    def __init__(self, pyarrow: Any, each: Typed) -> None:
        kind, read = _READS[each.kind]
        arrow_type = getattr(pyarrow, kind)()
        said = {"description": each.meaning}
        if each.column is not None and each.column.unit:
            said["unit"] = each.column.unit
        if each.column is not None and each.choices:
            said["values"] = json.dumps(dict(each.column.allowed), ensure_ascii=False)
        said = {key: value for key, value in said.items() if value}
        self.field = pyarrow.field(each.name, arrow_type, metadata=said)
        values = [read(text) if text else None for text in each.texts.known]
        self._values = pyarrow.array(values, arrow_type)
        self._codes: NDArray[np.integer] = each.texts.codes
        self._pyarrow = pyarrow

    def array(self, rows: NDArray[np.intp]) -> Any:
        """Give the values of some rows."""
        return self._values.take(self._pyarrow.array(self._codes[rows].astype("int64")))


def plain_text(text: str) -> str:
    """Give a text as Parquet can hold it."""
    # A byte that is not UTF-8 has no place in Parquet; U+FFFD stands for one that was no letter.
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


_READS: dict[Kind, tuple[str, Callable[[str], object]]] = {
    Kind.INTEGER: ("int64", int),
    Kind.NUMBER: ("float64", float),
    Kind.DATE: ("date32", dt.date.fromisoformat),
    Kind.TEXT: ("string", plain_text),
}
