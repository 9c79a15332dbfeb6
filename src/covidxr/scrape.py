"""Take cases from a source: which ones, within the site's terms, over the network or from files.

This workflow joins a source, the network or saved files, and the candidates' folder. It prints
nothing: what happens is told to a listener.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import candidatestore, savedfiles, store
from covidxr.errors import TermsError, UsageError
from covidxr.plugins import discover
from covidxr.scraperun import Run
from covidxr.sourcing import Found, Source

if TYPE_CHECKING:
    from covidxr.candidatestore import Candidates
    from covidxr.pacing import Clock
    from covidxr.scraping import Listener, Options, Outcome
    from covidxr.settings import Settings

SOURCES = "covidxr.sources"


def sources() -> dict[str, Source]:
    """Give every source, by key."""
    return discover(SOURCES, Source)


def find_source(key: str) -> Source:
    """Find a source by its key, or by the address of one of its cases.

    Raises
    ------
    UsageError
        If there is none.
    """
    known = sources()
    if key.lower() in known:
        return known[key.lower()]
    by_address = [each for each in known.values() if each.accepts(key)]
    if len(by_address) == 1:
        return by_address[0]
    msg = f"there is no source {key!r}; known are {', '.join(known)} (`covidxr sources` explains)"
    raise UsageError(msg)


def scrape(options: Options, listener: Listener) -> Outcome:
    """Take cases from a source.

    Parameters
    ----------
    options : Options
        What, and how far.
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
    TermsError
        If the site's terms do not permit it.
    CollectionError
        If the disk refuses, or another run works on the source.
    """
    source = find_source(options.source)
    _check_settings(options.settings)
    urls, words = _sorted_out(source, options)
    _check_terms(source, options, named=len(urls), searched=not urls and not options.saved)
    collection = store.has_table(options.root)
    if not collection and options.output is None:
        msg = (
            f"there is no {options.root / store.TABLE}; name the collection's folder with --root, "
            "or a folder for the candidates with -o"
        )
        raise UsageError(msg)
    candidates = candidatestore.candidates_of(options.root, options.output)
    with candidates.working_on(source.key):
        if options.saved:
            held = savedfiles.read_saved(options.saved, source, _utc(options.clock))
            run = Run(source, options, listener, candidates, held.pages)
            for name in held.unknown:
                run.skip(name, f"it is no page of {source.title} that is known here")
            for address in held.addresses:
                if not source.accepts(address):
                    run.skip(address, f"it is no case of {source.title}")
            # One by one: which are left depends on what the cases before have read.
            return run.over(Found(url=url) for url in held.entries(source.accepts))
        return _over_the_network(source, options, listener, candidates, urls, words)


def _over_the_network(
    source: Source,
    options: Options,
    listener: Listener,
    candidates: Candidates,
    urls: tuple[str, ...],
    words: tuple[str, ...],
) -> Outcome:
    from covidxr.http import Web
    from covidxr.netline import Access

    collection = store.has_table(options.root)
    own = options.settings.sources.get(source.key)
    access = Access(
        cache=candidatestore.cache_file(options.root, collection=collection),
        clock=options.clock,
        contact=options.settings.contact,
        routes=options.settings.routes,
        refresh=options.refresh,
        heard=listener.waits,
    )
    delay = max(source.delay_seconds, (own.delay_seconds if own else None) or 0.0)
    needed = _needs_permission(source, named=len(urls), searched=not urls)
    permission = own.permission if own and needed else ""
    with Web(source.hosts, delay, access) as web:
        run = Run(
            source,
            options,
            listener,
            candidates,
            web,
            forget=web.forget,
            permission=permission,
        )
        wanted = iter([Found(url=url) for url in urls]) if urls else run.searched(words)
        outcome = run.over(wanted)
        outcome.requests = web.sent
    return outcome


def _utc(clock: Clock) -> str:
    return clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_settings(settings: Settings) -> None:
    unknown = [name for name in settings.sources if name not in sources()]
    if unknown:
        msg = (
            f"the settings name a source {unknown[0]!r} that there is not; known are "
            f"{', '.join(sources())}"
        )
        raise UsageError(msg)


def _sorted_out(source: Source, options: Options) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell addresses from search words."""
    asked = options.asked
    if options.source.lower() != source.key:
        asked = (options.source, *asked)
    asked = tuple(each.strip() for each in asked if each.strip())
    urls = tuple(each for each in asked if each.lower().startswith(("http://", "https://")))
    words = tuple(each for each in asked if each not in urls)
    if options.saved and asked:
        raise UsageError("--from reads saved pages: give it no search words and no addresses")
    if urls and words:
        raise UsageError(f"search words ({words[0]!r}) and addresses do not go together")
    for url in urls:
        if not source.accepts(url):
            others = [each.key for each in sources().values() if each.accepts(url)]
            hint = f"; it is one of {others[0]}" if others else f"; one is {source.example}"
            raise UsageError(f"{url} is not the address of a case of {source.title}{hint}")
    if not (urls or options.saved) and source.search is None:
        raise UsageError(f"{source.title} cannot be searched: name the addresses of cases")
    if source.needs_words and not (urls or words or options.saved):
        raise UsageError(
            f"what for? {source.title} is searched by words, such as "
            f"`covidxr scrape {source.key} covid pneumonia`; all that it has is not crawled"
        )
    return urls, words


def _needs_permission(source: Source, *, named: int, searched: bool) -> bool:
    """Tell whether the site's terms do not permit this by themselves."""
    terms = source.terms
    most = terms.named_at_once
    bulk = most is not None and named > most
    return (searched and not terms.search) or (bool(named) and not terms.named) or bulk


def _check_terms(source: Source, options: Options, *, named: int, searched: bool) -> None:
    """Refuse what the site's terms do not permit."""
    terms = source.terms
    own = options.settings.sources.get(source.key)
    permitted = bool(own and own.permission)
    where = f" (its terms: {terms.url}, as of {terms.seen})" if terms.url and terms.seen else ""
    how = (
        f"Ask {terms.ask or 'the site'}; when permission is given, write below "
        f'[sources.{source.key}] in covidxr.toml: permission = "who gave it, and on which day". '
        "Single cases that you name, and pages that you saved (--from), need none"
    )
    if searched and not terms.search and not permitted:
        raise TermsError(f"{source.title} is not searched: {terms.search_reason}{where}. {how}")
    if named and not terms.named and not permitted:
        raise TermsError(f"{source.title} does not permit that its cases are fetched{where}. {how}")
    most = terms.named_at_once
    if most is not None and named > most and not permitted:
        raise TermsError(
            f"{named} cases of {source.title} in one run are a bulk download, which its terms do "
            f"not permit{where}; name at most {most}. {how}"
        )
    if options.saved and not terms.saved:
        raise TermsError(f"{source.title} does not permit that saved pages are used{where}")
