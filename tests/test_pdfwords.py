"""Words of a PDF's page: lines that end at a gutter, and broken words that are mended."""

from __future__ import annotations

import pytest
from tests.pdfwords import row, word

from covidxr.pdfwords import (
    MOST_WORDS,
    Line,
    Word,
    clean,
    lines_of,
    main_style,
    prose,
    vocabulary_of,
)


def texts(*words: Word) -> list[str]:
    return [line.text for line in lines_of(words)]


def test_words_side_by_side_are_a_line_in_whatever_order_they_come() -> None:
    words = [*row("one two three", 60, 100), *row("four five", 60, 112)]
    assert texts(*words[::-2], *words[-2::-2]) == ["one two three", "four five"]


def test_a_gutter_ends_a_line() -> None:
    assert texts(*row("left column", 60, 100), *row("right column", 140, 100)) == [
        "left column",
        "right column",
    ]


def test_columns_whose_lines_stand_at_other_heights_stay_apart() -> None:
    left = [each for n in range(5) for each in row(f"left {n}", 60, 100 + 12 * n)]
    right = [each for n in range(5) for each in row(f"right {n}", 120, 106 + 12 * n)]
    assert texts(*left, *right)[:4] == ["left 0", "right 0", "left 1", "right 1"]


def test_a_raised_number_belongs_to_its_line() -> None:
    words = [*row("10", 60, 100), word("9", 71, 99, size=6), *row("cells", 78, 100)]
    assert texts(*words) == ["10 9 cells"]


def test_the_style_of_a_line_is_that_of_most_letters() -> None:
    line = Line(words=(word("A", 60, 100, font="ABCDEF+Bold"), word("radiograph", 70, 100)))
    assert line.style == ("Roman", 10.0)
    assert main_style([]) == ("", 0.0)
    assert word("x", 0, 0, font="ABCDEF+Bold").style == ("Bold", 10.0)


@pytest.mark.parametrize(
    ("first", "second", "known", "mended"),
    [
        ("a radio-", "graph was", (), "a radiograph was"),
        ("a radio-", "graph was", ("radio-graph",), "a radio-graph was"),
        ("a follow-", "up scan", ("follow-up", "followup"), "a followup scan"),
        ("of COVID-", "19 in", (), "of COVID-19 in"),
        ("of SARS-", "CoV-2 in", (), "of SARS-CoV-2 in"),
        ("a radio\u00ad", "graph was", (), "a radiograph was"),
        ("seen in", "both lungs", (), "seen in both lungs"),
        ("5 -", "10 days", (), "5 -10 days"),
    ],
)
def test_a_word_that_goes_over_two_lines_is_mended(
    first: str, second: str, known: tuple[str, ...], mended: str
) -> None:
    lines = lines_of([*row(first, 60, 100), *row(second, 60, 112)])
    assert prose(lines, frozenset(known)) == mended


def test_one_word_in_two_fonts_stays_one() -> None:
    line = Line(words=(word("(", 60, 100), word("A", 65, 100, font="Bold"), word(")", 70, 100)))
    assert prose([line]) == "(A)"


def test_nothing_gives_nothing() -> None:
    assert lines_of([]) == ()
    assert prose([]) == ""


def test_ligatures_become_letters_and_what_is_invisible_goes() -> None:
    assert clean("\ufb01brosis\x00 \ufb03") == "fibrosis ffi"


def test_a_vocabulary_is_in_small_letters_without_marks() -> None:
    assert vocabulary_of(row("Follow-up, (lungs).", 0, 0)) == {"follow-up", "lungs"}


def test_a_page_of_very_many_words_is_cut() -> None:
    words = [word("x", 20 * (n % 30), 3 * (n // 30)) for n in range(MOST_WORDS + 100)]
    assert sum(len(line.words) for line in lines_of(words)) == MOST_WORDS
