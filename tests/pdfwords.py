"""Sets words on a page for tests, five points a letter."""

from __future__ import annotations

from covidxr.pdfwords import Word

LETTER = 5.0


def word(text: str, left: float, top: float, *, font: str = "Roman", size: float = 10) -> Word:
    """Set one word."""
    box = (left, top, left + len(text) * LETTER * size / 10, top + size)
    return Word(text=text, box=box, font=font, size=size)


def row(text: str, left: float, top: float, *, font: str = "Roman", size: float = 10) -> list[Word]:
    """Set words one after the other, a letter's width apart."""
    words = []
    for each in text.split():
        words.append(word(each, left, top, font=font, size=size))
        left = words[-1].box[2] + LETTER * size / 10
    return words


def rows(
    texts: list[str], left: float, top: float, *, font: str = "Roman", size: float = 10
) -> list[Word]:
    """Set lines one below the other."""
    return [
        each
        for number, text in enumerate(texts)
        for each in row(text, left, top + 1.2 * size * number, font=font, size=size)
    ]
