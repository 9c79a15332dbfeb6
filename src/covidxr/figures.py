"""Take figures from papers: which DOIs, whom to ask, and where candidates go.

This workflow joins the registries, the readers of articles and the candidates' folder. It prints
nothing: what happens is told to a listener.
"""

from __future__ import annotations

import codecs
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

from covidxr import candidatestore, disk, papercase, store, tabledois
from covidxr.desks import access_for, asking
from covidxr.doilist import Asked, listed
from covidxr.errors import CovidxrError, UnreachableError, UsageError
from covidxr.figurefetch import PdfFile
from covidxr.figurerun import A_CANDIDATE, FigureRun
from covidxr.figuring import Ending, Outcome, Told
from covidxr.identifiers import doi_key, read_doi
from covidxr.lookup import Enquiry, ids_of
from covidxr.registry import absent
from covidxr.sourcing import Page

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.candidatestore import Candidates
    from covidxr.desks import Desks
    from covidxr.figuring import Listener, Options

_EMAIL = re.compile(r"[^\s@:/]+@[^\s@]+\.[^\s@]+")


def email_of(contact: str) -> str:
    """Give the e-mail address of a contact; empty where it is a web address.

    Parameters
    ----------
    contact : str
        As the settings have it: ``"mailto:you@example.org"`` or an address of the web.
    """
    found = _EMAIL.search(contact.removeprefix("mailto:"))
    return found[0] if found and "://" not in contact else ""


def figures(options: Options, listener: Listener) -> Outcome:
    """Take the figures of some papers.

    Parameters
    ----------
    options : Options
        Which, and how far.
    listener : Listener
        Is told what happens.

    Returns
    -------
    Outcome
        Also where something ended the run early: what was done until then is kept.

    Raises
    ------
    UsageError
        If the arguments make no sense together.
    CollectionError
        If the disk refuses, or another run works on figures.
    """
    _check(options)
    collection = store.has_table(options.root)
    if not collection and (options.output is None or options.missing):
        raise UsageError(
            f"there is no {options.root / store.TABLE}; name the collection's folder with --root, "
            "or a folder for the candidates with -o"
        )
    candidates = candidatestore.candidates_of(options.root, options.output)
    wanted, told = _wanted(options)
    outcome = Outcome(told=told)
    for each in told:
        listener.ended(each)
    with candidates.working_on(papercase.SOURCE), ExitStack() as stack:
        desks = None
        if not options.offline:
            access = access_for(
                options.root,
                options.settings,
                options.clock,
                listener.waits,
                refresh=options.refresh,
            )
            desks = stack.enter_context(asking(access))
        run = _run(options, listener, candidates, desks)
        try:
            _each(run, wanted, outcome)
        except CovidxrError as problem:
            outcome.stopped = problem
        outcome.requests = desks.sent if desks else 0
        outcome.stopped = outcome.stopped or _no_network(outcome, desks)
    return outcome


def _check(options: Options) -> None:
    ways = [bool(options.dois) and not options.pdfs, options.lists, options.pdfs, options.missing]
    if not any(ways):
        raise UsageError(
            "which papers? Name DOIs, a list of them with --from FILE, a PDF with --pdf FILE, or "
            "the collection's own with --missing"
        )
    if options.pdfs and (options.lists or options.missing):
        raise UsageError("--pdf takes one paper; --from and --missing do not go with it")
    if options.pdfs and options.dois and len(options.dois) != len(options.pdfs):
        raise UsageError("name one DOI for each --pdf, in the same order, or none")
    if options.offline and not options.pdfs:
        raise UsageError("--offline asks nobody, so that it can only read a PDF: add --pdf FILE")


def _wanted(options: Options) -> tuple[list[str], list[Told]]:
    """Give the DOIs to take, each once, and what was no DOI."""
    if options.pdfs:
        return [], []
    asked = [Asked(text=each) for each in options.dois]
    for path in options.lists:
        asked += listed(_text(path), str(path))
    if options.missing:
        table = store.read_table(options.root)
        files = store.files_there(options.root)
        asked += [Asked(text=doi) for doi in tabledois.without_files(table, files)] if table else []
    wanted: dict[str, str] = {}
    told: list[Told] = []
    for each in asked:
        doi = read_doi(each.text).doi
        if doi is None:
            where = f"{each.where}: " if each.where else ""
            reason = f"{where}{each.text!r} is no DOI; one is written 10.1000/xyz"
            told.append(Told(doi=each.text, ending=Ending.UNREADABLE, reason=reason))
        else:
            wanted.setdefault(doi_key(doi), doi)
    return list(wanted.values()), told


