"""The text of an article: one line out of markup, and sentences out of a line."""

from __future__ import annotations

import pytest

from covidxr.jatstext import flatten, plain, sentences
from covidxr.jatstree import first, read_tree


def flat(markup: str) -> tuple[str, list[str]]:
    data = f"<article><body><caption>{markup}</caption></body></article>".encode()
    text = flatten(first(read_tree(data).article, "body/caption"))
    return text.text, [text.text[start:end] for start, end in text.bold]


@pytest.mark.parametrize(
    ("markup", "line"),
    [
        ("<title>Chest CT.</title><p>Day 3.</p>", "Chest CT. Day 3."),
        ("<p>\n  Chest\t CT\u00a0of\u2003day <italic>3</italic>.\n</p>", "Chest CT of day 3."),
        ("<p>5 mm<sup>2</sup>, H<sub>2</sub>O</p>", "5 mm2, H2O"),
        ("<p>Opacities<xref ref-type='fn' rid='n1'>*</xref>.</p>", "Opacities."),
        ("<p>Opacities<fn><p>See below.</p></fn>.</p>", "Opacities."),
        ("<p>As in <xref ref-type='fig' rid='f1'>Fig. 1</xref>.</p>", "As in Fig. 1."),
        ("<p>As known [<xref ref-type='bibr' rid='b'>12</xref>].</p>", "As known [12]."),
        (
            (
                "<p>As known<sup><xref ref-type='bibr' rid='b'>1</xref>,"
                "<xref ref-type='bibr' rid='c'>2</xref></sup>. Next.</p>"
            ),
            "As known. Next.",
        ),
        ("<p>Known<xref ref-type='bibr' rid='b'><sup>1</sup></xref> well.</p>", "Known well."),
        (
            (
                "<p>Is <inline-formula><alternatives><tex-math>\\alpha</tex-math><mml:math "
                "xmlns:mml='urn:m'><mml:mi>α</mml:mi></mml:math></alternatives></inline-formula>.</p>"
            ),
            "Is α.",
        ),
        ("<p>One<break/>two</p>", "One two"),
        ("<p>Before<table-wrap><label>Table 1</label></table-wrap>behind</p>", "Before behind"),
        ("<p>A<!-- no -->B<?pi no?>C</p>", "ABC"),
        ("<p>A<inline-graphic href='x'/>B</p>", "AB"),
        (
            "<list><list-item><p>one</p></list-item><list-item><p>two</p></list-item></list>",
            "one two",
        ),
        ("", ""),
    ],
)
def test_markup_becomes_one_line_of_what_reads(markup: str, line: str) -> None:
    assert flat(markup)[0] == line


@pytest.mark.parametrize(
    ("markup", "bold"),
    [
        ("<p>CT. <bold>a</bold> A man. <bold> b </bold>A woman.</p>", ["a", "b"]),
        ("<title><bold>Chest</bold></title><p><bold>A</bold>, axial</p>", ["Chest", "A"]),
        ("<p><bold>a <bold>b</bold> c</bold></p>", ["a b c"]),
        ("<p><styled-content style='font-weight: bold'>a</styled-content> CT</p>", ["a"]),
        ("<p><bold/><bold> </bold>CT</p>", []),
    ],
)
def test_what_is_bold_is_known_by_its_place_in_the_line(markup: str, bold: list[str]) -> None:
    assert flat(markup)[1] == bold


def test_nothing_is_an_empty_text() -> None:
    assert plain(None) == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Clear lungs. A scan followed.", ["Clear lungs.", "A scan followed."]),
        ("As in Fig. 2 and Figs. 3A. It fell.", ["As in Fig. 2 and Figs. 3A.", "It fell."]),
        ("Li et al. Lancet said so.", ["Li et al. Lancet said so."]),
        ("Dr. J. Doe saw him, e.g. CT.", ["Dr. J. Doe saw him, e.g. CT."]),
        ("Was there fever? No. 3 had it.", ["Was there fever?", "No. 3 had it."]),
        ("He said no. Then he left.", ["He said no.", "Then he left."]),
        ("It was 37.5 °C. (Fig. 1) shows it.", ["It was 37.5 °C.", "(Fig. 1) shows it."]),
        ("He “coughed.” Then he left.", ["He “coughed.”", "Then he left."]),
        ("Grew to 5 mm. 12 days later it fell.", ["Grew to 5 mm.", "12 days later it fell."]),
        ("One sentence", ["One sentence"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_sentences_end_and_not_behind_short_words(
    text: str, parts: list[str]
) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


def test_a_long_text_without_end_is_one_sentence() -> None:
    assert list(sentences("a. b" * 25_000)) == [(0, 100_000)]
