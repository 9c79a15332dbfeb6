"""Which papers may hold radiographs that the collection lacks: the question and the order.

This module owns the query in Europe PMC's language and how its results are ranked. It asks nobody.
What it says of a paper is a guess from its title and abstract; :mod:`covidxr.figures` looks at the
figures themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.licences import read_licence

if TYPE_CHECKING:
    import datetime as dt

    from covidxr.registries.europepmc import Entry

# What the collection is about: the names under which Europe PMC's records have it.
TOPIC = (
    '"COVID-19" OR "SARS-CoV-2" OR "2019-nCoV" OR "viral pneumonia" OR "bacterial pneumonia" OR '
    '"fungal pneumonia" OR "Pneumocystis" OR "SARS" OR "MERS" OR "legionella pneumonia" OR '
    '"mycoplasma pneumonia"'
)
# Words of captions; FIG searches the legends of figures where Europe PMC has the full text.
_CAPTIONS = (
    *("chest radiograph", "chest X-ray", "chest CT", "CT chest", "chest radiography"),
    *("computed tomography", "ground-glass", "ground glass opacities"),
)
_LICENCES = ("cc0", "cc by", "cc by-sa", "cc by-nc", "cc by-nc-sa", "cc by-nd", "cc by-nc-nd")

# Points for what a title or an abstract says; a case report shows images of its patient, a review
# or a model seldom shows one with a history.
_SIGNS = (
    (re.compile(r"\bcase (?:report|series)\b|\bfamilial cluster\b", re.IGNORECASE), 4),
    (re.compile(r"\b(?i:(?:chest|thora\w{1,8}|lung) (?:x-?rays?|radiogra\w{1,8}))\b|\bCXR\b"), 3),
    (re.compile(r"\bradiogra(?:phs?|phic|phy)\b|\bx-?rays?\b", re.IGNORECASE), 2),
    (re.compile(r"\b(?i:chest|lung|thoracic) CT\b|\bCT (?:scans?|images?|findings|features)\b"), 2),
    (re.compile(r"\bimaging (?:findings|features|characteristics)\b", re.IGNORECASE), 2),
    (re.compile(r"\bground[- ]glass\b|\bconsolidations?\b", re.IGNORECASE), 1),
    (re.compile(r"\b[0-9]{1,2}-year-old\b", re.IGNORECASE), 2),
    (re.compile(r"\bsystematic review\b|\bmeta-analysis\b|\bscoping review\b", re.IGNORECASE), -4),
    (re.compile(r"\bdeep learning\b|\bneural network\b|\bmachine learning\b", re.IGNORECASE), -3),
    (re.compile(r"\bmice\b|\bin vitro\b|\bmosquito\b|\bguideline\b", re.IGNORECASE), -3),
)
_KINDS = {"case-report": 4, "case reports": 4, "review": -2, "review-article": -2, "letter": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A paper that may be worth taking.

    Parameters
    ----------
    entry : Entry
        What Europe PMC says of it.
    score : int
        Higher is likelier to show radiographs or CT of patients.
    why : tuple of str
        The words that the score rests on.
    freedom : int
        What its licence permits: 3 for changes and commerce, 2 for changes, 1 for copies only, 0
        where it is not known.
    """

    entry: Entry
    score: int
    why: tuple[str, ...]
    freedom: int


def query_for(words: str = "", since: dt.date | None = None) -> str:
    """Write the question in Europe PMC's language.

    Parameters
    ----------
    words : str
        Search words in that language, in place of the collection's topic; empty for the topic.
    since : datetime.date, optional
        Leave out what was published before.
    """
    captions = " OR ".join(f'FIG:"{each}"' for each in _CAPTIONS)
    licences = " OR ".join(f'LICENSE:"{each}"' for each in _LICENCES)
    parts = [f"({words.strip() or TOPIC})", f"({captions})", "OPEN_ACCESS:y", f"({licences})"]
    if since is not None:
        parts.append(f"FIRST_PDATE:[{since.isoformat()} TO 3000-12-31]")
    return " AND ".join(parts)


def lead_of(entry: Entry) -> Lead:
    """Judge one result by its title, its abstract, its kind and its licence."""
    score, why = 0, []
    text = f"{entry.title}. {entry.abstract}"
    for sign, points in _SIGNS:
        if match := sign.search(text):
            score += points
            why.append(match[0])
    for kind in dict.fromkeys(each.lower() for each in entry.kinds):
        if kind in _KINDS:
            score += _KINDS[kind]
            why.append(kind)
    return Lead(entry=entry, score=score, why=tuple(why), freedom=_freedom(entry.licence))


def ranked(leads: list[Lead]) -> list[Lead]:
    """Sort leads: the likeliest first, of equal ones the freest, then the newest."""
    newest = sorted(leads, key=lambda lead: lead.entry.published, reverse=True)
    return sorted(newest, key=lambda lead: (-lead.score, -lead.freedom))


def _freedom(licence: str) -> int:
    """Say what a family permits; its version is not in the record."""
    family = read_licence(licence).family or ""
    if family.startswith("CC0"):
        return 3
    if not family.startswith("CC BY"):
        return 0
    if "ND" in family:
        return 1
    return 2 if "NC" in family else 3