def _text(path: Path) -> str:
    """Read a list; spreadsheets write UTF-16 where they are asked for "Unicode text"."""
    data = disk.read_bytes(path)
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _run(
    options: Options, listener: Listener, candidates: Candidates, desks: Desks | None
) -> FigureRun:
    from covidxr import pdfread

    def read(page: Page, wanted: tuple[str, ...]) -> PdfFile:
        return PdfFile(page=page, reading=pdfread.read_pdf(page.body, wanted=wanted))

    enquiry = None
    if desks is not None:
        enquiry = Enquiry(
            desks=desks.by_key,
            today=options.clock.utc_now().date(),
            email=email_of(options.settings.contact),
        )
    return FigureRun(
        options=options,
        listener=listener,
        candidates=candidates,
        known=_known(options, candidates),
        heard=desks.heard if desks else [],
        read_pdf=read,
        fetch_pdf=desks.pdf if desks else (lambda _url: absent("nobody is asked")),
        enquiry=enquiry,
    )


def _known(options: Options, candidates: Candidates) -> dict[str, str]:
    """Give the key of every DOI that is taken care of, and where it is."""
    known = {
        doi_key(case.id): A_CANDIDATE
        for case in candidates.cases(papercase.SOURCE, damaged=True)
        if case.complete
    }
    if options.missing:
        return known
    return known | included_where(options.root)


def included_where(root: Path) -> dict[str, str]:
    """Give the key of every DOI that a collection has taken or turned down, and the file with it.

    Parameters
    ----------
    root : Path
        The collection's folder.
    """
    found: dict[str, str] = {}
    for name in (store.PROVENANCE, store.TABLE):
        table = store.read_table(root, name)
        if table is not None and table.position("doi") is not None:
            found |= dict.fromkeys(tabledois.keys(table), name)
    return found


def _each(run: FigureRun, wanted: list[str], outcome: Outcome) -> None:
    options, listener = run.options, run.listener
    files = list(options.pdfs)
    total = len(files) + len(wanted)
    for at, path in enumerate(files):
        listener.begins(path.name, at + 1, total)
        run.heard.clear()
        page = _file(path, options)
        _note(run.file(page, _named(options, at)), outcome, listener)
    if not wanted or run.enquiry is None:
        return
    new = tuple(doi for doi in wanted if doi_key(doi) not in run.known or options.known)
    ids = ids_of(new, run.enquiry) if new else {}
    first = list(run.heard)
    for at, doi in enumerate(wanted, start=1):
        if options.limit is not None and _taken(outcome) >= options.limit:
            return
        listener.begins(doi, at, total)
        # What the ID converter said of all is a page of each.
        run.heard[:] = first
        _note(run.one(doi, ids.get(doi), run.enquiry), outcome, listener)


def _named(options: Options, at: int) -> str:
    if at >= len(options.dois):
        return ""
    doi = read_doi(options.dois[at]).doi
    if doi is None:
        raise UsageError(f"{options.dois[at]!r} is no DOI; one is written 10.1000/xyz")
    return doi


def _file(path: Path, options: Options) -> Page:
    now = options.clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return Page(url="", body=disk.read_bytes(path), retrieved_at=now, saved_as=path.name)


def _note(told: Told, outcome: Outcome, listener: Listener) -> None:
    outcome.told.append(told)
    listener.ended(told)


def _taken(outcome: Outcome) -> int:
    return sum(each.ending in {Ending.TAKEN, Ending.DRAFTED} for each in outcome.told)


def _no_network(outcome: Outcome, desks: Desks | None) -> CovidxrError | None:
    """Tell that nobody has answered at all, which is no matter of a paper."""
    asked = [each for each in outcome.told if each.ending is not Ending.UNREADABLE]
    if desks is None or desks.answered or not asked:
        return None
    if any(each.ending is not Ending.INCONCLUSIVE for each in asked):
        return None
    return UnreachableError(f"nobody answers: {asked[0].reason}")
