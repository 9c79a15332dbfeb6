"""One run over one source: case after case, what is kept, what is left out, when it ends.

A failure of one case is no failure of the run. What the site asks for is: a challenge, or refusals
one after another, end it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr import casefile, store
from covidxr.drafts import draft_row
from covidxr.errors import (
    CovidxrError,
    FetchError,
    RefusedError,
    SourceError,
    SourceStoppedError,
    UnreachableError,
)
from covidxr.filenames import safe_name
from covidxr.identifiers import canonical_url
from covidxr.imagefetch import Fetcher
from covidxr.scraping import Mode, Outcome
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from covidxr.candidatestore import Candidates
    from covidxr.casefile import KeptImage
    from covidxr.cases import Case
    from covidxr.scraping import Listener, Options
    from covidxr.sourcing import Found, Http, Page, Source

ENOUGH = 3
"""Failures of one kind in a row after which a source is left alone: the site, not a case, is at
fault."""

_A_CANDIDATE = "the candidates"


class _Heard:
    """An `Http` that remembers what was read for one case."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self.pages: list[Page] = []
        self.answered = False

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        page = self._http.get(url, kind=kind)
        self.answered = True
        if kind not in {Kind.IMAGE, Kind.VOLUME}:
            self.pages.append(page)
        return page

    def known(self, prefix: str) -> tuple[str, ...]:
        return self._http.known(prefix)


