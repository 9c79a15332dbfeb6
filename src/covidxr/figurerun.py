"""One run over papers: DOI after DOI, what is kept, what is left out, and why.

A failure of one paper is no failure of the run: it is told, and tried again another time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import casefile, figurecut, papercase, rights
from covidxr.cases import LeftOut
from covidxr.drafts import draft_row
from covidxr.figurechoice import choose
from covidxr.figurefetch import FigureFetcher, PdfFile
from covidxr.figuretake import Taken, Taker
from covidxr.figuring import Ending, Told
from covidxr.identifiers import doi_key
from covidxr.jats import figure_number
from covidxr.lookup import Paper, look_up
from covidxr.pdfarticle import article_of
from covidxr.registries import pmccloud
from covidxr.registry import State
from covidxr.rightswords import named_by_code
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.articles import Article
    from covidxr.candidatestore import Candidates
    from covidxr.figurechoice import Choice
    from covidxr.figuring import Listener, Options
    from covidxr.lookup import Enquiry
    from covidxr.registries.idconverter import Ids
    from covidxr.registries.unpaywall import Location
    from covidxr.registry import Answer, Desk
    from covidxr.rights import Right
    from covidxr.sourcing import Page

A_CANDIDATE = "the candidates"
_PUBLISHED = "publishedVersion"


class _NothingKept(Exception):  # noqa: N818 - no error: it ends the filling of a folder
    """No image came of a paper, whose folder is not to appear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One paper while it is taken.

    Parameters
    ----------
    paper : Paper
        Whose `article` is there.
    article : Article
        Its text.
    right : Right
        Of the article as a whole.
    choices : tuple of Choice
        What was decided on each figure.
    name : str
        What a list calls it: its DOI, or the name of a file.
    id : str
        What its candidate is called.
    """

    paper: Paper
    article: Article
    right: Right
    choices: tuple[Choice, ...]
    name: str
    id: str

    @property
    def shown(self) -> tuple[Choice, ...]:
        """Figures whose words say that they show a radiograph or CT."""
        return tuple(each for each in self.choices if each.is_shown)

    @property
    def wanted(self) -> tuple[Choice, ...]:
        """Figures that are taken."""
        return tuple(each for each in self.choices if not each.reason)

    def told(self, ending: Ending, reason: str = "") -> Told:
        """Say what became of it."""
        claim = self.right.claim
        return Told(
            doi=self.name,
            ending=ending,
            reason=reason,
            title=self.paper.title,
            licence=claim.spdx or claim.words,
            figures=len(self.shown),
            not_taken=tuple((each.title, each.reason) for each in self.shown if each.reason),
            warnings=(*self.paper.warnings, *self.right.warnings),
            steps=self.paper.steps,
        )


@dataclass(slots=True, kw_only=True)
class FigureRun:
    """One run.

    Parameters
    ----------
    options : Options
        What is asked.
    listener : Listener
        Is told what happens.
    candidates : Candidates
        Where candidates go.
    known : dict of str to str
        Key of every DOI that is taken care of, and where it is.
    heard : list of Page
        What was received since it was cleared; the desks fill it.
    read_pdf : callable
        Reads a PDF for the figures of some numbers, in time.
    fetch_pdf : callable
        Fetches a PDF that a registry names from the server that has it.
    enquiry : Enquiry or None
        Whom to ask; None for nobody.
    """

    options: Options
    listener: Listener
    candidates: Candidates
    known: dict[str, str]
    heard: list[Page]
    read_pdf: Callable[[Page, tuple[str, ...]], PdfFile]
    fetch_pdf: Callable[[str], Answer[Page]]
    enquiry: Enquiry | None

    def one(self, doi: str, ids: Answer[Ids] | None, enquiry: Enquiry) -> Told:
        """Take one DOI."""
        if known := self._known(doi, doi):
            return known
        paper = look_up(doi, enquiry, ids)
        if known := self._known(doi, paper.doi, paper.title):
            return known
        pdf = None
        if paper.article is None and self.options.fetch_pdf:
            right = rights.article_right(None, _records(paper))
            if right.cleared or self.options.unlicensed:
                paper, pdf = self._by_pdf(paper)
            elif paper.copies:
                paper = replace(paper, why=f"{paper.why}; no PDF is fetched: {right.reason}")
        if paper.article is None:
            return _no_text(paper, fetching=self.options.fetch_pdf)
        return self._paper(self._reading(paper, paper.article, doi), pdf)

    def file(self, page: Page, doi: str) -> Told:
        """Take a PDF that the curator has.

        Parameters
        ----------
        page : Page
            The file.
        doi : str
            The one that the curator names; empty for the one that stands in it.
        """
        pdf = self.read_pdf(page, ())
        if pdf.reading.problem:
            reason = f"{page.saved_as}: {pdf.reading.problem}"
            return Told(doi=doi or page.saved_as, ending=Ending.UNREADABLE, reason=reason)
        if why := _other_doi(doi, pdf):
            return Told(doi=doi, ending=Ending.UNREADABLE, reason=f"{page.saved_as}: {why}")
        doi = doi or pdf.reading.doi
        if doi and (known := self._known(doi, doi)):
            return known
        paper = Paper(asked=doi, doi=doi, state=State.FOUND)
        if doi and self.enquiry is not None:
            paper = look_up(doi, self.enquiry, follow=False)
            if paper.article is None and _is_silent(paper):
                # Nobody has said whether it is retracted.
                return replace(_no_text(paper), reason=f"{paper.why}; or ask nobody: --offline")
        article = paper.article or article_of(pdf.reading, doi)
        paper = replace(
            paper, state=State.FOUND, article=article, title=paper.title or article.title
        )
        if not doi:
            note = "no DOI is known: name it beside the file, as in `--pdf FILE 10.1000/xyz`"
            paper = replace(paper, warnings=(*paper.warnings, note))
        reading = self._reading(paper, article, doi or page.saved_as, page)
        return self._paper(reading, pdf, prefer_pdf=True)

    # ---- one paper ------------------------------------------------------------------------------

    def _known(self, asked: str, doi: str, title: str = "") -> Told | None:
        """Recognise what is taken care of already."""
        where = self.known.get(doi_key(doi), "")
        anew = self.options.known or (self.options.refresh and where == A_CANDIDATE)
        if not where or anew:
            return None
        other = f", as {doi}" if doi_key(doi) != doi_key(asked) else ""
        reason = f"already in {where}{other}"
        return Told(doi=asked, ending=Ending.KNOWN, reason=reason, title=title)

    def _reading(
        self, paper: Paper, article: Article, name: str, page: Page | None = None
    ) -> Reading:
        right = rights.article_right(article, _records(paper))
        marked = hashlib.sha256(page.body).hexdigest()[:12] if page else ""
        return Reading(
            paper=paper,
            article=article,
            right=right,
            choices=choose(article, right, unlicensed=self.options.unlicensed),
            name=name,
            id=paper.doi or f"pdf-{marked}",
        )

    def _by_pdf(self, paper: Paper) -> tuple[Paper, PdfFile | None]:
        """Fetch the PDF of a published version that a licence covers, where a registry says."""
        for copy in paper.copies:
            if not _is_free(copy):
                continue
            got = self.fetch_pdf(copy.pdf)
            if got.value is None:
                paper = replace(paper, why=got.why, state=_worse(paper.state, got.state))
                continue
            pdf = self.read_pdf(got.value, ())
            if why := pdf.reading.problem or _other_doi(paper.doi, pdf):
                paper = replace(paper, why=f"{copy.pdf}: {why}")
                continue
            article = article_of(pdf.reading, paper.doi)
            return replace(paper, article=article, state=State.FOUND), pdf
        return paper, None

    def _paper(self, reading: Reading, pdf: PdfFile | None, *, prefer_pdf: bool = False) -> Told:
        if not reading.wanted:
            return _none(reading)
        if self.options.dry_run:
            return self._draft(reading)
        taken = Taken(left_out=_left_out(reading.choices))
        try:
            self._store(reading, taken, pdf, prefer_pdf=prefer_pdf)
        except _NothingKept:
            reason = "; ".join(dict.fromkeys(taken.reasons)) or "nothing was left of its figures"
            ending = Ending.INCONCLUSIVE if taken.again else Ending.NONE
            return replace(reading.told(ending, reason), missing=taken.missing)
        self.known[doi_key(reading.id)] = A_CANDIDATE
        refused = [f"{each.title}: {each.reason}" for each in reading.shown if each.reason]
        told = reading.told(Ending.TAKEN, "; ".join(dict.fromkeys((*refused, *taken.reasons))))
        return replace(
            told, panels=len(taken.images), missing=taken.missing, incomplete=taken.again
        )

    def _draft(self, reading: Reading) -> Told:
        images = [
            papercase.image_of(
                choice,
                piece,
                claim := papercase.claim_of(choice.right),
                papercase.credit_of(reading.paper, claim),
                "",
            )
            for choice in reading.wanted
            for piece in figurecut.planned(choice)
        ]
        case = papercase.case_of(
            reading.paper, reading.right, images, _left_out(reading.choices), case_id=reading.id
        )
        self.listener.drafted(case, [draft_row(case, image, "") for image in images])
        self.known[doi_key(reading.id)] = "the drafts"
        return replace(reading.told(Ending.DRAFTED), panels=len(images))

    def _store(
        self, reading: Reading, taken: Taken, pdf: PdfFile | None, *, prefer_pdf: bool
    ) -> None:
        paper = reading.paper
        with self.candidates.filling(papercase.SOURCE, reading.id) as filling:
            fetcher = FigureFetcher(
                paper=paper,
                desk=self._bucket(),
                pdf=self._pdf_of(reading, pdf),
                page_url=papercase.url_of(paper),
                prefer_pdf=prefer_pdf,
            )
            taker = Taker(fetcher=fetcher, write=filling.write, taken=taken)
            for choice in reading.wanted:
                self.listener.picture(reading.name, choice.title)
                taker.figure(choice)
            if not taken.images or self._is_less(reading.id, taken):
                raise _NothingKept
            case = papercase.case_of(
                paper,
                reading.right,
                [each.candidate for each in taken.images],
                taken.left_out,
                warnings=_private(reading.choices),
                partial=taken.again,
                case_id=reading.id,
            )
            pages = [fetcher.page(page, case) for page in self.heard]
            text = casefile.case_text(case, taken.images, pages, taken.figures)
            filling.write(casefile.NAME, text.encode())
        self.listener.stored(case, taken.images)

    def _is_less(self, case_id: str, taken: Taken) -> bool:
        """Whether a paper that is taken anew would lose what its candidate has."""
        files = {file.name for image in taken.images for file in image.files}
        files |= {file.name for figure in taken.figures for file in figure.files}
        before = self.candidates.count(papercase.SOURCE, case_id)
        if len(files) >= before or not taken.missing:
            return False
        taken.reasons.append(
            f"only {len(files)} of the {before} files of the candidate came; it stays as it is"
        )
        return True

    def _bucket(self) -> Desk | None:
        return self.enquiry.desks["pmccloud"] if self.enquiry else None

    def _pdf_of(self, reading: Reading, pdf: PdfFile | None) -> Callable[[], PdfFile | str | None]:
        """Give the article's PDF when it is first asked for, or why it cannot be had now."""
        held: list[PdfFile | str | None] = [pdf] if pdf else []
        wanted = tuple(filter(None, (figure_number(each.figure) for each in reading.wanted)))

        def give() -> PdfFile | str | None:
            if not held:
                held.append(self._pdf_of_bucket(reading.paper, wanted))
            return held[0]

        return give

    def _pdf_of_bucket(self, paper: Paper, wanted: tuple[str, ...]) -> PdfFile | str | None:
        bucket = self._bucket()
        if bucket is None or paper.cloud is None or paper.cloud.pdf is None:
            return None
        answer = pmccloud.fetch(paper.cloud.pdf, bucket, Kind.PDF)
        if answer.value is None:
            return answer.why if answer.state is State.INCONCLUSIVE else None
        return self.read_pdf(answer.value, wanted)


