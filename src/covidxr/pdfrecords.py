"""What is read out of a PDF, and how much a PDF may take: plain values.

This module owns the records between the libraries that open a PDF and who makes an article of it.
It judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from covidxr.articles import Span
    from covidxr.pdfwords import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFigure:
    """One figure of a PDF.

    Parameters
    ----------
    number : str
        ``"1"``, ``"S2"``.
    label : str
        As printed: ``"Figure 1"``.
    caption : str
        Flattened, without the label.
    bold : tuple of Span
        Parts of `caption` that are bold.
    page : int
        From 1.
    box : tuple of float
        Left, top, right and bottom in points, from the top left corner of the page as shown.
    data : bytes
        A PNG file, or the bytes of a JPEG file as they stand in the PDF; empty where the figure
        was not wanted.
    dpi : float
        Dots an inch.
    made : str
        ``"pdf-render"`` or ``"pdf-stream"``.
    polarity_suspect : bool
        Whether black and white may be swapped. Nothing was turned.
    warnings : tuple of str
        What a curator must know.
    """

    number: str
    label: str
    caption: str
    bold: tuple[Span, ...] = ()
    page: int
    box: Box
    data: bytes = b""
    dpi: float = 0.0
    made: str = "pdf-render"
    polarity_suspect: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfReading:
    """What was found in a PDF. A field is empty where the file does not say it.

    Parameters
    ----------
    figures : tuple of PdfFigure
        In the paper's order.
    pages : int
        How many.
    title, doi : str
        Of the paper; `doi` is bare.
    licence_urls : tuple of str
        Creative Commons addresses on any page.
    licence_words : str
        The sentence that names such a licence, on the first or the last page.
    text_figures : tuple of str
        Numbers of captions that no picture was found for.
    library : str
        What read it, with versions.
    problem : str
        Why nothing could be read; empty where it could.
    warnings : tuple of str
        What a curator must know.
    """

    figures: tuple[PdfFigure, ...] = ()
    pages: int = 0
    title: str = ""
    doi: str = ""
    licence_urls: tuple[str, ...] = ()
    licence_words: str = ""
    text_figures: tuple[str, ...] = ()
    library: str = ""
    problem: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """How much a PDF may take.

    Parameters
    ----------
    seconds : float
        From the start of the process that reads it. A page takes a third of one.
    bytes : int
        Of the file.
    pages : int
        Of the file; a paper has some dozens, a book of abstracts thousands.
    memory : int
        Bytes of addresses that the process may use, where the system can limit that.
    """

    seconds: float = 120.0
    bytes: int = 100_000_000
    pages: int = 400
    memory: int = 4_000_000_000
