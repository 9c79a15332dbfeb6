"""The language of ``--where``."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import build

from covidxr.errors import UsageError
from covidxr.where import Expression, chosen, parse

ROWS = (
    {"age": "54", "view": "PA", "finding": "Pneumonia/Viral/COVID-19", "date": "2020-03-04"},
    {"age": "", "view": "AP Supine", "finding": "Pneumonia/Bacterial", "date": "2020"},
    {"age": "17", "view": "L", "finding": "No Finding", "date": "", "license": "CC BY-NC-SA"},
    {"age": "?", "view": "pa", "finding": "todo", "date": "2020-06", "license": ""},
)
TABLE = build.dataset(*ROWS).table


def rows(text: str) -> list[int]:
    """The rows of which the expression is certain, from 1."""
    kept = chosen(parse(text, TABLE.text.header), TABLE)
    return [row + 1 for row in range(len(TABLE)) if kept[row]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("view = PA", [1, 4]),
        ("view in PA, AP Supine", [1, 2, 4]),
        ("view not in PA,L", [2]),
        ("age >= 18", [1]),
        ("not age >= 18", [3]),
        ("age < 54", [3]),
        ("age is blank", [2]),
        ("age is known", [1, 3]),
        ("age not known", [2, 4]),
        ("license known", [1, 2]),
        ("licence = 'CC BY 4.0'", [1, 2]),
        ("license = CC BY-NC-SA", [3]),
        ("finding under Pneumonia", [1, 2]),
        ("finding under COVID-19", [1]),
        ("not finding under COVID-19", [2, 3]),
        ("date < 2020-06", [1]),
        ("date <= 2020", [1, 2, 4]),
        ("date = 2020-03", [1]),
        ("not date = 2020-03", [4]),
        ("date >= 2020-06-01", [4]),
        ("filename ~ '[34][.]png$'", [3, 4]),
        ("location contains phantom hospital", [1, 2, 3, 4]),
        ("view = L or view = PA and age > 50", [1, 3]),
        ("(view = L or view = PA) and age > 50", [1]),
        ("NOT (view = L OR view = PA)", [2]),
        ("age != 54", [3]),
    ],
)
def test_a_condition_keeps_the_rows_of_which_it_is_certain(text: str, kept: list[int]) -> None:
    assert rows(text) == kept


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("veiw = PA", 1, "did you mean view?"),
        ("age > x", 7, "'x' is no number"),
        ("view = PAA", 8, "did you mean PA?"),
        ("sex < M", 5, "sex has no order"),
        ("date > soon", 8, "'soon' is no date"),
        ("age under Pneumonia", 5, "under asks for findings"),
        ("finding under Pneumona", 15, "did you mean Pneumonia?"),
        ("age", 4, "behind age comes"),
        ("(age > 1", 1, "this bracket is never closed"),
        ("age > 1) ", 8, "one too many"),
        ("view in", 8, "a value is wanted"),
        ("age > 1 and", 12, "a column is wanted"),
        ("filename ~ '('", 12, "no regular expression"),
        ("a!b", 2, "not understood"),
        ("not " * 101 + "age > 1", 401, "more than 100"),
    ],
)
def test_what_is_no_expression_is_refused_at_its_place(text: str, place: int, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert f"character {place}:" in str(refused.value)
    assert why in str(refused.value)


def test_a_column_that_covidxr_does_not_know_is_asked_by_its_header_cell() -> None:
    data = build.from_text("filename,scanner\na.png,Acme\nb.png,\n")
    expression = parse("scanner = Acme", data.table.text.header)
    assert chosen(expression, data.table).tolist() == [True, False]
    with pytest.raises(UsageError, match="no column 'scanner'"):
        parse("scanner = Acme")


def test_a_column_that_the_table_lacks_is_blank_everywhere() -> None:
    data = build.from_text("filename\na.png\n")
    assert chosen(parse("age is blank"), data.table).all()
    assert not chosen(parse("age > 1"), data.table).any()


CONDITIONS = st.sampled_from(
    (
        *("view = PA", "age >= 18", "age is blank", "finding under Pneumonia", "date < 2020-06"),
        *("license known", "filename ~ 1", "sex = F", "date = 2020"),
    )
)
EXPRESSIONS = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
    ),
    max_leaves=6,
)


def _truth(text: str) -> list[int]:
    expression: Expression = parse(text)
    truth: list[int] = expression.truth(TABLE).tolist()
    return truth


@given(EXPRESSIONS)
def test_no_row_fulfils_an_expression_and_its_opposite(text: str) -> None:
    assert not set(rows(text)) & set(rows(f"not ({text})"))
    assert _truth(f"not not ({text})") == _truth(text)


@given(EXPRESSIONS, EXPRESSIONS)
def test_and_or_and_not_are_the_ones_of_logic(one: str, two: str) -> None:
    assert _truth(f"not (({one}) and ({two}))") == _truth(f"not ({one}) or not ({two})")
    assert rows(f"({one}) and ({two})") == [row for row in rows(one) if row in rows(two)]
    assert rows(f"({one}) or ({two})") == sorted({*rows(one), *rows(two)})


@given(st.text(alphabet="age view=PA<>()'\",not and~!\x00", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        parse(text)
