"""Tests of CSV102."""

from __future__ import annotations

from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV102", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV102", build.dataset()) == []


def test_a_mark_at_the_beginning_is_reported() -> None:
    data = build.from_text("\ufeff" + build.csv_text(build.rows({})))
    assert build.hits("CSV102", data) == [
        (1, None, "the file begins with a byte order mark (EF BB BF)")
    ]


def test_the_same_character_further_on_is_no_mark() -> None:
    assert build.hits("CSV102", build.dataset({"other_notes": "a\ufeffb"})) == []
