"""Which version a release may carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import build

from covidxr import csvread, tablediff
from covidxr.comparison import Comparison, FileDiff
from covidxr.errors import UsageError
from covidxr.releaseversion import (
    Needed,
    Step,
    needed,
    next_version,
    parse,
    read,
    step_between,
    written,
)
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping


def of_texts(old: str, new: str, files: FileDiff | None = None) -> Needed:
    tables = (Table(csvread.parse(text.encode())) for text in (old, new))
    table = tablediff.compare(*tables)[0]
    return needed(Comparison(before="a", after="b", table=table, files=files))


def of_rows(old: list[Mapping[str, str]], new: list[Mapping[str, str]]) -> Needed:
    return of_texts(build.csv_text(build.rows(*old)), build.csv_text(build.rows(*new)))


@pytest.mark.parametrize(
    ("old", "new", "step", "reason"),
    [
        ("Pneumonia", "Pneumonia/Viral", Step.MAJOR, "1 row with a finding has another"),
        # A label of another name breaks who reads it, though it means the same.
        ("COVID-19", "Pneumonia/Viral/COVID-19", Step.MAJOR, "1 row with a finding has another"),
        ("Pneumonia", "todo", Step.MAJOR, "another one, or none"),
        ("todo", "Pneumonia", Step.MINOR, "1 row got a first finding"),
        ("", "Pneumonia", Step.MINOR, "1 row got a first finding"),
        ("todo", "", Step.PATCH, "1 cell was mended"),
        ("Pneumonia ", "Pneumonia", Step.PATCH, "1 cell was mended"),
    ],
)
def test_a_finding_of_a_row_that_stays_decides_by_what_it_was(
    old: str, new: str, step: Step, reason: str
) -> None:
    found = of_rows([{"finding": old}], [{"finding": new}])
    assert found.step is step
    assert reason in found.reasons[0]


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("filename,sex,age\na.png,F,5\n", "columns came: age"),
        ("filename\na.png\n", "columns went: sex"),
        ("filename,gender\na.png,F\n", "columns are called otherwise: gender"),
        ("Filename,sex\na.png,F\n", "columns are called otherwise: Filename"),
        ("sex,filename\nF,a.png\n", "columns stand in another order"),
    ],
)
def test_whatever_happens_to_columns_is_major(new: str, reason: str) -> None:
    found = of_texts("filename,sex\na.png,F\n", new)
    assert (found.step, found.reasons) == (Step.MAJOR, (reason,))


def test_rows_that_come_and_go_are_minor() -> None:
    found = of_rows([{"filename": "a.png"}], [{"filename": "b.png", "age": "1"}])
    assert found == Needed(step=Step.MINOR, reasons=("1 row came", "1 row went"))


def test_a_row_that_names_another_file_is_minor() -> None:
    assert of_rows([{"filename": "a.jpg"}], [{"filename": "a.png"}]).reasons == (
        "1 row names another file",
    )


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (FileDiff(added=("a",), changed=("b", "c")), "1 came, 2 changed"),
        (FileDiff(removed=("a",)), "1 went"),
        (FileDiff(renamed=(("a", "b"),)), "1 renamed"),
    ],
)
def test_files_that_differ_are_minor(files: FileDiff, reason: str) -> None:
    found = of_texts("filename\na.png\n", "filename\na.png\n", files)
    assert found.step is Step.MINOR
    assert found.reasons == (f"of images, volumes and annotations {reason}",)


def test_other_cells_other_bytes_and_nothing_at_all_are_a_patch() -> None:
    assert of_rows([{"sex": "F"}], [{"sex": "M"}]).step is Step.PATCH
    other = of_texts("filename\na.png\n", "filename\r\na.png\r\n")
    assert (other.step, len(other.reasons)) == (Step.PATCH, 1)
    same = of_texts("filename\na.png\n", "filename\na.png\n", FileDiff())
    assert same == Needed(step=Step.PATCH, reasons=())


@pytest.mark.parametrize(
    "text", ["1", "1.2", "v1.2.3", "01.2.3", "1.2.3-rc1", "1.2.x", "", "１.2.3"]
)
def test_what_is_not_three_numbers_is_no_version(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no version such as 1\.2\.0"):
        parse(text)


def test_tags_of_versions_are_read_and_others_are_none() -> None:
    assert [read(tag) for tag in ("v1.2.3", "1.2.3", "release", "vv1.2.3")] == [
        (1, 2, 3),
        (1, 2, 3),
        None,
        None,
    ]


_VERSIONS = st.tuples(*[st.integers(0, 20)] * 3)


@given(_VERSIONS, st.sampled_from(Step))
def test_the_next_version_is_exactly_the_step_away(
    version: tuple[int, int, int], step: Step
) -> None:
    later = next_version(version, step)
    assert step_between(version, later) is step
    assert step_between(later, version) is None
    assert parse(written(later)) == later
