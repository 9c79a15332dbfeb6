"""From a DOI to an article: whom to ask, in which order, and what their answers mean together.

This module owns the chain. It judges no figure and fetches no picture. Whatever is not answered for
certain leaves the paper *inconclusive*, never absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from covidxr import jats
from covidxr.identifiers import doi_key, read_doi
from covidxr.registries import (
    crossref,
    datacite,
    doiorg,
    europepmc,
    idconverter,
    pmccloud,
    preprints,
    unpaywall,
)
from covidxr.registry import Answer, State, absent, found, inconclusive
from covidxr.rights import Record
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from covidxr.articles import Article
    from covidxr.registries.europepmc import Entry
    from covidxr.registries.idconverter import Ids
    from covidxr.registries.pmccloud import CloudRecord
    from covidxr.registries.unpaywall import Location
    from covidxr.registry import Desk
    from covidxr.sourcing import Page

T = TypeVar("T")

_OBJECTORS = {"europepmc": "Europe PMC", "crossref": "Crossref", "pmccloud": "PMC's bucket"}
"""Registries that know of retractions and of stricter licences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question of the chain.

    Parameters
    ----------
    registry : str
        Key of the registry that was asked.
    state : State
        Which of the three answers it gave.
    why : str
        What it said where it found nothing.
    decisive : bool
        Whether its answer counts for where the full text is; a second opinion's does not.
    """

    registry: str
    state: State
    why: str = ""
    decisive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is known of one DOI.

    Parameters
    ----------
    asked : str
        The DOI that was asked for.
    doi : str
        That of the article: another one where a preprint has been published since.
    state : State
        Whether its full text was found.
    why : str
        Why not; a clause.
    pmcid, pmid, title, journal, published : str
        Empty where nobody says.
    article : Article or None
        Its full text.
    records : tuple of Record
        What registries say of its licence.
    cloud : CloudRecord or None
        Its files at PubMed Central.
    copies : tuple of Location
        Free copies elsewhere that a licence covers.
    registered : bool
        Whether any registry knows the DOI; a DOI that nobody knows may be mistyped.
    retracted : bool
        Whether any registry, or the text itself, says that it is retracted.
    steps : tuple of Step
        The questions, in order.
    warnings : tuple of str
        What a curator must know.
    """

    asked: str
    doi: str
    state: State
    why: str = ""
    pmcid: str = ""
    pmid: str = ""
    title: str = ""
    journal: str = ""
    published: str = ""
    article: Article | None = None
    records: tuple[Record, ...] = ()
    cloud: CloudRecord | None = None
    copies: tuple[Location, ...] = ()
    registered: bool = True
    retracted: bool = False
    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """Who asks, where, and when.

    Parameters
    ----------
    desks : mapping of str to Desk
        Where each registry is asked, by its key.
    today : datetime.date
        A licence that begins later does not hold yet.
    email : str
        Of the curator; may be empty.
    """

    desks: Mapping[str, Desk]
    today: dt.date
    email: str = ""


def ids_of(dois: tuple[str, ...], enquiry: Enquiry) -> dict[str, Answer[Ids]]:
    """Ask for the ids of many DOIs, some hundred with each question."""
    answers: dict[str, Answer[Ids]] = {}
    for start in range(0, len(dois), idconverter.MOST):
        part = dois[start : start + idconverter.MOST]
        answers |= idconverter.ids(part, enquiry.desks["idconverter"], enquiry.email)
    return answers


def look_up(
    doi: str, enquiry: Enquiry, ids: Answer[Ids] | None = None, *, follow: bool = True
) -> Paper:
    """Find out what is known of a DOI, and its full text.

    Parameters
    ----------
    doi : str
        Bare.
    enquiry : Enquiry
        Who asks, where, and when.
    ids : Answer of Ids, optional
        What the ID converter has said of it already.
    """
    chain = _Chain(doi, enquiry)
    paper = chain.run(ids if ids is not None else ids_of((doi,), enquiry)[doi])
    became = chain.published_as
    if follow and became and paper.article is None and doi_key(became) != doi_key(doi):
        # Once: of two DOIs that lead to each other neither is the article.
        later = look_up(became, enquiry, follow=False)
        note = f"{doi} is a preprint; it was published as {became}, which is taken instead"
        if later.article is not None:
            return replace(
                later,
                asked=doi,
                steps=(*paper.steps, *later.steps),
                warnings=(note, *later.warnings),
            )
        if later.state is State.INCONCLUSIVE:
            why = f"it was published as {became}: {later.why}"
            steps = (*paper.steps, *later.steps)
            return replace(paper, state=State.INCONCLUSIVE, why=why, steps=steps)
    return paper