def _is_silent(paper: Paper) -> bool:
    """Whether a registry that knows of retractions was asked and did not answer.

    That Unpaywall wants an address says nothing of that.
    """
    silent = [each for each in paper.steps if each.state is State.INCONCLUSIVE]
    return any(each.registry not in {"unpaywall", "preprints"} for each in silent)


def _other_doi(doi: str, pdf: PdfFile) -> str:
    """Say that a PDF names another DOI than the one that it is to be of."""
    printed = pdf.reading.doi
    if not doi or not printed or doi_key(printed) == doi_key(doi):
        return ""
    return f"it is the PDF of another DOI, {printed}"


def _records(paper: Paper) -> tuple[rights.Record, ...]:
    """Give what registries say of the licence; a retraction that any of them knows counts."""
    if not paper.retracted:
        return paper.records
    return (*paper.records, rights.Record(where="a registry", retracted=True))


def _is_free(copy: Location) -> bool:
    """Whether a copy is the published version, as PDF, under a Creative Commons licence."""
    named = named_by_code(copy.licence) is not None
    return bool(copy.pdf) and copy.version == _PUBLISHED and named


def _worse(one: State, other: State) -> State:
    return State.INCONCLUSIVE if State.INCONCLUSIVE in {one, other} else one


def _no_text(paper: Paper, *, fetching: bool = False) -> Told:
    reason = paper.why
    pdf = next((each for each in paper.copies if _is_free(each)), None)
    if pdf is not None and not fetching:
        reason += (
            f"; Unpaywall names a PDF under {pdf.licence}, {pdf.pdf}: --fetch-pdf takes it, or "
            "save it and use --pdf"
        )
    ending = Ending.INCONCLUSIVE if paper.state is State.INCONCLUSIVE else Ending.ABSENT
    return Told(
        doi=paper.asked,
        ending=ending,
        reason=reason,
        title=paper.title,
        licence=next((each.licence for each in paper.records if each.licence), ""),
        warnings=paper.warnings,
        steps=paper.steps,
    )


def _none(reading: Reading) -> Told:
    """Say why a paper gives nothing."""
    shown = reading.shown
    if not reading.choices:
        return reading.told(Ending.NONE, "the article has no figures")
    if not shown:
        count = len(reading.choices)
        which = "its only figure" if count == 1 else f"any of its {count} figures"
        return reading.told(Ending.NONE, f"no words of {which} name a radiograph or CT")
    refused = [each for each in shown if not each.right.cleared]
    return reading.told(
        Ending.REFUSED if refused else Ending.NONE,
        (refused or list(shown))[0].reason,
    )


def _left_out(choices: tuple[Choice, ...]) -> list[LeftOut]:
    return [LeftOut(label=each.name, url="", reason=each.reason) for each in choices if each.reason]


def _private(choices: tuple[Choice, ...]) -> list[str]:
    """Mark what was downloaded without a licence to pass it on."""
    return [
        f"{each.title} is for private review only, and must not be published: {each.right.reason}"
        for each in choices
        if not each.reason and not each.right.cleared
    ]
