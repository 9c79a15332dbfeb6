"""Fetch the files of a figure, look at every byte, and name them.

A file comes from PubMed Central's bucket, where its MD5 sum is compared, or out of the article's
PDF. What is no usable picture is never kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr import casefile, jats
from covidxr.casefile import KeptFile, Missing
from covidxr.cases import Provenance
from covidxr.figurecut import Picture
from covidxr.filenames import safe_name
from covidxr.imaging.examine import examine
from covidxr.imaging.formats import EXTENSIONS
from covidxr.model import ImageDepth
from covidxr.papercase import SOURCE, claim_of, credit_of
from covidxr.registries import pmccloud
from covidxr.registry import State
from covidxr.sourcing import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.articles import Graphic
    from covidxr.cases import Case, LicenceClaim
    from covidxr.figurechoice import Choice
    from covidxr.lookup import Paper
    from covidxr.pdfread import PdfFigure, PdfReading
    from covidxr.registry import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFile:
    """A PDF of the article.

    Parameters
    ----------
    page : Page
        Where its bytes came from.
    reading : PdfReading
        What was found in it.
    """

    page: Page
    reading: PdfReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """The files of one figure.

    Parameters
    ----------
    files : tuple of KeptFile
        In the article's order.
    pictures : tuple of Picture
        Their bytes.
    missing : tuple of Missing
        What no file came for.
    made : str
        How a picture was taken out of a PDF; else empty.
    warnings : tuple of str
        What a curator must know.
    """

    files: tuple[KeptFile, ...] = ()
    pictures: tuple[Picture, ...] = ()
    missing: tuple[Missing, ...] = ()
    made: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class FigureFetcher:
    """Fetches the figures of one article.

    Parameters
    ----------
    paper : Paper
        The article.
    desk : Desk or None
        Where PubMed Central's bucket is asked; None for nowhere.
    pdf : callable
        Gives the article's PDF as it was read, or why it cannot be had now; None where there is
        none.
    page_url : str
        Address of the article.
    prefer_pdf : bool
        Whether the PDF's pictures are taken before files of their own.
    """

    paper: Paper
    desk: Desk | None
    pdf: Callable[[], PdfFile | str | None]
    page_url: str
    prefer_pdf: bool = False
    taken: set[str] = field(default_factory=lambda: {casefile.NAME})

    @property
    def stem(self) -> str:
        """What every file of the article is named after."""
        return self.paper.pmcid or self.paper.doi or "pdf"

    def figure(self, choice: Choice) -> Got:
        """Fetch the files of one figure; out of the PDF where it has none of its own."""
        if self.prefer_pdf:
            got_there = self._out_of_pdf(choice, ())
            if got_there.files:
                return got_there
        files: list[KeptFile] = []
        pictures: list[Picture] = []
        missing: list[Missing] = []
        for graphic in choice.figure.graphics:
            got = self._graphic(graphic, choice, several=len(choice.figure.graphics) > 1)
            if isinstance(got, Missing):
                missing.append(got)
            else:
                files.append(got[0])
                pictures.append(got[1])
        if files or any(each.again for each in missing):
            return Got(files=tuple(files), pictures=tuple(pictures), missing=tuple(missing))
        return self._out_of_pdf(choice, tuple(missing))

    def provenance(self, page: Page, data: bytes, licence: LicenceClaim, credit: str) -> Provenance:
        """Say where the bytes of a picture came from."""
        return Provenance(
            source=SOURCE,
            page_url=self.page_url,
            image_url=page.url,
            retrieved_at=page.retrieved_at,
            sha256=hashlib.sha256(data).hexdigest(),
            bytes=len(data),
            doi=self.paper.doi,
            licence=licence,
            credit=credit,
            via=page.via,
            saved_as=page.saved_as,
        )

    def page(self, page: Page, case: Case) -> Provenance:
        """Say where a page came from that was read for a case."""
        whole = self.provenance(page, page.body, case.licence, case.credit)
        return replace(whole, page_url=page.url, image_url="")

    def part_of(self, parent: KeptFile, data: bytes, credit: str) -> Provenance:
        """Say where a part of a file came from: from where the file did."""
        return replace(
            parent.provenance,
            sha256=hashlib.sha256(data).hexdigest(),
            bytes=len(data),
            credit=credit,
        )

    def name(self, label: str, extension: str) -> str:
        """Name a file after article and figure: never after what a server calls it."""
        name = safe_name((self.stem, label), extension, self.taken)
        self.taken.add(name)
        return name

    def _graphic(
        self, graphic: Graphic, choice: Choice, *, several: bool
    ) -> tuple[KeptFile, Picture] | Missing:
        cloud = self.paper.cloud
        if cloud is None:
            return Missing(
                url=graphic.href, reason="its bucket could not be read", again=self.paper.unsure
            )
        media = cloud.media
        found = jats.graphic_file(graphic, tuple(media))
        if not found:
            return Missing(url=graphic.href, reason="no file of that name is known", again=False)
        file = media[found]
        if self.desk is None:
            return Missing(url=file.url, reason="nobody is asked", again=True)
        answer = pmccloud.fetch(file, self.desk, Kind.IMAGE)
        if answer.value is None:
            return Missing(
                url=file.url, reason=answer.why, again=answer.state is State.INCONCLUSIVE
            )
        number = choice.figure.graphics.index(graphic) + 1
        label = f"{choice.name}-{number}-whole" if several else f"{choice.name}-whole"
        return self._kept(answer.value, answer.value.body, label, choice)

    def _kept(
        self, page: Page, data: bytes, label: str, choice: Choice
    ) -> tuple[KeptFile, Picture] | Missing:
        facts = examine(page.url, data, ImageDepth.FULL)
        bad = [problem.message for problem in facts.problems if problem.kind != "trailing"]
        if bad or facts.format not in EXTENSIONS:
            if self.desk is not None:
                self.desk.forget(page.url)
            reason = bad[0] if bad else f"its format is {facts.format}"
            return Missing(
                url=page.url, reason=f"{page.url} gives no usable image: {reason}", again=False
            )
        name = self.name(label, EXTENSIONS[facts.format][0])
        claim = claim_of(choice.right)
        kept = KeptFile(
            name=name,
            format=facts.format,
            width=facts.width,
            height=facts.height,
            provenance=self.provenance(page, data, claim, credit_of(self.paper, claim)),
        )
        return kept, Picture(name=name, data=data)

    # ---- PDF ------------------------------------------------------------------------------------

    def _out_of_pdf(self, choice: Choice, missing: tuple[Missing, ...]) -> Got:
        pdf = self.pdf()
        if isinstance(pdf, str):
            return Got(missing=(*missing, Missing(url="", reason=f"PDF: {pdf}", again=True)))
        if pdf is None:
            return Got(missing=missing or (_no_file(choice),))
        number = jats.figure_number(choice.figure)
        why = pdf.reading.problem or self._mismatch(pdf.reading, number)
        figure = next((each for each in pdf.reading.figures if each.number == number), None)
        if why or figure is None:
            why = why or f"{choice.title} was not found in it"
            return Got(missing=(*missing, _not_in(pdf, why)))
        got = self._kept(pdf.page, figure.data, f"{choice.name}-whole", choice)
        if isinstance(got, Missing):
            return Got(missing=(*missing, got))
        return Got(
            files=(got[0],),
            pictures=(got[1],),
            made=_how(figure, pdf.reading.library),
            warnings=(*figure.warnings, *_polarity(figure)),
        )

    def _mismatch(self, reading: PdfReading, number: str) -> str:
        """Say why a figure of the text cannot be told in a PDF by its number."""
        article = self.paper.article
        if article is None:
            return ""
        text = [found for each in article.figures if (found := jats.figure_number(each))]
        if text.count(number) > 1:
            return f"several figures of the text have the number {number}"
        seen = {each.number for each in reading.figures} | set(reading.text_figures)
        if text and (odd := seen - set(text)):
            named = ", ".join(sorted(odd))
            return f"it has a figure {named}, which the article's text does not have"
        return ""


def _no_file(choice: Choice) -> Missing:
    return Missing(url="", reason=f"{choice.title} has no picture of its own", again=False)


def _not_in(pdf: PdfFile, why: str) -> Missing:
    return Missing(url=pdf.page.url or pdf.page.saved_as, reason=f"PDF: {why}", again=False)


def _how(figure: PdfFigure, library: str) -> str:
    corners = ", ".join(f"{each:.1f}" for each in figure.box)
    return f"{figure.made}: page {figure.page}, box {corners} pt, {figure.dpi:.0f} dpi; {library}"


def _polarity(figure: PdfFigure) -> tuple[str, ...]:
    if not figure.polarity_suspect:
        return ()
    return (f"polarity:suspect: figure {figure.number} may be inverted; look at it",)
