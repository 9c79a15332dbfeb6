"""From hits, which may stand for many cells, to diagnostics with a place each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import build

from covidxr.model import Diagnostic, Fix, Hit, Severity
from covidxr.plugins import Rule, rule
from covidxr.report import (
    Expander,
    Found,
    Report,
    count_by_code,
    count_by_severity,
    fixable,
    narrowed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


def a_rule(code: str, severity: Severity) -> Rule:
    @rule(code, severity=severity, since="0.1")
    def too_odd(dataset: Dataset) -> Iterator[Hit]:
        """Report what is too odd."""
        return iter(())

    return too_odd


WARN = a_rule("SCH999", Severity.WARNING)
FAIL = a_rule("CSV999", Severity.ERROR)
TABLE = build.from_text('patientid,filename,note\n1, a.png,x\n2,b.png,"y\nz"\n3,c.png,w\n')


def found(rule: Rule = WARN, **hit: object) -> Found:
    return Found(rule, Hit(message="odd", **hit))  # type: ignore[arg-type]


def test_a_hit_with_rows_becomes_one_diagnostic_a_row_at_its_cell() -> None:
    first, second = Expander(TABLE).expand([found(rows=[1, 2], field="note", value="y\nz")])
    assert (first.line, first.column, first.end_line, first.end_column) == (3, 9, 4, 3)
    assert (second.line, second.column, second.end_line, second.end_column) == (5, 9, 5, 10)
    assert (first.row, first.patientid, first.field) == ("b.png", "2", "note")
    assert [first.value, second.value] == ["y\nz", "w"]


def test_a_diagnostic_says_what_its_rule_and_its_hit_say() -> None:
    fix = Fix(value="v")
    (each,) = Expander(TABLE).expand([found(rows=[0], field="note", suggestion="write v", fix=fix)])
    assert (each.code, each.name, each.severity) == ("SCH999", "too-odd", Severity.WARNING)
    assert (each.message, each.suggestion, each.fix) == ("odd", "write v", fix)
    assert each.fixable
    assert each.url.endswith("#sch999-too-odd")
    assert each.row == "a.png"


def test_a_hit_without_rows_keeps_its_own_place() -> None:
    (each,) = Expander(TABLE).expand([found(file="images/x.png", value="v")])
    assert (each.file, each.line, each.row, each.value) == ("images/x.png", None, None, "v")
    (each,) = Expander(TABLE).expand([found(line=7, column=2)])
    assert (each.file, each.line, each.column) == ("metadata.csv", 7, 2)


def test_a_hit_at_a_column_that_the_table_lacks_stands_at_the_begin_of_its_row() -> None:
    (each,) = Expander(TABLE).expand([found(rows=[1], field="license", value="")])
    assert (each.line, each.column, each.field, each.value) == (3, 1, "license", "")


def test_the_first_cell_behind_a_byte_order_mark_is_at_column_one() -> None:
    data = build.from_text(b"\xef\xbb\xbfpatientid,sex\n1,x\n")
    (each,) = Expander(data).expand([found(rows=[0], field="sex")])
    assert (each.line, each.column) == (2, 3)


def test_a_huge_cell_is_not_repeated_in_full() -> None:
    data = build.from_text(f"patientid,note\n1,{'x' * 50_000}\n2,{'y' * 9_000}\n")
    first, second = Expander(data).expand([found(rows=[0, 1], field="note")])
    assert len(first.value or "") == 10_000
    assert first.end_column == 50_003
    assert second.value == "y" * 9_000


def test_a_limit_cuts_what_is_shown_of_one_hit_and_not_what_is_counted() -> None:
    hits = [found(rows=[0, 1, 2], field="note"), found(FAIL, rows=[1], field="note")]
    shown = Expander(TABLE, limit=2).expand(hits)
    assert len(shown) == 3
    assert count_by_code(hits, shown) == {"CSV999": (1, 1), "SCH999": (2, 3)}
    assert count_by_severity(hits) == {Severity.ERROR: 1, Severity.WARNING: 3, Severity.INFO: 0}


def test_what_has_a_fix_is_counted_by_cells() -> None:
    hits = [found(rows=[0, 2], fix=Fix(value="")), found(rows=[1]), found(fix=Fix(value=""))]
    assert fixable(hits) == 3


def test_diagnostics_come_by_file_line_column_and_code() -> None:
    hits = [
        found(rows=[2], field="note"),
        found(rows=[0], field="note"),
        found(FAIL, rows=[0], field="note"),
        found(rows=[0], field="patientid"),
        found(file="images/a.png"),
    ]
    order = [(d.file, d.line, d.column, d.code) for d in Expander(TABLE).expand(hits)]
    assert order == [
        ("images/a.png", None, None, "SCH999"),
        ("metadata.csv", 2, 1, "SCH999"),
        ("metadata.csv", 2, 10, "CSV999"),
        ("metadata.csv", 2, 10, "SCH999"),
        ("metadata.csv", 5, 9, "SCH999"),
    ]


def test_narrowing_keeps_the_rows_that_are_wanted_and_drops_empty_hits() -> None:
    hits = [found(rows=[0, 1, 2], field="note"), found(rows=[1]), found(file="README.md")]

    def keep(each: Diagnostic, row: int | None) -> bool:
        return row in {0, 2} and each.patientid != "3"

    (kept,) = narrowed(hits, TABLE, keep)
    assert list(kept.hit.rows) == [0]


rows = st.lists(st.integers(0, 2), unique=True).map(sorted)
hits = st.lists(
    st.builds(
        lambda rule, rows, field: found(rule, rows=rows, field=field),
        st.sampled_from([WARN, FAIL]),
        rows,
        st.sampled_from(["note", "patientid", "absent"]),
    ),
    max_size=5,
)


@settings(deadline=None)
@given(hits=hits, limit=st.none() | st.integers(1, 3), wanted=st.sets(st.integers(0, 2)))
def test_narrowing_and_limits_never_invent_a_diagnostic(
    hits: list[Found], limit: int | None, wanted: set[int]
) -> None:
    whole = Expander(TABLE).expand(hits)
    assert len(whole) == sum(count_by_severity(hits).values())
    cut = Expander(TABLE, limit).expand(narrowed(hits, TABLE, lambda _, row: row in wanted))
    for each in cut:
        assert cut.count(each) <= whole.count(each)


@pytest.mark.parametrize(
    ("worst", "fails_on"),
    [
        (Severity.ERROR, {"error", "warning", "info"}),
        (Severity.WARNING, {"warning", "info"}),
        (Severity.INFO, {"info"}),
        (None, set()),
    ],
)
def test_a_report_fails_from_a_severity_on(worst: Severity | None, fails_on: set[str]) -> None:
    counts = dict.fromkeys(Severity, 0) | ({worst: 2} if worst else {})
    report = Report(diagnostics=(), counts=counts, by_code={})
    assert {severity.value for severity in Severity if report.fails(severity)} == fails_on
