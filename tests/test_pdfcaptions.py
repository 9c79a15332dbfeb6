"""Captions of figures among the lines of a page."""

from __future__ import annotations

import pytest
from tests.pdfwords import row, rows, word

from covidxr.pdfcaptions import Caption, captions_of
from covidxr.pdfwords import Word, lines_of

MAIN = ("Roman", 10.0)
TEXT = ["The patient was treated there", "for a week and then sent home", "where he was well"]


def captions(*words: Word, main: tuple[str, float] = MAIN) -> tuple[Caption, ...]:
    return captions_of(lines_of(words), main)


def small(text: list[str], left: float = 60, top: float = 300) -> list[Word]:
    return rows(text, left, top, font="Sans", size=8)


@pytest.mark.parametrize(
    ("first", "label", "number", "text"),
    [
        ("Figure 1. Chest radiograph.", "Figure 1", "1", "Chest radiograph."),
        ("Fig. 12 Chest radiograph", "Fig. 12", "12", "Chest radiograph"),
        ("Fig.3: Chest radiograph", "Fig.3", "3", "Chest radiograph"),
        ("FIGURE 2 | Chest radiograph", "FIGURE 2", "2", "Chest radiograph"),
        ("Figure S4. Chest radiograph", "Figure S4", "S4", "Chest radiograph"),
        ("Supplementary Figure 2. CT", "Supplementary Figure 2", "S2", "CT"),
        ("Figure 2.1. Chest radiograph", "Figure 2.1", "2.1", "Chest radiograph"),
        ("Figure 7", "Figure 7", "7", ""),
    ],
)
def test_a_caption_is_told_by_its_label(first: str, label: str, number: str, text: str) -> None:
    (caption,) = captions(*rows(TEXT, 60, 100), *small([first]))
    assert (caption.label, caption.number, caption.text) == (label, number, text)
    assert caption.sure


@pytest.mark.parametrize(
    "first",
    [
        "Figures 1 and 2 show both",
        "Figure 1A is older",
        "Figured bass",
        "Table 1. Figures of all",
        "Extended Data Fig. 1",
        "Figure 2 (continued). More",
        "Figure 2. Continued",
    ],
)
def test_what_is_no_caption_of_one_figure_is_none(first: str) -> None:
    assert captions(*small([first])) == ()


def test_a_sentence_of_the_text_that_begins_a_line_is_no_caption() -> None:
    lines = ["which may be seen in the upper part of", "Figure 1. The lower part is free and"]
    assert captions(*rows(lines, 60, 100)) == ()


def test_a_mention_in_bold_within_the_text_is_no_caption() -> None:
    words = [*row("Figure 1", 60, 112, font="Bold"), *row("shows the lungs of all", 105, 112)]
    assert captions(*rows(TEXT[:1], 60, 100), *words) == ()


def test_a_label_in_bold_before_type_like_the_text_is_a_caption() -> None:
    words = [*row("Figure 1.", 60, 112, font="Bold"), *row("The lungs of all", 110, 112)]
    (caption,) = captions(*rows(TEXT[:1], 60, 100), *words)
    assert (caption.sure, caption.text) == (True, "The lungs of all")


def test_type_like_the_text_is_a_caption_only_perhaps() -> None:
    (caption,) = captions(*row("Figure 1. The lungs of all", 60, 300))
    assert not caption.sure


def test_a_caption_ends_where_the_text_goes_on() -> None:
    words = [*small(["Figure 1. One", "and two"]), *rows(TEXT, 60, 325)]
    (caption,) = captions(*words)
    assert caption.text == "One and two"


def test_a_caption_ends_at_a_gap() -> None:
    words = [*small(["Figure 1. One", "and two"]), *small(["Source: a friend"], top=340)]
    (caption,) = captions(*words)
    assert caption.text == "One and two"


def test_a_caption_ends_where_the_next_begins() -> None:
    first, second = captions(*small(["Figure 1. One", "Figure 2. Two"]))
    assert (first.text, second.text) == ("One", "Two")


def test_the_next_column_is_not_part_of_a_caption() -> None:
    left = small(["Figure 1. The lungs on the", "day of admission"])
    (caption,) = captions(*left, *small(["eight nine ten", "eleven twelve"], left=240))
    assert caption.text == "The lungs on the day of admission"


def test_a_first_line_that_hangs_out_and_is_short_keeps_the_longer_ones_below() -> None:
    words = [
        *small(["Figure 1. The lungs."], left=60),
        *small(["This is the first of two rows"], left=80, top=309.6),
        *small(["and this one is by far the longest of them all"], left=80, top=319.2),
    ]
    (caption,) = captions(*words)
    assert caption.text.endswith("and this one is by far the longest of them all")


def test_a_wide_gap_after_the_label_is_no_gutter() -> None:
    words = [*small(["Fig. 1"]), *small(["The lungs"], left=102)]
    (caption,) = captions(*words)
    assert caption.text == "The lungs"


def test_bold_is_told_by_the_name_of_the_font() -> None:
    words = [*small(["Figure 1. The lungs"]), word("(A)", 140, 300, font="ABCDEF+SansBold", size=8)]
    (caption,) = captions(*words)
    assert [caption.text[start:end] for start, end in caption.bold] == ["(A)"]


def test_what_looks_like_the_label_and_not_like_the_rest_is_bold() -> None:
    words = [
        *row("Fig. 1", 60, 300, font="Xq7", size=8),
        *row("The lungs before,", 90, 300, font="Xq8", size=8),
        *row("b", 160, 300, font="Xq7", size=8),
        *row("and after treatment", 168, 300, font="Xq8", size=8),
    ]
    (caption,) = captions(*words)
    assert [caption.text[start:end] for start, end in caption.bold] == ["b"]


def test_a_ligature_does_not_move_where_the_text_begins() -> None:
    words = [*row("\ufb01gure 1. Fibrosis", 60, 300, font="Sans", size=8)]
    assert captions(*words) == ()
    (caption,) = captions(*small(["Figure 1. \ufb01brosis of the lungs"]))
    assert caption.text == "fibrosis of the lungs"


def test_long_lines_of_one_word_are_read_at_once() -> None:
    assert captions(word("Figure " + " " * 100_000 + "x", 60, 300, font="Sans", size=8)) == ()
    assert captions(word("fig" * 100_000, 60, 300)) == ()
