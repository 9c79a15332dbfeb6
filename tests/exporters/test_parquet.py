"""Parquet, as pyarrow reads it."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests import build, exports

from covidxr.about import NOTICE
from covidxr.errors import UsageError
from covidxr.exporters.parquet import parquet

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

pyarrow_parquet = pytest.importorskip("pyarrow.parquet")

TEXTS = some.text(some.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=9)


def read(data: Dataset) -> Any:
    (made,) = exports.contents(parquet.artifacts(data)).values()
    return pyarrow_parquet.read_table(io.BytesIO(made or b""))


def test_values_have_types_and_blanks_are_null() -> None:
    found = read(exports.dataset({"date": "2020-03-04"}, {"age": "", "offset": "-2"}))
    assert str(found.schema.field("offset").type) == "int64"
    assert str(found.schema.field("date").type) == "date32[day]"
    assert found["age"].to_pylist() == [54.0, None]
    assert found["offset"].to_pylist() == [3, -2]
    assert found["doi"].to_pylist() == [None, None]


def test_one_odd_cell_makes_a_column_of_text() -> None:
    found = read(exports.dataset({"age": "60s"}, {}))
    assert found["age"].to_pylist() == ["60s", "54"]


def test_it_says_what_it_is_and_what_columns_mean() -> None:
    found = read(exports.dataset())
    said = {key.decode(): value.decode() for key, value in found.schema.metadata.items()}
    assert (said["notice"], said["version"], said["released"]) == (NOTICE, "1.2.0", "2026-11-26")
    assert json.loads(said["licenses"]) == {"CC-BY-4.0": 1, "CC0-1.0": 1}
    age = found.schema.field("age").metadata
    assert age[b"unit"] == b"years"
    assert b"Age in years" in age[b"description"]
    assert json.loads(found.schema.field("sex").metadata[b"values"]) == {"M": "male", "F": "female"}


def test_a_split_is_a_column() -> None:
    found = read(exports.dataset(parts={"images/image-2.png": "test"}))
    assert found["part"].to_pylist() == [None, "test"]


@given(some.lists(TEXTS, min_size=1, max_size=5))
def test_every_text_comes_back_without_blanks_around(cells: list[str]) -> None:
    data = build.dataset(*({"clinical_notes": cell} for cell in cells))
    wanted = [data.row(row)["clinical_notes"] or None for row in range(len(cells))]
    assert read(data)["clinical_notes"].to_pylist() == wanted


def test_rows_come_in_groups_and_in_order() -> None:
    names = [f"{number}.png" for number in range(40_000)]
    data = build.from_text("filename,offset\n" + "".join(f"{each},{each[:-4]}\n" for each in names))
    (artifact,) = parquet.artifacts(data)
    assert artifact.parts is not None
    pieces = list(artifact.parts())
    file = pyarrow_parquet.ParquetFile(io.BytesIO(b"".join(pieces)))
    assert file.num_row_groups == 3
    assert len(pieces) == 4
    assert file.read()["filename"].to_pylist() == names
    assert file.read()["offset"].to_pylist() == list(range(40_000))


def test_bytes_that_are_not_utf_8_do_not_stop_it() -> None:
    assert read(build.from_text(b"filename,x\na.png,caf\xe9\n"))["x"].to_pylist() == ["caf\ufffd"]


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r'pip install "covidxr\[parquet\]"'):
        read(exports.dataset())
