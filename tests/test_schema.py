"""The pandera schema: one failure for each bad cell, and none hidden behind another."""

from __future__ import annotations

import pandas as pd
import pandera.errors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import build

from covidxr import schema
from covidxr.cells import Problem
from covidxr.columns import BY_NAME, HEADER


def refused(*changes: dict[str, str]) -> list[tuple[str, list[int], Problem]]:
    """Column, rows and problem of everything that the schema refuses."""
    data = build.dataset(*changes, files={})
    return [
        (failure.name, list(failure.cells.rows), failure.judgement.problem)
        for failure in schema.failures(data)
    ]


def test_good_rows_have_no_failure() -> None:
    assert refused({}, {"view": "Axial", "modality": "CT"}) == []


def test_a_header_alone_has_no_failure() -> None:
    assert refused() == []


@pytest.mark.parametrize(
    ("name", "cell", "problem"),
    [
        ("sex", "male", Problem.SPELLING),
        ("age", "sixty", Problem.NOT_A_NUMBER),
        ("age", "200", Problem.OUT_OF_RANGE),
        ("finding", "Covfefe", Problem.UNKNOWN_FINDING),
        ("date", "01/02/2020", Problem.AMBIGUOUS_DATE),
        ("doi", "abc", Problem.BAD_FORM),
        ("license", "", Problem.NO_LICENCE),
        ("modality", "", Problem.BLANK),
        ("patientid", "", Problem.BLANK),
    ],
)
def test_a_bad_cell_gives_exactly_one_failure(name: str, cell: str, problem: Problem) -> None:
    assert refused({}, {name: cell}, {}) == [(name, [1], problem)]


def test_a_bad_number_hides_no_other() -> None:
    # pandera's own coercion to a number fails on "sixty" and then never looks at the 200.
    found = refused({"age": "sixty"}, {"age": "200"}, {"age": "54"}, {"age": "-1"})
    assert found == [
        ("age", [0], Problem.NOT_A_NUMBER),
        ("age", [1], Problem.OUT_OF_RANGE),
        ("age", [3], Problem.OUT_OF_RANGE),
    ]


def test_a_text_that_stands_in_many_rows_is_judged_once_for_all_of_them() -> None:
    assert refused({"sex": "male"}, {}, {"sex": "male "}, {"sex": "male"}) == [
        ("sex", [0, 2, 3], Problem.SPELLING)
    ]


def test_failures_come_in_the_order_of_the_columns_then_of_the_rows() -> None:
    found = refused({"view": "APS", "age": "x"}, {"age": "y"}, {"patientid": ""})
    assert [(name, rows) for name, rows, _ in found] == [
        ("patientid", [2]),
        ("age", [0]),
        ("age", [1]),
        ("view", [0]),
    ]


def test_columns_that_a_table_lacks_are_not_judged() -> None:
    data = build.from_text("patientid,sex\n1,male\n")
    assert [failure.name for failure in schema.failures(data)] == ["sex"]
    assert not list(schema.failures(build.from_text("shoe size\n44\n")))


def test_more_distinct_texts_than_one_frame_holds_are_all_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema, "_FRAME", 3)
    monkeypatch.setattr(schema, "_FIRST_FRAME", 2)
    ages = [{"age": str(age)} for age in (1, 2, 300, 4, 5, 600, 700, 8, 9, 1000)]
    assert [rows for _, rows, _ in refused(*ages)] == [[2], [5], [6], [9]]


cells = st.dictionaries(
    st.sampled_from(["patientid", "age", "sex", "view", "date", "doi", "finding", "license"]),
    st.sampled_from(["", "1", "200", "x", "M", "AP", "APS", "2020", "COVID-19", "?", "nan", "None"])
    | st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=6),
)


@settings(deadline=None)
@given(st.lists(cells, max_size=6))
def test_the_schema_refuses_what_the_columns_refuse_and_nothing_else(
    changes: list[dict[str, str]],
) -> None:
    data = build.dataset(*changes, files={})
    expected = {
        (name, row)
        for name in HEADER
        for row in range(len(data.table))
        if BY_NAME[name].judge(data.table.cell(row, name)) is not None
    }
    found = [(failure.name, row) for failure in schema.failures(data) for row in failure.cells.rows]
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_the_check_is_panderas() -> None:
    good = {name: [build.GOOD_ROW.get(name, "")] * 3 for name in HEADER}
    schema.table_schema(HEADER).validate(pd.DataFrame(good, dtype=object))
    bad = pd.DataFrame(good, dtype=object)
    bad.loc[1, "age"] = "200"
    bad.loc[2, "sex"] = "male"
    with pytest.raises(pandera.errors.SchemaErrors) as refusal:
        schema.table_schema(HEADER).validate(bad, lazy=True)
    cases = refusal.value.failure_cases
    assert sorted(zip(cases["column"], cases["index"], cases["failure_case"], strict=True)) == [
        ("age", 1, "200"),
        ("sex", 2, "male"),
    ]


def test_failures_ask_pandera(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = schema.table_schema

    def watched(names: tuple[str, ...]) -> object:
        asked.append(names)
        return real(names)

    monkeypatch.setattr(schema, "table_schema", watched)
    refused({"age": "200"})
    assert asked == [HEADER]
