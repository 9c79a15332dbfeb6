"""An article as its PDF shows it: figures with captions, and what it says of its licence.

This module turns what was read of a PDF into the record that a JATS file gives. It is the last
resort: nothing in a PDF says which words are a caption but where they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.articles import Article, Figure, LicenceNote

if TYPE_CHECKING:
    from covidxr.pdfread import PdfReading


def article_of(reading: PdfReading, doi: str = "") -> Article:
    """Give the article of a PDF.

    Parameters
    ----------
    reading : PdfReading
        What was found in it.
    doi : str
        The DOI that somebody says it has; empty for the one that stands in it.
    """
    notes = tuple(
        LicenceNote(url=url, words=reading.licence_words, where="PDF")
        for url in reading.licence_urls
    )
    if not notes and reading.licence_words:
        notes = (LicenceNote(words=reading.licence_words, where="PDF"),)
    return Article(
        doi=doi or reading.doi,
        title=reading.title,
        licences=notes,
        figures=tuple(
            Figure(
                id=f"pdf-{figure.number}",
                label=figure.label,
                caption=figure.caption,
                bold=figure.bold,
            )
            for figure in reading.figures
        ),
        left_out=tuple(
            (f"Figure {number}", "no picture was found on its page")
            for number in reading.text_figures
        ),
        warnings=("read out of the PDF alone: captions by where they stand", *reading.warnings),
        dialect="PDF",
    )
