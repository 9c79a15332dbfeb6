"""The sources as a terminal's table, a page each, JSON, and ``docs/sources.md``."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING

from covidxr.cli.render.aligned import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from covidxr.sourcing import Source

_OPENING = """\
# Sources

What `covidxr scrape` takes cases from. This page is made by `covidxr sources --write
docs/sources.md` from the sources themselves.

What is known of the four sites was gathered from stored copies and from programs that people ran;
none of their pages could be reached while this was written. `make live` asks each site for one page
and says *fine*, *changed* or *gone*.

| Source | Search crawl | Named cases | Saved pages | Licence that it states | Delay in seconds |
|---|---|---|---|---|--:|
"""
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
_UNDERLINE = re.compile(r"^(?P<title>[^\n]+)\n-{3,}$", re.MULTILINE)


def as_table(sources: Mapping[str, Source]) -> str:
    """Lay the sources out for a terminal, one line each."""
    head = ("Source", "Search", "Named cases", "Saved pages", "Licence", "Delay", "Site")
    rows = [
        (key, *_permitted(each), _licence(each), f"{each.delay_seconds:g} s", each.title)
        for key, each in sources.items()
    ]
    return aligned(head, rows, right=("Delay",))


def _permitted(source: Source) -> tuple[str, str, str]:
    terms = source.terms
    named = "yes" if terms.named else "no"
    if terms.named and terms.named_at_once is not None:
        named = f"up to {terms.named_at_once} a run"
    if terms.search and source.search is None:
        search = "cannot be searched"
    else:
        search = "yes" if terms.search else "only with permission"
    return search, named, "yes" if terms.saved else "no"


def _licence(source: Source) -> str:
    return source.terms.licence.spdx or "none"


def page(source: Source) -> str:
    """Explain one source, for a terminal."""
    head = f"{source.key}: {source.title}"
    return "\n".join([head, "=" * len(head), "", *_facts(source), "", _plain(source.page), ""])


def _plain(text: str) -> str:
    return _LITERAL.sub(lambda match: f"`{match[1]}`", text)


def _facts(source: Source) -> Iterator[str]:
    terms = source.terms
    search, named, saved = _permitted(source)
    yield f"Search crawl: {search}. {terms.search_reason}".rstrip()
    yield f"Cases that you name: {named}. Pages that you saved: {saved}."
    if terms.url:
        seen = f", as of {terms.seen}" if terms.seen else ", not seen"
        yield f"Terms: {terms.url}{seen}."
    words = f": {terms.licence.words}" if terms.licence.words else ""
    yield f"Licence that the site states: {_licence(source)}{words}."
    if terms.credit:
        yield f"Credit: {terms.credit}"
    if terms.ask:
        yield f"Whom to ask: {terms.ask}."
    yield f"Pace: {source.delay_seconds:g} s from request to request; robots.txt may ask for more."
    yield f"Hosts: {', '.join(source.hosts)}."
    yield f"Example: {source.example}"


def as_json(sources: Mapping[str, Source]) -> str:
    """Write the sources as JSON."""
    listed = [
        {
            "key": source.key,
            "title": source.title,
            "hosts": list(source.hosts),
            "example": source.example,
            "delay_seconds": source.delay_seconds,
            "can_be_searched": source.search is not None,
            "terms": dataclasses.asdict(source.terms),
            "page": source.page,
        }
        for source in sources.values()
    ]
    return json.dumps({"version": 1, "sources": listed}, ensure_ascii=False, indent=2) + "\n"


def markdown(sources: Mapping[str, Source]) -> str:
    """Write ``docs/sources.md``."""
    lines = [_OPENING.rstrip("\n")]
    for source in sources.values():
        cells = (f"[{source.title}](#{source.key})", *_permitted(source), _licence(source))
        lines.append(f"| {' | '.join(cells)} | {source.delay_seconds:g} |")
    for key, source in sources.items():
        lines += ["", f"## {key}", ""]
        lines += [f"- {fact}" for fact in _facts(source)]
        page = _UNDERLINE.sub(lambda match: f"**{match['title']}.**", source.page)
        lines += ["", _plain(page)]
    return "\n".join(lines) + "\n"
