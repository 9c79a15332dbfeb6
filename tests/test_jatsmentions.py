"""Sentences that cite a figure."""

from __future__ import annotations

import pytest

from covidxr.jats import read_article

FIGURES = "".join(
    f"<fig id='f{n}'><label>Figure {n}</label><caption>"
    "<p>Scan <xref rid='f1'>1</xref>.</p></caption>"
    "</fig>"
    for n in range(1, 6)
)


def mentions(paragraphs: str) -> list[tuple[str, ...]]:
    data = f"<article><front/><body>{paragraphs}{FIGURES}</body></article>".encode()
    return [each.mentions for each in read_article(data).figures]


def cited(paragraphs: str) -> list[int]:
    return [number for number, each in enumerate(mentions(paragraphs), start=1) if each]


def x(number: int, text: str = "") -> str:
    return f"<xref ref-type='fig' rid='f{number}'>{text or number}</xref>"


def test_a_figure_is_cited_by_the_whole_sentence_and_no_more() -> None:
    text = f"<p>He coughed. The film (Fig. {x(1)}b) of day 2, i.e. Monday, was clear. He left.</p>"
    assert mentions(text)[0] == ("The film (Fig. 1b) of day 2, i.e. Monday, was clear.",)


def test_each_sentence_stands_once_and_in_the_order_of_the_text() -> None:
    text = (
        f"<p>See Fig. {x(1)} and again {x(1)}. See Fig. {x(2)}.</p><p>Fig. {x(1)} is clear.</p>"
        f"<sec><title>Of {x(2)}</title><list><list-item><p>Also {x(2)}.</p></list-item>"
        "</list></sec>"
        f"<p>Fig. {x(1)} is clear.</p>"
    )
    assert mentions(text)[:2] == [
        ("See Fig. 1 and again 1.", "Fig. 1 is clear."),
        ("See Fig. 2.", "Also 2."),
    ]


def test_captions_tables_and_headings_cite_nothing() -> None:
    text = (
        f"<table-wrap><table><tr><td>{x(2)}</td></tr></table></table-wrap>"
        f"<sec><title>{x(3)}</title></sec>"
    )
    assert cited(text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"Figs {x(1)}–{x(4)}", [1, 2, 3, 4]),
        (f"Figs {x(2)} to {x(4)}", [2, 3, 4]),
        (f"Figs {x(4)}-{x(2)}", [2, 3, 4]),
        (f"Figs {x(1)} and {x(4)}", [1, 4]),
        (f"Figs {x(1)}, {x(3)}–{x(5)}", [1, 3, 4, 5]),
        (f"Fig. {x(3, '3A')}–{x(3, 'C')}", [3]),
        ("<xref ref-type='fig' rid='f1 f3'>Figs 1–3</xref>", [1, 2, 3]),
        ("<xref ref-type='fig' rid='f1 f3'>Figs 1 and 3</xref>", [1, 3]),
        ("<xref ref-type='fig' rid='f2'/>", [2]),
        (f"Fig. {x(1)} – see <xref ref-type='bibr' rid='b1'>1</xref>–{x(3)}", [1, 3]),
        ("<xref ref-type='fig' rid='f9 '>9</xref> <xref>none</xref>", []),
    ],
)
def test_a_range_cites_the_figures_between_its_ends(text: str, numbers: list[int]) -> None:
    assert cited(f"<p>Seen in {text}.</p>") == numbers


def test_a_paragraph_of_a_thousand_citations_is_read() -> None:
    text = "".join(f"Sentence {n} cites {x(1)}. " for n in range(5000))
    assert len(mentions(f"<p>{text}</p>")[0]) == 5000
