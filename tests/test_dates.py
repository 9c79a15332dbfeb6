"""Dates: one grammar, and what is made of every other writing."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.dates import FIRST_YEAR, LAST_YEAR, ParsedDate, read_date

REAL = Path(__file__).parents[2] / "shared" / "real"

parsed_dates = st.one_of(
    st.builds(ParsedDate, year=st.integers(FIRST_YEAR, LAST_YEAR)),
    st.builds(ParsedDate, year=st.integers(FIRST_YEAR, LAST_YEAR), month=st.integers(1, 12)),
    st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)).map(
        lambda day: ParsedDate(year=day.year, month=day.month, day=day.day)
    ),
)


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        ("2020", "year", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", "month", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-02", "month", date(2019, 2, 1), date(2019, 2, 28)),
        ("2020-04", "month", date(2020, 4, 1), date(2020, 4, 30)),
        ("2020-12", "month", date(2020, 12, 1), date(2020, 12, 31)),
        ("2020-02-29", "day", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_canonical_date_stands_as_it_is_and_knows_its_bounds(
    text: str, precision: str, earliest: date, latest: date
) -> None:
    reading = read_date(text)
    assert reading.is_canonical
    assert reading.parsed is not None
    assert reading.parsed.iso == text
    assert reading.parsed.precision == precision
    assert (reading.parsed.earliest, reading.parsed.latest) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("January 22, 2020", "2020-01-22"),
        ("Mar 4, 2020", "2020-03-04"),
        ("Mar. 4 2020", "2020-03-04"),
        ("12 March 2020", "2020-03-12"),
        ("12th of March, 2020", "2020-03-12"),
        ("2020 March 12", "2020-03-12"),
        ("SEPT 3, 2020", "2020-09-03"),
        ("March 2020", "2020-03"),
        ("2020 Mar", "2020-03"),
        ("12 Mar 20", "2020-03-12"),
        ("3-Mar-20", "2020-03-03"),
        ("12-Mar-87", "1987-03-12"),
        ("12-Mar-2020", "2020-03-12"),
        ("12 marzo 2020", "2020-03-12"),
        ("1º marzo 2020", "2020-03-01"),
        ("5 maggio 2020", "2020-05-05"),
        ("12 de marzo de 2020", "2020-03-12"),
        ("7 ene 2020", "2020-01-07"),
        ("12. März 2020", "2020-03-12"),
        ("12. Ma\u0308rz 2020", "2020-03-12"),
        ("3. Dezember 2019", "2019-12-03"),
        ("1er février 2020", "2020-02-01"),
        ("15 août 2020", "2020-08-15"),
        ("juillet 2020", "2020-07"),
        ("2/29/2020", "2020-02-29"),
        ("29/2/2020", "2020-02-29"),
        ("11/27/19", "2019-11-27"),
        ("3/3/2020", "2020-03-03"),
        ("13.03.2020", "2020-03-13"),
        ("2020/3/5", "2020-03-05"),
        ("2020-3-5", "2020-03-05"),
        ("2020.03.05", "2020-03-05"),
        ("03/2020", "2020-03"),
        ("2020-3", "2020-03"),
        (" 2020 ", "2020"),
        ("2020-03-05\n", "2020-03-05"),
        ("2020-03-05T00:00:00", "2020-03-05"),
        ("2020-03-05 00:00:00", "2020-03-05"),
        ("2020.0", "2020"),
        ("March\u00a04,\u202f2020", "2020-03-04"),
        ("\u3000２０２０－０３－０５", "2020-03-05"),
        ("2020\u201103\u201105", "2020-03-05"),
        ("\ufeff2020", "2020"),
    ],
)
def test_a_writing_with_one_reading_is_a_matter_of_spelling(text: str, iso: str) -> None:
    reading = read_date(text)
    assert reading.problem == "spelling"
    assert reading.parsed is not None
    assert reading.parsed.iso == iso


@pytest.mark.parametrize(
    ("text", "isos"),
    [
        ("03/09/20", ["2020-03-09", "2020-09-03"]),
        ("3/7/2020", ["2020-03-07", "2020-07-03"]),
        ("03.09.2020", ["2020-03-09", "2020-09-03"]),
        ("3-7-2020", ["2020-03-07", "2020-07-03"]),
        ("03-09-20", ["2003-09-20", "2020-03-09", "2020-09-03"]),
        ("27-11-19", ["2019-11-27", "2027-11-19"]),
        ("12-Mar-20", ["2012-03-20", "2020-03-12"]),
        ("20-Mar-12", ["2012-03-20", "2020-03-12"]),
        ("12/12/49", ["1949-12-12", "2049-12-12"]),
        ("1/13/30", ["1930-01-13", "2030-01-13"]),
        ("12 March 49", ["1949-03-12", "2049-03-12"]),
    ],
)
def test_a_writing_with_several_readings_is_not_guessed(text: str, isos: list[str]) -> None:
    reading = read_date(text)
    assert reading.problem == "ambiguous"
    assert reading.parsed is None
    assert [one.iso for one in reading.readings] == isos


@pytest.mark.parametrize(
    ("text", "year"),
    [("1/13/00", 2000), ("1/13/29", 2029), ("1/13/50", 1950), ("1/13/99", 1999)],
)
def test_a_two_digit_year_is_never_one_of_the_far_future(text: str, year: int) -> None:
    parsed = read_date(text).parsed
    assert parsed is not None
    assert parsed.year == year


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("January 12", "no-year"),
        ("12 Jan", "no-year"),
        ("March 20", "no-year"),
        ("February 29", "no-year"),
        ("January", "no-year"),
        ("13/1", "no-year"),
        ("2020-02-30", "impossible"),
        ("2020-00-10", "impossible"),
        ("2020-03-00", "impossible"),
        ("2020-13", "impossible"),
        ("13/45/2020", "impossible"),
        ("2/30/2020", "impossible"),
        ("February 30, 2020", "impossible"),
        ("February 30", "impossible"),
        ("2202-03-04", "too-late"),
        ("2104-02-29", "too-late"),
        ("2170-02-30", "impossible"),
        ("2170-13", "impossible"),
        ("1066-10-14", "too-early"),
        ("", "unreadable"),
        (" ", "unreadable"),
        ("?", "unreadable"),
        ("43852", "unreadable"),
        ("20200305", "unreadable"),
        ("1234", "unreadable"),
        ("2101", "unreadable"),
        ("12", "unreadable"),
        ("3.5", "unreadable"),
        ("2020-3/5", "unreadable"),
        ("2020-03-05 14:30", "unreadable"),
        ("jui 2020", "unreadable"),
        ("Janurary 5, 2020", "unreadable"),
        ("March 2020 or April 2020", "unreadable"),
        ("Some Hospital, March", "unreadable"),
        ("٢٠٢٠", "unreadable"),
        ("\udca1", "unreadable"),
    ],
)
def test_what_is_no_date_says_why(text: str, problem: str) -> None:
    reading = read_date(text)
    assert reading.problem == problem
    assert reading.parsed is None
    assert reading.readings == ()


@given(parsed_dates)
def test_every_date_reads_back_from_its_iso_form(parsed: ParsedDate) -> None:
    reading = read_date(parsed.iso)
    assert reading.is_canonical
    assert reading.parsed == parsed
    assert parsed.earliest <= parsed.latest


@given(st.text())
def test_any_text_is_read_without_failing_and_only_iso_is_canonical(text: str) -> None:
    reading = read_date(text)
    assert reading.is_canonical == (reading.parsed is not None and reading.parsed.iso == text)


@given(st.text(alphabet="0123456789/-. ,JanMrcheyTZ:", max_size=14))
def test_a_reading_is_stable_when_read_again(text: str) -> None:
    parsed = read_date(text).parsed
    if parsed is not None:
        again = read_date(parsed.iso)
        assert again.is_canonical
        assert again.parsed == parsed


def test_every_date_of_the_real_table_is_read_or_said_to_be_open() -> None:
    table = REAL / "2020-06-22" / "metadata.csv"
    if not table.exists():
        pytest.skip("the real tables are not here")
    with table.open(encoding="utf-8", newline="") as file:
        texts = {row["date"] for row in csv.DictReader(file)}
    by_problem: dict[str | None, set[str]] = {}
    for text in texts:
        by_problem.setdefault(read_date(text).problem, set()).add(text)
    canonical = by_problem.pop(None)
    assert all(text.isdigit() and len(text) == len("2020") for text in canonical)
    assert len(canonical) == 12
    assert len(by_problem.pop("spelling")) == 60
    assert by_problem == {
        "ambiguous": {"3/7/2020", "03/06/20", "03/09/20"},
        "no-year": {"January 12", "January 13", "January 20"},
        "unreadable": {"", "?"},
    }
