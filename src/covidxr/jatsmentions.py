"""Where the text of an article cites its figures: the sentences, as they stand.

This module owns what citing is. It must not read anything into a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from covidxr.jatsgraphics import figure_number
from covidxr.jatstext import flatten, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from covidxr.articles import Figure
    from covidxr.jatstext import Reference, Text
    from covidxr.jatstree import Element

# What may hold a sentence, and where a reference stands in no sentence of the text.
_PARAGRAPHS = frozenset(("p", "list-item", "td", "disp-quote", "def"))
_APART = frozenset(("caption", "fig", "fig-group", "front", "ref-list", "table-wrap", "title"))
_RANGE = re.compile(r"\s*(?:[-‐‑‒–—−]|to|through)\s*")
_LONGEST_RANGE = len(" through ")
# No article has more; a wider range is a slip.
_MOST_IN_RANGE = 50
_RANGE_WITHIN = re.compile(r"[0-9][a-z]?\s?(?:[-‐‑‒–—−]|to)\s?[0-9]", re.IGNORECASE)


def read_mentions(
    parts: Iterable[Element], figures: Sequence[Figure], ids: Mapping[str, Sequence[int]]
) -> list[tuple[str, ...]]:
    """Collect the sentences that cite each figure.

    Parameters
    ----------
    parts : iterable of Element
        The article's own parts, such as its body.
    figures : sequence of Figure
        All of them.
    ids : mapping of str to sequence of int
        Which of them, counted from 0, the text cites by an id.

    Returns
    -------
    list of tuple of str
        For each figure, in the text's order, each sentence once.
    """
    found: list[dict[str, None]] = [{} for _ in figures]
    numbers = [int(number) if number.isdigit() else 0 for number in map(figure_number, figures)]
    for paragraph in _citing(parts, ids):
        text = flatten(paragraph)
        spans = list(sentences(text.text))
        starts = [start for start, _ in spans]
        said = [text.text[start:end] for start, end in spans]
        for place, at in _cited(text, ids, numbers):
            if said:
                found[at][said[bisect_right(starts, place) - 1]] = None
    return [tuple(each) for each in found]


def _citing(parts: Iterable[Element], ids: Mapping[str, Sequence[int]]) -> Iterator[Element]:
    """Find the paragraphs with a reference to a figure, each once, in order."""
    seen: set[Element] = set()
    for part in parts:
        for xref in part.iter("xref"):
            if not any(name in ids for name in (xref.get("rid") or "").split()):
                continue
            paragraph = _paragraph(xref)
            if paragraph is not None and paragraph not in seen:
                seen.add(paragraph)
                yield paragraph


def _paragraph(xref: Element) -> Element | None:
    """Find the innermost paragraph around a reference; None where it is no text of the article."""
    paragraph = None
    for above in xref.iterancestors():
        if above.tag in _APART:
            return None
        if paragraph is None and above.tag in _PARAGRAPHS:
            paragraph = above
    return paragraph


def _cited(
    text: Text, ids: Mapping[str, Sequence[int]], numbers: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Give where a figure is cited, and which: also those between the ends of "Figs 1-3"."""
    before: tuple[Reference, list[int]] | None = None
    for reference in text.references:
        start, end = reference.span
        own = list(dict.fromkeys(at for name in reference.ids for at in ids.get(name, ())))
        between: list[int] = []
        if len(own) > 1 and _RANGE_WITHIN.search(text.text[start:end]):
            between = _between(own[0], own[-1], numbers)
        elif own and before and before[1] and _is_range(text.text[before[0].span[1] : start]):
            between = _between(before[1][-1], own[0], numbers)
        yield from ((start, at) for at in (*between, *own))
        before = (reference, own)


def _is_range(text: str) -> bool:
    return len(text) <= _LONGEST_RANGE and _RANGE.fullmatch(text) is not None


def _between(first: int, last: int, numbers: Sequence[int]) -> list[int]:
    """Give the figures with numbers between those of two others; none where these have none."""
    low, high = sorted((numbers[first], numbers[last]))
    if not low or high - low > _MOST_IN_RANGE:
        return []
    return [at for at, number in enumerate(numbers) if low < number < high]