@dataclass(slots=True)
class Run:
    """One run over one source."""

    source: Source
    options: Options
    listener: Listener
    candidates: Candidates
    http: Http
    forget: Callable[[str], None] = field(default=lambda _url: None)
    permission: str = ""
    outcome: Outcome = field(default_factory=Outcome)
    _heard: _Heard = field(init=False)
    _known: dict[str, str] = field(init=False)
    _in_a_row: list[type[FetchError]] = field(default_factory=list)
    _older: int = 0

    def __post_init__(self) -> None:
        self._heard = _Heard(self.http)
        self._known = _known_cases(self.options.root, self.candidates, self.source.key)

    def over(self, wanted: Iterator[Found]) -> Outcome:
        """Take one case after another, until there are no more or something stops the run."""
        limit = self.options.limit
        try:
            if limit is None or limit > 0:
                for found in wanted:
                    self._one(found)
                    done = self.outcome.listed + self.outcome.taken
                    if limit is not None and done >= limit:
                        break
        except (SourceStoppedError, FetchError, SourceError) as problem:
            if isinstance(problem, SourceError):
                self._not_read(problem)
            self.outcome.stopped = problem
        return self.outcome

    def searched(self, words: tuple[str, ...]) -> Iterator[Found]:
        """Give the cases of a search, page by page."""
        if self.source.search is None:
            return
        most = self.options.max_pages
        if most is not None and most < 1:
            return
        for page in self.source.search(words, self._heard):
            self._heard.pages.clear()
            self.outcome.pages += 1
            self.listener.results(page)
            older_before, skipped_before = self._older, self.outcome.skipped
            yield from page.cases
            older = self._older - older_before
            # What was known already may be of any age; only where all else is too old, it ends.
            others = self.outcome.skipped - skipped_before
            if self.source.newest_first and older and others == len(page.cases):
                return
            if most is not None and self.outcome.pages >= most:
                return

    def _one(self, found: Found) -> None:
        known = self._known.get(canonical_url(found.url))
        if known and not (self.options.refresh and known == _A_CANDIDATE):
            self.skip(found.url, f"already in {known}")
        elif self._too_old(found.published):
            self.skip(found.url, f"published {found.published}")
            self._older += 1
        elif self.options.mode is Mode.LIST:
            self.outcome.listed += 1
            self._known[canonical_url(found.url)] = "the list"
            self.listener.listed(found)
        else:
            self._try(found.url)

    def _try(self, url: str) -> None:
        """Take one case; a failure of one is no failure of the run."""
        self.listener.begins(url)
        self._heard.pages.clear()
        try:
            self._take(url)
        except SourceError as problem:
            self._not_read(problem)
            self._fail(url, problem)
        except FetchError as problem:
            self._fail(url, problem)
            self._give_up_after(problem)
        else:
            self._in_a_row.clear()

    def _take(self, url: str) -> None:
        for case in self.source.cases(url, self._heard):
            addresses = {canonical_url(each) for each in (url, case.url, *case.also_at)}
            known = next((self._known[each] for each in addresses if each in self._known), "")
            if known and not (self.options.refresh and known == _A_CANDIDATE):
                self.skip(url, f"already in {known}, as {case.url}")
            elif self._too_old(case.published):
                self.skip(url, f"published {case.published}")
                self._older += 1
            elif self.options.mode is Mode.DRAFTS:
                self.outcome.taken += 1
                self.outcome.images += len(case.images)
                rows = [draft_row(case, image, "") for image in case.images]
                self._known.update(dict.fromkeys(addresses, "the drafts"))
                self.listener.drafted(case, rows)
            else:
                self._store(case, url)
                self._known.update(dict.fromkeys(addresses, _A_CANDIDATE))

    def _store(self, case: Case, url: str) -> None:
        with self.candidates.filling(case.source, case.id) as filling:
            fetcher = Fetcher(
                case=case,
                http=self._heard,
                write=filling.write,
                forget=self.forget,
                permission=self.permission,
            )
            pages = [fetcher.provenance(page, image=False) for page in self._heard.pages]
            kept: list[KeptImage] = []
            for image in fetcher.images():
                kept.append(image)
                self.listener.image(len(kept), len(case.images))
            if not any(image.files for image in kept):
                raise _no_image(kept, url)
            before = self.candidates.count(case.source, case.id)
            if sum(len(image.files) for image in kept) < before:
                # Taken anew, a case must not lose what it had.
                raise FetchError(
                    f"{url} gives fewer files than the {before} of the candidate, which stays as "
                    f"it is: {_reason(kept)}",
                    url,
                )
            filling.write(casefile.NAME, casefile.case_text(case, kept, pages).encode())
        self.outcome.taken += 1
        self.outcome.images += sum(bool(image.files) for image in kept)
        self.outcome.missing += sum(not image.files for image in kept)
        self.outcome.incomplete += not casefile.is_complete(case, kept)
        self.listener.stored(case, kept)

    def _too_old(self, published: str) -> bool:
        """Whether something was surely published before the day that was asked for."""
        since = self.options.since
        # As much of the day as is known: 2020 may be any day of that year.
        return bool(since and published and published < since.isoformat()[: len(published)])

    def skip(self, url: str, why: str) -> None:
        """Count and tell what is left out."""
        self.outcome.skipped += 1
        self.listener.skipped(url, why)

    def _fail(self, url: str, problem: CovidxrError) -> None:
        self.outcome.failed += 1
        self.listener.failed(url, problem)

    def _give_up_after(self, problem: FetchError) -> None:
        """Leave a site alone that refuses, or does not answer, again and again."""
        if isinstance(problem, UnreachableError) and not self._heard.answered:
            raise problem
        self._in_a_row.append(type(problem))
        last = self._in_a_row[-ENOUGH:]
        if (
            isinstance(problem, UnreachableError | RefusedError)
            and last == [type(problem)] * ENOUGH
        ):
            raise SourceStoppedError(
                f"{self.source.title} is left alone: {ENOUGH} cases in a row could not be had, the "
                f"last because {problem}"
            ) from problem

    def _not_read(self, problem: SourceError) -> None:
        """Keep a page for a report, and ask for it anew: it may be one of works at the site."""
        self._keep_page(problem)
        for page in self._heard.pages:
            self.forget(page.url)

    def _keep_page(self, problem: SourceError) -> None:
        """Keep the page that could not be read, and say where."""
        page = next((each for each in self._heard.pages if each.url == problem.url), None)
        page = page or (self._heard.pages[-1] if self._heard.pages else None)
        if page is None:
            return
        name = safe_name((self.source.key, canonical_url(page.url)), "html")
        kept = self.candidates.keep_unread(self.source.key, name, page.body)
        problem.kept = str(kept)


def _known_cases(root: Path, candidates: Candidates, source: str) -> dict[str, str]:
    """Give the canonical address of every case that is taken care of, and where it is."""
    known = {
        canonical_url(each): _A_CANDIDATE
        for case in candidates.cases(source, damaged=True)
        if case.complete
        for each in case.addresses
    }
    known |= {canonical_url(url): file for url, file in store.published_addresses(root).items()}
    known.pop("", None)
    return known


def _reason(kept: Sequence[KeptImage]) -> str:
    return next((each.reason for image in kept for each in image.missing), "")


def _no_image(kept: Sequence[KeptImage], url: str) -> FetchError:
    reason = _reason(kept)
    if not reason:
        return FetchError(f"{url} shows no X-ray or CT", url)
    return FetchError(f"{url}: none of its {len(kept)} images could be had: {reason}", url)