@dataclass(slots=True)
class _Chain:
    """The questions about one DOI."""

    doi: str
    enquiry: Enquiry
    published_as: str = ""
    _steps: list[Step] = field(default_factory=list)
    _warnings: list[str] = field(default_factory=list)
    _records: list[Record] = field(default_factory=list)
    _copies: list[Location] = field(default_factory=list)
    _retracted: bool = False
    _registered: bool = True
    _title: str = ""
    _journal: str = ""
    _published: str = ""

    def run(self, ids: Answer[Ids]) -> Paper:
        opinion = europepmc.entry(self.doi, self._desk("europepmc"))
        entry = self._note("europepmc", opinion, decisive=False)
        known = self._note("idconverter", ids)
        if entry is not None:
            self._heed(entry)
        pmcid = known.pmcid if known else self._second_opinion(entry, ids)
        cloud, article = None, None
        if pmcid:
            cloud = self._cloud(pmcid)
            article = self._article(pmcid, cloud, entry)
        if article is None and not self._is_uncertain("pmccloud", "idconverter"):
            self._elsewhere()
        return self._paper(
            article, cloud, pmcid, (known.pmid if known else "") or self._pmid(entry)
        )

    # ---- PubMed Central and Europe PMC ----------------------------------------------------------

    def _heed(self, entry: Entry) -> None:
        # Of what is not at PubMed Central it says only that it is not in its own subset.
        open_access = entry.open_access if entry.in_pmc else None
        self._records.append(
            Record(
                licence=entry.licence,
                where="Europe PMC",
                open_access=open_access,
                manuscript=entry.manuscript,
                retracted=entry.retracted,
            )
        )
        self._retracted |= entry.retracted
        self._title, self._journal = entry.title, entry.journal
        self._published = entry.published

    def _second_opinion(self, entry: Entry | None, ids: Answer[Ids]) -> str:
        """Take the id of Europe PMC where the ID converter has none: it may lag behind."""
        if entry is None or not entry.pmcid or "embargo" in ids.why:
            return ""
        if ids.state is State.ABSENT:
            self._warnings.append(
                f"Europe PMC names {entry.pmcid}, which the ID converter does not know"
            )
        return entry.pmcid

    def _cloud(self, pmcid: str) -> CloudRecord | None:
        answer = pmccloud.best(pmcid, self._desk("pmccloud"))
        cloud = answer.value
        if cloud is not None and cloud.doi and doi_key(cloud.doi) != doi_key(self.doi):
            answer = inconclusive(f"{pmcid} is the record of another DOI, {cloud.doi}")
        cloud = self._note("pmccloud", answer)
        if cloud is not None:
            self._records += [
                Record(
                    licence=each.licence,
                    where="PMC metadata",
                    open_access=each.open_access,
                    manuscript=each.manuscript,
                    retracted=each.retracted,
                )
                for each in (cloud, cloud.newest)
                if each is not None
            ]
            self._retracted |= cloud.retracted
            self._title = self._title or cloud.title
        return cloud

    def _article(
        self, pmcid: str, cloud: CloudRecord | None, entry: Entry | None
    ) -> Article | None:
        article = None
        if cloud is not None and cloud.xml is not None:
            got = pmccloud.fetch(cloud.xml, self._desk("pmccloud"), Kind.XML)
            article = self._note("pmccloud", self._read(got, cloud.xml.url))
        # Those that are not open give an error of the server.
        if article is None and entry is not None and entry.open_access:
            text = europepmc.full_text(pmcid, self._desk("europepmc"))
            article = self._note("europepmc", self._read(text, f"{pmcid} at Europe PMC"))
        return article

    def _read(self, got: Answer[Page], where: str) -> Answer[Article]:
        if got.value is None:
            return Answer(state=got.state, why=got.why)
        try:
            article = jats.read_article(got.value.body, where=where)
        except jats.ArticleError as problem:
            return absent(str(problem))
        if article.doi and doi_key(article.doi) != doi_key(self.doi):
            return absent(f"{where} is the text of another DOI, {article.doi}")
        self._retracted |= article.retracted
        return found(article)

    # ---- elsewhere ------------------------------------------------------------------------------

    def _elsewhere(self) -> None:
        """Ask about what has no text at PubMed Central: who registered it, and where it is."""
        agency = self._note("doiorg", doiorg.agency(self.doi, self._desk("doiorg")))
        if agency is None:
            self._registered = self._steps[-1].state is not State.ABSENT
            return
        if agency == "DataCite":
            self._deposit()
            return
        if self.doi.startswith(preprints.PREFIX):
            self._preprint()
        if agency == "Crossref":
            self._work()
        copies = unpaywall.copies(self.doi, self._desk("unpaywall"), self.enquiry.email)
        if listed := self._note("unpaywall", copies):
            self._title = self._title or listed.title
            self._copies = [each for each in listed.locations if each.licence]
            self._records += [
                Record(
                    licence=each.licence,
                    where="Unpaywall",
                    version="vor" if each.version == "publishedVersion" else "am",
                )
                for each in _trusted(self._copies)
            ]

    def _work(self) -> None:
        answer = crossref.work(
            self.doi, self._desk("crossref"), today=self.enquiry.today, email=self.enquiry.email
        )
        work = self._note("crossref", answer)
        if work is None:
            return
        self._title, self._journal = self._title or work.title, self._journal or work.journal
        self._published = self._published or work.published
        self._retracted |= work.retracted
        self.published_as = self.published_as or (read_doi(work.published_as).doi or "")
        self._records += [
            Record(licence=url, where="Crossref", version=version, retracted=work.retracted)
            for url, version in work.licences
        ]

    def _preprint(self) -> None:
        answer = preprints.preprint(self.doi, self._desk("preprints"))
        if post := self._note("preprints", answer):
            self._title = self._title or post.title
            self.published_as = read_doi(post.published_as).doi or ""
            self._records.append(Record(licence=post.licence, where=post.server, version="vor"))

    def _deposit(self) -> None:
        answer = datacite.deposit(self.doi, self._desk("datacite"), self.enquiry.email)
        if deposit := self._note("datacite", answer):
            self._title, self._published = deposit.title, deposit.published
            self._records += [Record(licence=each, where="DataCite") for each in deposit.rights]

    # ---- together -------------------------------------------------------------------------------

    def _silent(self) -> list[str]:
        """Say who did not answer that may know of what takes a licence back."""
        asked = {
            each.registry
            for each in self._steps
            if each.state is State.INCONCLUSIVE and each.registry in _OBJECTORS
        }
        return [
            f"{_OBJECTORS[each]} did not answer: a retraction or a stricter licence may be unknown"
            for each in sorted(asked)
        ]

    def _paper(
        self, article: Article | None, cloud: CloudRecord | None, pmcid: str, pmid: str
    ) -> Paper:
        state, why = (State.FOUND, "") if article is not None else self._verdict()
        return Paper(
            asked=self.doi,
            doi=self.doi,
            state=state,
            why=why,
            pmcid=pmcid,
            pmid=pmid,
            title=(article.title if article else "") or self._title,
            journal=(article.journal if article else "") or self._journal,
            published=(article.published if article else "") or self._published,
            article=article,
            records=tuple(self._records),
            cloud=cloud,
            copies=tuple(self._copies),
            registered=self._registered,
            retracted=self._retracted,
            steps=tuple(self._steps),
            warnings=(*self._warnings, *self._silent()),
            unsure=self._is_uncertain("pmccloud"),
        )

    def _verdict(self) -> tuple[State, str]:
        """Say why there is no text: for certain, or only this time."""
        asked = [each for each in self._steps if each.why]
        decisive = [each for each in asked if each.decisive]
        unsure = [each for each in decisive if each.state is State.INCONCLUSIVE]
        if unsure:
            return State.INCONCLUSIVE, unsure[0].why
        if not self._registered:
            return State.ABSENT, next(each.why for each in asked if each.registry == "doiorg")
        return State.ABSENT, decisive[0].why if decisive else "nobody has its text"

    def _is_uncertain(self, *registries: str) -> bool:
        last = {each.registry: each.state for each in self._steps if each.decisive}
        return any(last.get(each) is State.INCONCLUSIVE for each in registries)

    def _pmid(self, entry: Entry | None) -> str:
        return entry.pmid if entry else ""

    def _desk(self, key: str) -> Desk:
        return self.enquiry.desks[key]

    def _note(self, key: str, answer: Answer[T], *, decisive: bool = True) -> T | None:
        self._steps.append(
            Step(registry=key, state=answer.state, why=answer.why, decisive=decisive)
        )
        return answer.value


def _trusted(copies: list[Location]) -> list[Location]:
    """Give the copies whose licence counts: the publisher's where they disagree."""
    if len({each.licence for each in copies}) < 2:  # noqa: PLR2004 - they agree
        return copies[:1]
    return [each for each in copies if each.host == "publisher"][:1] or copies
