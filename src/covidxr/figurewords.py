"""Whether a figure's words say that it shows a radiograph or CT, and of which part of the body.

This module owns the words for kinds of imaging, for what is a drawing and not an image, and for
parts of the body. It looks at no pixel, and it does not decide what is taken: a person, or the
pixels, may say otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from covidxr import panelcaptions
from covidxr.bodywords import body_of
from covidxr.imagewords import named_in, spoken_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.articles import Figure
    from covidxr.imagewords import Hit, Named
    from covidxr.panelcaptions import Part


class Shown(StrEnum):
    """What a figure shows, by its words."""

    XRAY = "X-ray"
    CT = "CT"
    BOTH = "X-ray and CT"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWords:
    """What the words of a figure say.

    Parameters
    ----------
    shown : Shown
        What it shows.
    words : str
        The words that say so, as they stand there; empty for :attr:`Shown.OTHER`.
    where : str
        ``"caption"``, ``"group caption"``, ``"title"`` or ``"mention"``; empty without `words`.
    against : str
        Words that speak against it: "flow chart", "MRI"; empty where there are none.
    body : str
        ``"chest"``, ``"other"``, or ``"assumed"`` where the figure's own words do not say.
    body_words : str
        The words that say so; for ``"assumed"`` those of the subject, or empty.
    unsure : bool
        Whether a person should look before anything else.
    """

    shown: Shown
    words: str = ""
    where: str = ""
    against: str = ""
    body: str = "assumed"
    body_words: str = ""
    unsure: bool = False


class _Source(NamedTuple):
    shown: Shown
    words: str
    where: str


# No caption of a figure is as long as a report, and no abstract.
_LONGEST = 20_000
_MENTIONS = 20
# A caption of so few words ("Case 2.", "Day 5 after admission") leaves it to the text to say more.
_FEW_WORDS = 12
# What is measured over time or among many. Beside the bare name of a method it makes a figure
# unsure, and a caption with it leaves nothing to be said by the text.
_MEASURED = re.compile(
    r"(?i)\b(?:counts?|levels?|concentrations?|tit(?:er|re)s?|expression|laborator\w{1,4}|rates?|trends?"
    r"|course|profile|distribution|comparisons?|changes|dynamics|model|maps?|structures?|cells?|study"
    r"|lymphocytes?|antibod(?:y|ies)|temperature|viral load)\b"
)


def figure_words(figure: Figure, subject: str = "") -> FigureWords:
    """Read what a figure shows out of its caption, its group's caption and the citing sentences.

    Parameters
    ----------
    figure : Figure
        As the article has it.
    subject : str
        Title and abstract of the article: for the part of the body alone, where nothing else says.

    Returns
    -------
    FigureWords
        The caption decides. The group's caption counts where the caption names no kind of imaging,
        and a citing sentence where neither does, and where the caption speaks of nothing else.
    """
    own = named_in(figure.caption[:_LONGEST])
    group = named_in(figure.group[:_LONGEST])
    source = _by_caption(own, figure) or _by_group(own, group) or _by_mention(own, group, figure)
    against = own.against or group.against
    if source is None:
        return FigureWords(shown=Shown.OTHER, against=against or own.other or group.other)
    body, words, is_doubtful = body_of(_texts(figure), subject[:_LONGEST])
    return FigureWords(
        shown=source.shown,
        words=source.words,
        where=source.where,
        against=against or own.other,
        body=body,
        body_words=words,
        unsure=_is_unsure(source, own, figure, body_doubt=is_doubtful) or bool(against),
    )


def _by_caption(own: Named, figure: Figure) -> _Source | None:
    if not own.shown:
        return None
    shown, first = _shown(own)
    return _Source(shown, first.words, "title" if first.end <= len(figure.title) else "caption")


def _by_group(own: Named, group: Named) -> _Source | None:
    if own.other or own.against or not group.shown:
        return None
    shown, first = _shown(group)
    return _Source(shown, first.words, "group caption")


def _by_mention(own: Named, group: Named, figure: Figure) -> _Source | None:
    """Take the word of a citing sentence, where the caption is short or speaks of the body."""
    if own.other or own.against or group.other or group.against:
        return None
    if _MEASURED.search(figure.caption):
        return None
    body, words, _ = body_of([figure.caption])
    if len(figure.caption.split()) > _FEW_WORDS and not (body == "chest" and words):
        return None
    for sentence in figure.mentions[:_MENTIONS]:
        found = spoken_of(sentence[:_LONGEST], figure.label)
        if found.shown:
            shown, first = _shown(found)
            return _Source(shown, first.words, "mention")
    return None


def _shown(named: Named) -> tuple[Shown, Hit]:
    first = min(named.shown.values(), key=lambda hit: hit.start)
    return (Shown.BOTH if len(named.shown) > 1 else Shown(next(iter(named.shown)))), first


def _is_unsure(source: _Source, own: Named, figure: Figure, *, body_doubt: bool) -> bool:
    if source.where == "mention":
        return True
    several = len(own.shown) + bool(own.other) > 1 or source.shown is Shown.BOTH
    if source.where != "group caption" and not own.is_image and _MEASURED.search(figure.caption):
        return True
    if not several and not body_doubt:
        return False
    parts = panelcaptions.caption_parts(figure.caption, figure.bold).parts
    kinds = [named_in(part.text) for part in parts]
    return (several and not _are_told_apart(kinds)) or (
        body_doubt and not any(map(_is_of_chest, parts, kinds))
    )


def _are_told_apart(kinds: Sequence[Named]) -> bool:
    """Whether the own words of each panel name exactly one kind of imaging."""
    counts = [len(each.shown) + bool(each.other) for each in kinds]
    return bool(counts) and min(counts) == max(counts) == 1


def _is_of_chest(part: Part, kind: Named) -> bool:
    body, words, is_doubtful = body_of([part.text])
    return bool(kind.shown and words) and body == "chest" and not is_doubtful


def _texts(figure: Figure) -> Iterator[str]:
    yield f"{figure.group[:_LONGEST]} {figure.caption[:_LONGEST]}"
    yield " ".join(sentence[:_LONGEST] for sentence in figure.mentions[:_MENTIONS])
