"""Under which licence an article and each of its figures may be passed on, and how that is known.

This module owns the decision: what the article says, what registries say, and what holds where they
differ. It must not fetch anything, and it never takes the wider of two readings: an open-access
badge, a permission for as long as an emergency lasts, or a licence for text mining clears nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr.cases import LicenceClaim
from covidxr.rightswords import (
    DATA_WAIVER,
    Named,
    addresses_in,
    copyright_in,
    credit_in,
    is_own,
    is_reserved,
    named_by_address,
    named_by_code,
    named_by_words,
    refusal_of,
    shortened,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from covidxr.articles import Article, Figure, LicenceNote

PMC = "PMC metadata"
"""What a record of PubMed Central calls itself in `Record.where`."""

RETRACTED = "the article is retracted"
"""Why nothing of a retracted article is cleared."""

_THE_FILE = "the article's file"
_MAIN = ("license/@xlink:href", "ali:license_ref")
_CODE = "custom-meta pmc-license-ref"

# Versions of a licence that are not for the article as it was published, by the words of Crossref
# and of NISO's licence reference.
_OTHER_VERSIONS = frozenset(("am", "tdm", "stm-asf"))
# What registries write where they grant no use of figures: PubMed Central for manuscripts that may
# be mined, and for what has no Creative Commons licence; medRxiv.
_CODES_AGAINST = {
    "tdm": "it permits text mining only",
    "no-cc code": "it has no Creative Commons licence",
    "cc-no": "it grants no reuse",
}
# What takes even a Creative Commons licence back, or away from figures.
_BOUNDS = frozenset(("negated", "later", "figures"))
_REASONS = {
    "negated": "its own words say that the licence does not cover it",
    "later": "its licence begins later than its publication; look whether that time has come",
    "figures": "its licence leaves figures out",
    "lapsed": "what permits its use was bound to the time of the emergency, which is over",
    "mining": "it permits text mining, not the use of figures",
    "reserved": "its rights are reserved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one registry says of an article.

    Parameters
    ----------
    licence : str
        As the registry writes it: ``"CC BY-NC"``, ``"cc-by"``, ``"TDM"``, an address.
    where : str
        Which registry: ``"PMC metadata"``, ``"Europe PMC"``, ``"Crossref"`` …
    open_access : bool or None
        Whether it counts the article to its open-access subset; None where it does not say.
    manuscript : bool or None
        Whether it is an author's manuscript; None where it does not say.
    retracted : bool
        Whether the article is retracted.
    version : str
        Which version the licence is for: ``"vor"``, ``"am"``, ``"tdm"``, ``"unspecified"``.
    """

    licence: str = ""
    where: str = ""
    open_access: bool | None = None
    manuscript: bool | None = None
    retracted: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """Whether something may be passed on.

    Parameters
    ----------
    claim : LicenceClaim
        Under which licence; its SPDX id is empty where no exact licence is named.
    cleared : bool
        Whether a licence permits it.
    reason : str
        Why not; empty where it does.
    crops : bool
        Whether a part of a figure may be cut out: no where the licence permits no changed copies.
    warnings : tuple of str
        What a curator must know.
    """

    claim: LicenceClaim
    cleared: bool
    reason: str = ""
    crops: bool = True
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One licence that somebody names for the article."""

    named: Named
    words: str
    evidence: str
    url: str = ""
    where: str = _THE_FILE


@dataclass(slots=True)
class _Hearing:
    """All that was said of an article."""

    said: list[_Said] = field(default_factory=list)
    # What stands against it whatever else is said, and what only says that nothing is known.
    against: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    words: str = ""


def article_right(article: Article | None, records: Sequence[Record]) -> Right:
    """Decide on an article as a whole.

    Parameters
    ----------
    article : Article or None
        Its text; None where there is none, and records alone speak.
    records : sequence of Record
        What registries say.

    Returns
    -------
    Right
        Where article and registries differ, the stricter, with a warning.
    """
    hearing = _Hearing()
    if article is not None:
        _hear_article(article, hearing)
    for record in records:
        _hear_record(record, hearing)
    chosen = _strictest(hearing)
    if (article is not None and article.retracted) or any(each.retracted for each in records):
        hearing.against.insert(0, RETRACTED)
    reason = next(iter(hearing.against), "")
    if chosen is None:
        reason = reason or next(iter(hearing.doubts), "") or "nobody says under which licence it is"
        return Right(
            claim=LicenceClaim(words=hearing.words, evidence="page" if hearing.words else ""),
            cleared=False,
            reason=reason,
            warnings=tuple(dict.fromkeys(hearing.warnings)),
        )
    if reason:
        hearing.warnings.append(f"{chosen.where} says {_called(chosen)}, but {reason}")
    else:
        _warn_of(chosen, hearing)
    return Right(
        claim=LicenceClaim(
            spdx=chosen.named.spdx, words=chosen.words, evidence=chosen.evidence, url=chosen.url
        ),
        cleared=not reason,
        reason=reason,
        crops=chosen.named.derivatives,
        warnings=tuple(dict.fromkeys(hearing.warnings)),
    )


def figure_right(right: Right, figure: Figure) -> Right:
    """Decide on one figure.

    Parameters
    ----------
    right : Right
        Of its article.
    figure : Figure
        With its caption and its own permissions.

    Returns
    -------
    Right
        Not cleared where its words say that it comes from somebody else, unless they give the
        address of a licence for it, which then replaces that of the article.
    """
    own = _own_licence(figure)
    credit = _credit(figure, licensed=own is not None)
    if own is None:
        # A licence in words alone, or an address that is no Creative Commons one.
        texts = (*figure.notes, figure.caption, figure.group)
        credit = credit or next((shortened(t) for t in texts if named_by_words(t)), "")
        credit = credit or next((note.url for note in figure.licences if note.url), "")
    if own is None and not credit:
        return right
    if not right.cleared:
        return right
    if own is None:
        return replace(right, cleared=False, reason=f"it is not the article's own: “{credit}”")
    if reason := _not_all_of(figure, right):
        return replace(right, cleared=False, reason=reason)
    warnings = list(right.warnings)
    if credit:
        warnings.append(f"the figure comes from elsewhere, name that source too: “{credit}”")
    if own.named.spdx != right.claim.spdx:
        warnings.append(
            f"the figure has a licence of its own, {own.named.spdx or own.named.family}"
        )
    if not own.named.spdx:
        warnings.append(f"which version of {own.named.family} is not said, or has no id")
    return Right(
        claim=LicenceClaim(
            spdx=own.named.spdx, words=own.words, evidence=own.evidence, url=own.url
        ),
        cleared=True,
        crops=own.named.derivatives,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _not_all_of(figure: Figure, right: Right) -> str:
    """Say why the licence that a figure names does not hold for all of it; empty where it does."""
    foreign = [
        note.url
        for note in figure.licences
        if note.url and note.where in _MAIN and not named_by_address(note.url)
    ]
    if foreign:
        return f"it has a licence of its own that is not free: {foreign[0]}"
    main = {
        named.family
        for note in figure.licences
        if note.where in _MAIN and (named := named_by_address(note.url))
    }
    if main:
        other = {named.family for note in figure.notes for named in named_by_words(note)} - main
        if other or any(map(is_reserved, figure.notes)):
            words = shortened(" ".join(figure.notes))
            return f"its own permissions contradict one another: “{words}”"
        return ""
    # An address in a caption may be on one of its panels.
    text = " ".join((*figure.notes, figure.caption))
    read = [each for url in addresses_in(text) if (each := named_by_address(url))]
    if {each.family for each in named_by_words(text)} - {each.family for each in read}:
        return f"of the licences that it names not all have an address: “{shortened(text)}”"
    sources = len(_SOURCES.findall(text))
    if sources > 1 or _PERMITTED.search(text) or is_reserved(text) or not right.crops:
        words = shortened(text)
        return f"parts of it come from elsewhere, and not all under one licence: “{words}”"
    return ""


_PERMITTED = re.compile(
    r"\b(?:with|by)\s+(?:\w+\s+){0,3}permission\b|\bnot\s+(?:covered|included|part)\b",
    re.IGNORECASE,
)
_CITED_CREDIT = re.compile(
    r"\bfig(?:ure)?s?\.?\s?S?[0-9]{1,3}[A-Za-z]?\b[\s,;(–—-]{0,4}(?:(?:is|was|are|were)\s+)?"
    r"(?:reproduced|reprinted|republished|adapted|modified|courtesy|taken)\s+(?:from|with|of|by)\b",
    re.IGNORECASE,
)
_SOURCES = re.compile(
    r"\b(?:reproduced|reprinted|adapted|modified|taken|courtesy)\b|©", re.IGNORECASE
)


# ---- the article's own words --------------------------------------------------------------------


def _hear_article(article: Article, hearing: _Hearing) -> None:
    own = [note for note in article.licences if note.where != _CODE]
    numbers = dict.fromkeys(note.licence for note in own)
    licences = [_Licence([note for note in own if note.licence == number]) for number in numbers]
    licensed = any(each.said for each in licences)
    for each in licences:
        _hear_licence(each, hearing, licensed=licensed)
    for note in article.licences:
        if note.where == _CODE:
            _hear_code(note.words, _THE_FILE, "page", hearing)
    if is_reserved(article.copyright) and not licensed:
        hearing.against.append(f"{_REASONS['reserved']}: “{shortened(article.copyright)}”")
        hearing.words = hearing.words or shortened(article.copyright)
    if article.open_access is False:
        hearing.against.append(_not_open(_THE_FILE, hearing))
    if article.manuscript:
        hearing.warnings.append("the file is an author's manuscript, not the article as published")


class _Licence:
    """One licence element: its addresses, its words, and what its words take back."""

    def __init__(self, notes: Sequence[LicenceNote]) -> None:
        self.words = " ".join(note.words for note in notes if not note.url)
        self.kind, sentence = refusal_of(self.words)
        self.said = _addresses(notes, self.words) + _in_words(self.words) + _printed(self.words)
        url = next((note.url for note in notes if note.url), "")
        self.shown = shortened(self.words) or url
        self.quoted = sentence or self.shown


def _hear_licence(licence: _Licence, hearing: _Hearing, *, licensed: bool) -> None:
    """Hear one licence; `licensed` tells whether it, or another, names Creative Commons."""
    kind, quoted = licence.kind, licence.quoted
    hearing.said += licence.said
    if not hearing.words or (licence.said and len(hearing.said) == len(licence.said)):
        hearing.words = licence.shown
    if kind in _BOUNDS or (kind and not licensed) or (kind == "reserved" and not licence.said):
        hearing.against.append(f"{_REASONS[kind]}: “{quoted}”")
    elif licence.said and kind == "lapsed":
        hearing.warnings.append(f"it also speaks of the time of the emergency: “{quoted}”")
    elif not licence.said and licensed:
        hearing.warnings.append(f"besides its licence it has another text: “{quoted}”")
    elif not licence.said:
        hearing.doubts.append(f"its words name no Creative Commons licence: “{quoted}”")


def _addresses(notes: Iterable[LicenceNote], words: str) -> list[_Said]:
    """Read the addresses of one licence; a link in its words counts where nothing else does."""
    usable = [
        (note, named)
        for note in notes
        if note.url
        and not (note.where == "ali:license_ref" and note.kind.lower() in _OTHER_VERSIONS)
        and (named := named_by_address(note.url))
    ]
    waived = DATA_WAIVER.search(words) is not None
    chosen = [
        each
        for each in usable
        if each[0].where in _MAIN or not (waived and each[1].family == "CC0")
    ]
    return [
        _Said(named=named, words=shortened(words) or note.url, evidence="page", url=note.url)
        for note, named in chosen
    ]


def _printed(words: str) -> list[_Said]:
    """Read addresses that are printed in words without being links."""
    waived = DATA_WAIVER.search(words) is not None
    return [
        _Said(named=named, words=shortened(words), evidence="page", url=url)
        for url in addresses_in(words)
        if (named := named_by_address(url)) and not (waived and named.family == "CC0")
    ]


def _in_words(words: str) -> list[_Said]:
    waived = DATA_WAIVER.search(words) is not None
    return [
        _Said(named=named, words=shortened(words), evidence="page")
        for named in named_by_words(words)
        if not (waived and named.family == "CC0")
    ]


# ---- registries ---------------------------------------------------------------------------------


def _hear_record(record: Record, hearing: _Hearing) -> None:
    where = record.where or "a registry"
    if record.open_access is False:
        hearing.against.append(_not_open(where, hearing))
    if record.manuscript:
        hearing.warnings.append(f"{where} calls it an author's manuscript")
    if record.version in _OTHER_VERSIONS:
        if named_by_code(record.licence):
            hearing.doubts.append(
                f"{where} names {record.licence} for another version ({record.version}) than "
                "the one published"
            )
    elif record.licence.strip():
        _hear_code(record.licence, where, "record", hearing)
    elif record.where == PMC:
        hearing.against.append(f"{where} names no licence")


def _hear_code(code: str, where: str, evidence: str, hearing: _Hearing) -> None:
    plain = code.strip().lower().replace("_", "-")
    if plain in _CODES_AGAINST:
        hearing.against.append(f"{where} says “{shortened(code)}”: {_CODES_AGAINST[plain]}")
    elif named := named_by_code(code):
        url = code if named_by_address(code) else ""
        words = shortened(f"{code} ({where})")
        hearing.said.append(
            _Said(named=named, words=words, evidence=evidence, url=url, where=where)
        )
    else:
        hearing.doubts.append(
            f"{where} says “{shortened(code)}”, which is no Creative Commons licence"
        )


def _not_open(where: str, hearing: _Hearing) -> str:
    reason = f"{where} does not count it to the open-access subset"
    hearing.warnings.append(f"{reason}, whatever licence is named")
    return reason


# ---- together -----------------------------------------------------------------------------------


def _strictest(hearing: _Hearing) -> _Said | None:
    """Choose what holds, and tell of everything that differs from it."""
    if not hearing.said:
        return None
    most = max(each.named.rank for each in hearing.said)
    strict = [each for each in hearing.said if each.named.rank == most]
    # The article before registries, an exact version before none.
    chosen = min(strict, key=lambda each: (each.evidence != "page", not each.named.spdx))
    for each in hearing.said:
        if each.named.family != chosen.named.family:
            hearing.warnings.append(
                f"{chosen.where} says {_called(chosen)}, {each.where} says {_called(each)}; "
                "the stricter is taken"
            )
        elif each.named.spdx and chosen.named.spdx and each.named.spdx != chosen.named.spdx:
            hearing.warnings.append(
                f"{chosen.where} says {_called(chosen)}, {each.where} says {_called(each)}"
            )
    return chosen


def _warn_of(chosen: _Said, hearing: _Hearing) -> None:
    """Tell what is weak about a licence that holds."""
    if not chosen.named.spdx:
        hearing.warnings.append(f"{chosen.named.family}, version unknown: “{chosen.words}”")
    elif not chosen.url:
        hearing.warnings.append(f"{chosen.named.spdx} by its words alone: “{chosen.words}”")
    if chosen.evidence == "record":
        hearing.warnings.append(
            f"the article itself names no such licence, only {chosen.where} does"
        )
    hearing.warnings += hearing.doubts


def _called(said: _Said) -> str:
    return said.named.spdx or said.named.family


# ---- figures ------------------------------------------------------------------------------------


def _own_licence(figure: Figure) -> _Said | None:
    """Find the address of a licence that a figure has for itself; of several the strictest."""
    urls = [(note.url, note.url) for note in figure.licences if note.url]
    urls += [(url, text) for text in (*figure.notes, figure.caption) for url in addresses_in(text)]
    found = [
        _Said(named=named, words=shortened(words), evidence="page", url=url)
        for url, words in urls
        if (named := named_by_address(url))
    ]
    return max(found, key=lambda each: each.named.rank, default=None)


def _credit(figure: Figure, *, licensed: bool) -> str:
    """Give the words by which a figure is somebody else's."""
    texts = (*figure.notes, figure.label, figure.caption, figure.group)
    if credit := next(filter(None, map(credit_in, texts)), ""):
        return credit
    # In the text a credit counts where it stands right behind the figure's number.
    cited = (shortened(each) for each in figure.mentions if _CITED_CREDIT.search(each))
    if credit := next(cited, ""):
        return credit
    # A copyright, or permissions of its own, without a licence are somebody else's.
    if licensed:
        return ""
    foreign = (shortened(note) for note in figure.notes if not is_own(note))
    return next(filter(None, map(copyright_in, texts)), "") or next(foreign, "")
