"""Articles in JATS, the XML of PubMed Central and of publishers: a file in, a record out.

This module owns what an article says of itself: ids, title, authors, dates, licence, retraction.
Figures, text and licences have modules of their own. It opens nothing, and what the file does not
say stays empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.articles import Article, LicenceNote
from covidxr.dates import read_date
from covidxr.identifiers import read_doi
from covidxr.jatsfigures import read_figures
from covidxr.jatsgraphics import figure_number, graphic_file
from covidxr.jatslicences import licence_notes
from covidxr.jatstext import plain
from covidxr.jatstree import (
    MOST_BYTES,
    ArticleError,
    attribute,
    children,
    first,
    instructions,
    read_tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.jatstree import Element, Tree

__all__ = ["MOST_BYTES", "ArticleError", "figure_number", "graphic_file", "read_article"]

_PMCID = re.compile(r"(?:PMC)?([0-9]{1,12})", re.IGNORECASE)
_VERSIONED = re.compile(r"(PMC[0-9]{1,12})\.[0-9]{1,4}", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,12}")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")

# Dates that are none of the article's own publication; of the rest, the date of an issue and that
# of an archive count only where there is no other.
_NO_PUBLICATION = re.compile(
    r"accept|change|correct|received|rev-|retract|submit|update", re.IGNORECASE
)
_LATE_DATES = (
    re.compile(r"collection|issue", re.IGNORECASE),
    re.compile(r"pmc-release|release", re.IGNORECASE),
)

_NOTICES = frozenset(("retraction", "partial-retraction"))
# How an article points to the notice that retracts it; "retracted-article" stands in the notice,
# and points to the other one. Not measured, as no retracted file was at hand: where in doubt an
# article counts as retracted.
_RETRACTING = frozenset(("retraction", "retraction-forward"))
# "WITHDRAWN:" and "REMOVED:" are what one publisher writes before the title.
_RETRACTED_TITLE = re.compile(
    r"\W{0,3}(?:retracted(?: article| chapter)?\b[^:\]—–]{0,30}|withdrawn|(?:temporary )?removed"
    r"|temporary removal|removal)\W{0,3}[:\]—–]"
    r"|.{0,2000}[\[(]\s?retracted(?: article)?\s?[\])]\W{0,2}\Z",
    re.IGNORECASE,
)

# Abstracts that are no summary of the whole.
_NO_SUMMARY = re.compile(r"graphical|toc|teaser|key-?points|highlights|video", re.IGNORECASE)
# Wolters Kluwer print the heading within the abstract.
_HEADING = re.compile(r"\A(?:abstract|summary)[.:]? (?=[A-Z])", re.IGNORECASE)


def read_article(data: bytes, *, where: str = "") -> Article:
    """Read an article.

    Parameters
    ----------
    data : bytes
        A whole file, in any form of JATS; it may be wrapped in an archive's answer.
    where : str, optional
        What messages call the file.

    Returns
    -------
    Article
        What it says.

    Raises
    ------
    ArticleError
        Where the file is no article in JATS, cut off, too large or not safe to read.
    """
    tree = read_tree(data, where=where)
    article = tree.article
    front = first(article, "front")
    meta = first(front, "article-meta")
    if front is None and first(article, "body") is None:
        raise ArticleError(
            f"{where or 'the file'} is an <article> with neither front nor body, and so not in "
            "JATS: fetch the article's XML from PubMed Central or Europe PMC"
        )
    language = _language(article)
    figures = read_figures(article, language)
    custom = dict(_custom(article))
    said = instructions(article)
    return Article(
        **_ids(meta),
        title=_title(meta),
        journal=_journal(front),
        kind=attribute(article, "article-type"),
        language=language,
        published=_published(meta),
        authors=tuple(_authors(meta)),
        abstract=_abstract(meta),
        keywords=_keywords(meta, language),
        licences=_licences(meta, custom),
        copyright=_copyright(meta),
        open_access=_flag(custom, "pmc-prop-open-access", said=said, word="open_access"),
        manuscript=_flag(custom, "pmc-prop-manuscript", said=said, word="manuscript"),
        retracted=_is_retracted(article, meta),
        figures=figures.figures,
        left_out=figures.left_out,
        warnings=(*tree.warnings, *_warnings(article, meta)),
        dialect=_dialect(tree, meta),
    )


# ---- ids and names ------------------------------------------------------------------------------


def _ids(meta: Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in children(meta, "article-id"):
        kind = attribute(element, "pub-id-type").lower()
        found.setdefault(kind, plain(element))
    numbers = (_PMCID.fullmatch(found.get(kind, "")) for kind in ("pmcid", "pmc"))
    number = next(filter(None, numbers), None)
    versioned = _VERSIONED.fullmatch(found.get("pmcid-ver", ""))
    pmid = found.get("pmid", "")
    return {
        "doi": read_doi(found.get("doi", "")).doi or "",
        "pmcid": f"PMC{number[1]}" if number else versioned[1].upper() if versioned else "",
        "pmid": pmid if _DIGITS.fullmatch(pmid) else "",
    }


def _title(meta: Element | None) -> str:
    """Write the title without the marks of footnotes, of whatever kind they are."""
    title = first(meta, "title-group/article-title")
    if title is None:
        return ""
    subtitle = plain(first(meta, "title-group/subtitle"))
    words = re.sub(r"(?:\s?[*†‡§¶])+\Z", "", plain(title))
    return f"{words.rstrip(':')}: {subtitle}" if subtitle and words else words


def _journal(front: Element | None) -> str:
    title = first(front, "journal-meta//journal-title")
    return plain(title) or plain(first(front, "journal-meta//abbrev-journal-title"))


def _language(article: Element) -> str:
    match = _LANGUAGE.fullmatch(attribute(article, "lang"))
    return match[1].lower() if match else ""


def _authors(meta: Element | None) -> Iterator[str]:
    for group in children(meta, "contrib-group"):
        for contrib in children(group, "contrib"):
            if attribute(contrib, "contrib-type") in ("", "author") and (name := _author(contrib)):
                yield name


def _author(contrib: Element) -> str:
    for path in ("name", "name-alternatives/name"):
        name = first(contrib, path)
        if name is not None:
            parts = (plain(first(name, part)) for part in ("given-names", "surname", "suffix"))
            return " ".join(filter(None, parts))
    collab = first(contrib, "collab")
    if collab is None:
        collab = first(contrib, "collab-alternatives/collab")
    return plain(collab) or plain(first(contrib, "string-name"))


# ---- what it is about ---------------------------------------------------------------------------


def _abstract(meta: Element | None) -> str:
    for abstract in children(meta, "abstract"):
        if not _NO_SUMMARY.search(attribute(abstract, "abstract-type")):
            return _HEADING.sub("", plain(abstract))
    return ""


def _keywords(meta: Element | None, language: str) -> tuple[str, ...]:
    """Collect keywords, not abbreviations, nor the same in another language."""
    found: list[str] = []
    for group in children(meta, "kwd-group"):
        spoken = attribute(group, "lang")[:2].lower()
        if "abbr" in attribute(group, "kwd-group-type") or (
            spoken and spoken not in (language, "en")
        ):
            continue
        found += (plain(kwd) for kwd in group.iter("kwd", "compound-kwd"))
    return tuple(dict.fromkeys(filter(None, found)))


# ---- dates --------------------------------------------------------------------------------------


def _published(meta: Element | None) -> str:
    """Give the earliest day of publication, at the best precision that the file has for it."""
    dates: dict[int, list[str]] = {}
    for kind, element in _dated(meta):
        if (day := _day(element)) and not _NO_PUBLICATION.search(kind):
            late = next((at for at, late in enumerate(_LATE_DATES, 1) if late.search(kind)), 0)
            dates.setdefault(late, []).append(day)
    if not dates:
        return ""
    best = dates[min(dates)]
    # A year alone says nothing against a day within it.
    exact = [day for day in best if not any(other.startswith(f"{day}-") for other in best)]
    return min(exact)


def _dated(meta: Element | None) -> Iterator[tuple[str, Element]]:
    for date in children(meta, "pub-date"):
        yield attribute(date, "pub-type") or attribute(date, "date-type"), date
    for event in children(first(meta, "pub-history"), "event"):
        date = first(event, "date")
        if date is not None:
            yield f"{attribute(event, 'event-type')} {attribute(date, 'date-type')}", date


def _day(element: Element) -> str:
    """Write a date as ISO 8601, as far as it is there and there is such a day."""
    year, month, day = (plain(first(element, part)) for part in ("year", "month", "day"))
    if not year:
        return _iso(attribute(element, "iso-8601-date"))
    number = _month(month)
    if not number:
        return _iso(year)
    return (_iso(f"{year}-{number}-{day.zfill(2)}") if day else "") or _iso(f"{year}-{number}")


def _month(month: str) -> str:
    if month.isascii() and month.isdigit():
        return month.zfill(2)
    # A leap year, in which every month is read the same way.
    parsed = read_date(f"{month} 2020").parsed if month else None
    return f"{parsed.month:02}" if parsed and parsed.month else ""


def _iso(text: str) -> str:
    reading = read_date(text)
    return text if reading.is_canonical else ""


# ---- rights and state ---------------------------------------------------------------------------


def _custom(article: Element) -> Iterator[tuple[str, str]]:
    path = "front/article-meta/custom-meta-group/custom-meta"
    for element in article.iterfind(path):
        yield plain(first(element, "meta-name")).lower(), plain(first(element, "meta-value"))


def _licences(meta: Element | None, custom: dict[str, str]) -> tuple[LicenceNote, ...]:
    notes = licence_notes(children(meta, "permissions"))
    code = custom.get("pmc-license-ref", "")
    # The archive's own reading of the licence: of none of the elements, so it counts as the first.
    return (*notes, LicenceNote(words=code, where="custom-meta pmc-license-ref")) if code else notes


def _copyright(meta: Element | None) -> str:
    statement = first(meta, "permissions/copyright-statement")
    return plain(first(meta, "copyright-statement") if statement is None else statement)


def _flag(custom: dict[str, str], name: str, *, said: frozenset[str], word: str) -> bool | None:
    """Read a yes or no of the archive; an old file has a word where it means yes."""
    value = custom.get(name, "").lower()
    if value in ("yes", "true"):
        return True
    if value in ("no", "false"):
        return False
    return True if word in said else None


def _is_retracted(article: Element, meta: Element | None) -> bool:
    """Tell whether this very article is retracted, not another one that it speaks of."""
    kind = attribute(article, "article-type")
    if kind in _NOTICES:
        return False
    related = (
        attribute(each, "related-article-type") for each in children(meta, "related-article")
    )
    dated = (kind for kind, _ in _dated(meta))
    return (
        kind == "retracted-article"
        or any(each in _RETRACTING for each in related)
        or any("retract" in each for each in dated)
        or _RETRACTED_TITLE.match(_title(meta)) is not None
    )


def _warnings(article: Element, meta: Element | None) -> Iterator[str]:
    kind = attribute(article, "article-type")
    if kind in _NOTICES:
        yield "the file is the notice of a retraction, not the article"
    for each in children(meta, "related-article"):
        if "concern" in attribute(each, "related-article-type"):
            yield "the file names an expression of concern about the article"
        elif attribute(each, "related-article-type") == "partial-retraction":
            yield "the file says that a part of the article is retracted"
    if first(article, "body") is None:
        yield "the file has no body: an archive gives no more where the text is not open"


def _dialect(tree: Tree, meta: Element | None) -> str:
    """Say which form of JATS this is, as far as it shows."""
    article = tree.article
    kinds = {attribute(each, "pub-id-type") for each in children(meta, "article-id")}
    use = attribute(article, "specific-use")
    parts = [f"JATS {attribute(article, 'dtd-version')}".strip()]
    if first(article, "processing-meta") is not None or "pmcid-ver" in kinds:
        parts.append("PMC since 2025")
    elif "pmcid" in kinds:
        parts.append("Europe PMC")
    elif "pmc" in kinds:
        parts.append("PMC before 2025")
    if use.startswith("sps"):
        parts.append(f"SciELO {use}")
    if tree.namespace:
        parts.append(f"namespace {tree.namespace}")
    if tree.root != "article":
        parts.append(f"in {tree.root}")
    return ", ".join(parts)
