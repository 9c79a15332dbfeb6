"""One cell at a time: what is wrong with it, what to do, and what it may become unasked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from covidxr.cells import Column, Level, Problem
from covidxr.columns import BY_NAME, COLUMNS, HEADER

Case = tuple[str, str, Problem | None, str, str | None]
NOTHING = None

# Column, cell, what is wrong, words of the suggestion, what --fix writes.
CASES: list[Case] = [
    ("temperature", "38.2", NOTHING, "", None),
    ("temperature", "95", Problem.OUT_OF_RANGE, "°F? 95 °F is 35.0 °C", None),
    ("temperature", "101.3", Problem.OUT_OF_RANGE, "is 38.5 °C", None),
    ("temperature", "20", Problem.OUT_OF_RANGE, "", None),
    ("temperature", "200", Problem.OUT_OF_RANGE, "", None),
    ("temperature", "38,5", Problem.SPELLING, "write 38.5", "38.5"),
    ("temperature", "38.5C", Problem.NOT_A_NUMBER, "in °C", None),
    ("pO2_saturation", "100", NOTHING, "", None),
    ("pO2_saturation", "105", Problem.OUT_OF_RANGE, "105 mmHg", None),
    ("pO2_saturation", "340", Problem.OUT_OF_RANGE, "340 mmHg", None),
    ("pO2_saturation", "-1", Problem.OUT_OF_RANGE, "", None),
    ("pO2_saturation", "93%", Problem.NOT_A_NUMBER, "number alone", None),
    ("lymphocyte_count", "1.31", NOTHING, "", None),
    ("lymphocyte_count", "131", Problem.OUT_OF_RANGE, "0.131 × 10³/µL", None),
    ("lymphocyte_count", "1,200", Problem.NOT_A_NUMBER, "point for decimals", None),
    ("leukocyte_count", "6400", Problem.OUT_OF_RANGE, "6.4 × 10³/µL", None),
    ("leukocyte_count", "-5", Problem.OUT_OF_RANGE, "", None),
    ("license", "free for all", Problem.FREE_TEXT_LICENCE, "SPDX id, or LicenseRef-", None),
    ("survival", "Y", NOTHING, "", None),
    ("survival", "", NOTHING, "", None),
    ("survival", "Not visible", Problem.NOT_ALLOWED, "leave it blank", None),
    ("survival", "Would have been stated", Problem.NOT_ALLOWED, "leave it blank", None),
    ("survival", "Unclear", Problem.NOT_ALLOWED, "leave it blank", None),
    ("survival", "yes", Problem.SPELLING, "write Y", "Y"),
    ("intubated", "?", Problem.NOT_ALLOWED, "leave it blank", None),
    ("extubated", "5", Problem.NOT_ALLOWED, "", None),
    ("RT_PCR_positive", "Unclear", NOTHING, "", None),
    ("RT_PCR_positive", "unclear", Problem.SPELLING, "write Unclear", "Unclear"),
    ("view", "AP Supine", NOTHING, "", None),
    ("view", "Bettaufnahme", Problem.SPELLING, "write AP Supine", "AP Supine"),
    ("view", "Liegend", Problem.SPELLING, "AP Supine", "AP Supine"),
    ("view", "Supino", Problem.SPELLING, "AP Supine", "AP Supine"),
    ("view", "Seduto", Problem.SPELLING, "write AP", "AP"),
    ("view", "Seduto a letto", Problem.SPELLING, "write AP", "AP"),
    ("view", "AP erect", Problem.SPELLING, "write AP", "AP"),
    ("view", "AP  Erect", Problem.SPELLING, "write AP", "AP"),
    ("view", "APS", Problem.SPELLING, "AP Supine", "AP Supine"),
    ("view", "LL", Problem.SPELLING, "write L", "L"),
    ("view", "Axial CT", Problem.SPELLING, "write Axial", "Axial"),
    ("view", "AP Mobile", Problem.NOT_ALLOWED, "AP or AP Supine", None),
    ("view", "CT", Problem.NOT_ALLOWED, "plane", None),
    ("view", "Erect", Problem.NOT_ALLOWED, "PA or AP", None),
    ("modality", "x-ray", Problem.SPELLING, "write X-ray", "X-ray"),
    ("modality", "MRI", Problem.NOT_ALLOWED, "", None),
    ("modality", "", Problem.BLANK, "", None),
    ("folder", "images/", Problem.SPELLING, "write images", "images"),
    ("sex", "female", Problem.SPELLING, "write F", "F"),
    ("sex", "W", Problem.NOT_ALLOWED, "weiblich", None),
    ("age", "0.5", NOTHING, "", None),
    ("age", "94", NOTHING, "", None),
    ("age", "121", Problem.OUT_OF_RANGE, "", None),
    ("age", "1e9", Problem.OUT_OF_RANGE, "", None),
    ("age", "inf", Problem.NOT_A_NUMBER, "", None),
    ("age", "1e999", Problem.NOT_A_NUMBER, "", None),
    ("age", "nan", Problem.NOT_A_NUMBER, "leave it blank", None),
    ("age", "65+", Problem.NOT_A_NUMBER, "in years", None),
    ("offset", "-3", NOTHING, "", None),
    ("offset", "3.0", Problem.SPELLING, "write 3", "3"),
    ("offset", "3.5", Problem.NOT_A_NUMBER, "", None),
    ("offset", "a few days", Problem.NOT_A_NUMBER, "in days", None),
    ("offset", "99999", Problem.OUT_OF_RANGE, "", None),
    ("license", "CC-BY-NC-SA-4.0", NOTHING, "", None),
    ("license", "LicenseRef-Phantom", NOTHING, "", None),
    ("license", "", Problem.NO_LICENCE, "do not infer", None),
    ("license", "CC BY-NC-SA", Problem.NO_LICENCE_VERSION, "never completed by guess", None),
    ("license", "CC BY-NC-SA 4.0", Problem.SPELLING, "CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0"),
    ("license", "ask the author", Problem.FREE_TEXT_LICENCE, "LicenseRef-", None),
    ("finding", "Pneumonia/Viral/COVID-19", NOTHING, "", None),
    ("finding", "Unknown", NOTHING, "", None),
    ("finding", "", Problem.BLANK, "", None),
    ("finding", "COVID-19", Problem.FLAT_FINDING, "Pneumonia/Viral/COVID-19", None),
    ("finding", "COVID-19, ARDS", Problem.FLAT_FINDING, "COVID-19|Pneumonia/ARDS", None),
    ("finding", "Pneumonia/Viral/SARS-CoV-2", Problem.SYNONYM, "COVID-19", None),
    ("finding", "Tuberculosis/COVID-19", Problem.WRONG_PARENT, "if both are meant", None),
    ("finding", "Suspected COVID-19", Problem.DOUBTFUL_FINDING, "clinical_notes", None),
    ("finding", "no COVID-19", Problem.DOUBTFUL_FINDING, "", None),
    ("finding", "No Finding|Pneumonia/ARDS", Problem.CONFLICT, "", None),
    ("finding", "todo", Problem.TODO, "read the source", None),
    ("finding", "Covfefe", Problem.UNKNOWN_FINDING, "", None),
    # One diagnostic a cell: what cannot be mended comes before how it is written.
    ("finding", "COVID-19, Covfefe", Problem.UNKNOWN_FINDING, "", None),
    ("date", "2020", NOTHING, "", None),
    ("date", "2020-03", NOTHING, "", None),
    ("date", "Jan 22, 2020", Problem.SPELLING, "write 2020-01-22", "2020-01-22"),
    ("date", "22/01/2020", Problem.SPELLING, "write 2020-01-22", "2020-01-22"),
    ("date", "01/02/2020", Problem.AMBIGUOUS_DATE, "the source means", None),
    ("date", "January", Problem.BAD_DATE, "YYYY-MM", None),
    ("date", "2020-02-30", Problem.BAD_DATE, "YYYY-MM-DD", None),
    ("date", "?", Problem.BAD_DATE, "leave it blank", None),
    ("doi", "10.5555/12345678", NOTHING, "", None),
    ("doi", "https://doi.org/10.5555/AbC", Problem.SPELLING, "10.5555/AbC", "10.5555/AbC"),
    ("doi", "doi:10.5555/x", Problem.SPELLING, "write 10.5555/x", "10.5555/x"),
    ("doi", "abc", Problem.BAD_FORM, "", None),
    ("doi", "none", Problem.BAD_FORM, "leave it blank", None),
    ("url", "https://example.org/x", NOTHING, "", None),
    ("url", "example.org", Problem.BAD_FORM, "", None),
    ("filename", "one.png", NOTHING, "", None),
    ("filename", "", Problem.BLANK, "", None),
    ("filename", "one", Problem.BAD_FORM, "extension", None),
    ("filename", ".png", Problem.BAD_FORM, "extension", None),
    ("filename", "In?s.png", Problem.BAD_FORM, "rename", None),
    ("patientid", "12-b", NOTHING, "", None),
    ("patientid", "1 2", Problem.BAD_FORM, "", None),
    ("patientid", "", Problem.BLANK, "", None),
    ("clinical_notes", "anything, “at all”?", NOTHING, "", None),
]


@pytest.mark.parametrize(
    ("name", "cell", "problem", "suggestion", "value"), CASES, ids=[f"{c[0]}={c[1]}" for c in CASES]
)
def test_a_cell_is_judged(
    name: str, cell: str, problem: Problem | None, suggestion: str, value: str | None
) -> None:
    judged = BY_NAME[name].judge(cell)
    if problem is None:
        assert judged is None
        return
    assert judged is not None
    assert judged.problem is problem
    assert suggestion in (judged.suggestion or "")
    assert bool(suggestion) or judged.value is None
    assert judged.value == value


@pytest.mark.parametrize("column", COLUMNS, ids=HEADER)
def test_blanks_around_a_value_are_not_the_values_fault(column: Column) -> None:
    for cell in (column.example, *column.allowed):
        assert column.judge(cell) == column.judge(f" {cell}\u00a0\n")


@pytest.mark.parametrize("column", COLUMNS, ids=HEADER)
def test_a_blank_is_wrong_only_where_a_value_must_stand(column: Column) -> None:
    judged = column.judge("  ")
    if column.name == "license":
        assert judged is not None
        assert judged.problem is Problem.NO_LICENCE
    else:
        assert (judged is None) is column.blank
        assert judged is None or judged.problem is Problem.BLANK
    assert column.level is Level.REQUIRED or column.blank


def bounds() -> list[tuple[str, float]]:
    """Columns with bounds, each bound once."""
    return [
        (column.name, bound)
        for column in COLUMNS
        for bound in (column.minimum, column.maximum)
        if bound is not None
    ]


@pytest.mark.parametrize(("name", "bound"), bounds())
def test_a_bound_itself_is_allowed_and_what_lies_beyond_is_not(name: str, bound: float) -> None:
    column = BY_NAME[name]
    assert column.judge(f"{bound:g}") is None
    beyond = column.judge(f"{bound + (1 if bound == column.maximum else -1):g}")
    assert beyond is not None
    assert beyond.problem is Problem.OUT_OF_RANGE


SPELLINGS = [
    (column.name, spelling, meant)
    for column in COLUMNS
    for spelling, meant in column.spellings.items()
]


@pytest.mark.parametrize(("name", "spelling", "meant"), SPELLINGS)
def test_a_spelling_becomes_what_it_means_whatever_its_case(
    name: str, spelling: str, meant: str
) -> None:
    for text in (spelling.title(), spelling.upper(), spelling.replace(" ", "  ")):
        judged = BY_NAME[name].judge(text)
        assert (judged.value if judged else text) == meant


WORDS = ["2020", "03", "-", "/", ".", ",", " ", "CC", "BY", "10.", "doi:", "https://", "%", "°F"]
scraps = st.lists(
    st.sampled_from(WORDS)
    | st.sampled_from(["COVID-19", "|", "Pneumonia", "AP", "sup", "ja", "?", "\0", "\udcff"]),
    max_size=8,
).map("".join)
known = st.sampled_from(SPELLINGS).map(lambda spelling: spelling[1])
texts = st.text(max_size=30) | scraps | known | st.floats().map(str) | st.dates().map(str)


@pytest.mark.parametrize("column", COLUMNS, ids=HEADER)
@settings(deadline=None)
@given(text=texts)
def test_any_text_at_all_is_judged_and_a_fix_needs_no_second_one(column: Column, text: str) -> None:
    judged = column.judge(text)
    if judged is None or judged.value is None:
        return
    again = column.judge(judged.value)
    # A decimal point in place of a comma can bring out that the number is out of bounds.
    assert again is None or (again.value is None and column.kind in {"number", "integer"})


@settings(deadline=None)
@given(number=st.decimals(-9999, 9999, places=2))
def test_a_number_is_judged_by_its_value_not_by_its_writing(number: object) -> None:
    text = str(number)
    for column in (BY_NAME["temperature"], BY_NAME["age"], BY_NAME["lymphocyte_count"]):
        first = column.judge(text)
        for writing in (f"{text}0", f"{text}e0", text if text.startswith("-") else f"+{text}"):
            again = column.judge(writing)
            assert (again is None) == (first is None)
            assert again is None or again.problem is Problem.OUT_OF_RANGE


def test_a_count_below_zero_is_no_count_in_another_unit() -> None:
    judged = BY_NAME["leukocyte_count"].judge("-5")
    assert judged is not None
    assert judged.suggestion is None
