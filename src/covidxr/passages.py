"""The source's texts on one image, with the words marked that each proposal rests on.

This module owns which texts a curator reads for an image and where proposals stand in them. A
record is anybody's text: what is odd in it is left out. It touches no disk.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from covidxr.columns import HEADER
from covidxr.reviewsheet import Passage, Proposal, Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Words of a suggestion are a phrase; a whole page that is quoted would make a pattern of megabytes.
_LONGEST_WORDS = 500


def passages(
    record: Mapping[str, Any], image: Mapping[str, Any]
) -> tuple[tuple[Passage, ...], dict[str, tuple[Proposal, ...]]]:
    """Give the texts on one image, and what was inferred from them.

    Parameters
    ----------
    record : mapping
        A ``case.json``.
    image : mapping
        One of its images.

    Returns
    -------
    (tuple of Passage, dict of str to tuple of Proposal)
        Each text once; proposals by column, numbered in the order of the columns. Words that stand
        in none of the texts make a passage of their own.
    """
    texts = _texts(record, image)
    proposals = _proposals(record, image)
    marks: list[list[tuple[int, int, int]]] = [[] for _ in texts]
    homeless = []
    for proposal in proposals.values():
        place = _find(texts, proposal)
        if place is None:
            homeless.append(proposal)
        else:
            at, start, stop = place
            marks[at].append((start, stop, proposal.number))
    found = [
        Passage(title=title, segments=segments(text, marks[at]))
        for at, (title, text) in enumerate(texts)
    ]
    found += [
        Passage(
            title=f"Other words ({each.where})" if each.where else "Other words",
            segments=(Segment(text=each.words, proposals=(each.number,)),),
        )
        for each in homeless
    ]
    by_column: dict[str, tuple[Proposal, ...]] = {}
    for (column, _), proposal in proposals.items():
        by_column[column] = (*by_column.get(column, ()), proposal)
    return tuple(found), by_column


def segments(text: str, marks: Sequence[tuple[int, int, int]]) -> tuple[Segment, ...]:
    """Cut a text where marks begin and end.

    Parameters
    ----------
    text : str
        Whole.
    marks : sequence of (int, int, int)
        Start, stop and number of each mark; they may overlap.

    Returns
    -------
    tuple of Segment
        Joined they are the text.
    """
    cuts = sorted({0, len(text), *(place for start, stop, _ in marks for place in (start, stop))})
    return tuple(
        Segment(
            text=text[start:stop],
            proposals=tuple(sorted({n for a, b, n in marks if a <= start and stop <= b})),
        )
        for start, stop in pairwise(cuts)
    )


def _texts(record: Mapping[str, Any], image: Mapping[str, Any]) -> list[tuple[str, str]]:
    figure = figure_of(record, image)
    mentions = figure.get("mentions")
    named = [
        ("Caption", image.get("caption")),
        (f"{figure.get('label') or 'Figure'}, whole caption", figure.get("caption")),
        ("Caption of the group", figure.get("group")),
        *(("Cited in", each) for each in (mentions if isinstance(mentions, list) else ())),
        ("Findings of the study", image.get("findings")),
        ("Title", record.get("title")),
        ("History", record.get("history")),
        ("Findings", record.get("findings")),
        ("Diagnosis", record.get("diagnosis")),
        ("Discussion", record.get("discussion")),
    ]
    kept: dict[str, str] = {}
    for title, text in named:
        if isinstance(text, str) and text.strip():
            kept.setdefault(text.strip(), title)
    return [(title, text) for text, title in kept.items()]


def figure_of(record: Mapping[str, Any], image: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the figure that an image is a part of; empty where it is part of none."""
    extra = image.get("extra")
    wanted = extra.get("figure") if isinstance(extra, dict) else None
    figures = record.get("figures")
    for each in figures if isinstance(figures, list) else ():
        if isinstance(each, dict) and wanted and each.get("id") == wanted:
            return each
    return {}


def _proposals(
    record: Mapping[str, Any], image: Mapping[str, Any]
) -> dict[tuple[str, str], Proposal]:
    """Suggestions by column and value: the image's own first, each value of a column once."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for holder in (image, record):
        listed = holder.get("suggestions")
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and each.get("column") in HEADER and each.get("value"):
                words = (str(each.get("words", "")), str(each.get("where", "")))
                found.setdefault((str(each["column"]), str(each["value"])), words)
    ordered = sorted(found, key=lambda key: HEADER.index(key[0]))
    return {
        key: Proposal(number=number, value=key[1], words=found[key][0], where=found[key][1])
        for number, key in enumerate(ordered, start=1)
    }


def _find(texts: Sequence[tuple[str, str]], proposal: Proposal) -> tuple[int, int, int] | None:
    """Where a proposal's words stand: in the text that it names, else in the first with them."""
    words = proposal.words.split()
    if not words or len(proposal.words) > _LONGEST_WORDS:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    where = proposal.where.casefold()
    order = sorted(
        range(len(texts)),
        key=lambda at: (
            texts[at][0].casefold() not in where and where not in texts[at][0].casefold()
        ),
    )
    for at in order:
        match = pattern.search(texts[at][1])
        if match is not None and match[0]:
            return at, match.start(), match.end()
    return None
