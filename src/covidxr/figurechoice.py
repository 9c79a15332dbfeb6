"""Which figures of an article are taken, and why the others are not.

This module owns the decision on words and rights, before anything is fetched. Pixels are looked at
in :mod:`covidxr.figurecut`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import figurewords, jats, panelcaptions, rights
from covidxr.figurewords import Shown

if TYPE_CHECKING:
    from covidxr.articles import Article, Figure
    from covidxr.figurewords import FigureWords
    from covidxr.panelcaptions import CaptionParts
    from covidxr.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One figure and what was decided on it.

    Parameters
    ----------
    figure : Figure
        As the article has it.
    name : str
        ``"fig2"``: what its files are named after.
    words : FigureWords
        What it shows, by its words.
    right : Right
        Under which licence; the article's where it shows no radiograph or CT.
    parts : CaptionParts
        The panels that its caption names.
    reason : str
        Why it is not taken; empty where it is.
    """

    figure: Figure
    name: str
    words: FigureWords
    right: Right
    parts: CaptionParts
    reason: str = ""

    @property
    def title(self) -> str:
        """How a person calls it."""
        return self.figure.label.rstrip(".: ") or self.figure.id

    @property
    def is_shown(self) -> bool:
        """Whether its words say that it shows a radiograph or CT."""
        return self.words.shown is not Shown.OTHER


def choose(article: Article, right: Right, *, unlicensed: bool = False) -> tuple[Choice, ...]:
    """Decide on every figure of an article.

    Parameters
    ----------
    article : Article
        Its text.
    right : Right
        Of the article as a whole.
    unlicensed : bool
        Whether what is not cleared is taken too, for private review.

    Returns
    -------
    tuple of Choice
        In the article's order.
    """
    subject = f"{article.title} {article.abstract}".strip()
    chosen: list[Choice] = []
    names: set[str] = set()
    for at, figure in enumerate(article.figures, start=1):
        words = figurewords.figure_words(figure, subject)
        # What shows no scan is not taken, whoever it belongs to.
        shown = words.shown is not Shown.OTHER
        own = rights.figure_right(right, figure) if shown else right
        name = f"fig{jats.figure_number(figure) or f'-{at}'}".lower()
        if name in names:
            name = f"{name}-{at}"
        names.add(name)
        chosen.append(
            Choice(
                figure=figure,
                name=name,
                words=words,
                right=own,
                parts=panelcaptions.caption_parts(figure.caption, figure.bold),
                reason=_reason(words, own, unlicensed=unlicensed),
            )
        )
    return tuple(chosen)


def _reason(words: FigureWords, right: Right, *, unlicensed: bool) -> str:
    if words.shown is Shown.OTHER:
        against = f": its words are of something else, “{words.against}”" if words.against else ""
        return f"its words name no radiograph or CT{against}"
    if words.body == "other":
        return f"it shows another part of the body: “{words.body_words}”"
    if not right.cleared and not unlicensed:
        return right.reason
    return ""
