"""How well the source alone predicts a label across a split: what a model could learn instead.

This module is arithmetic on sources and answers; it knows no table. A share of right answers that
the source alone reaches is no sign that anything in an image was seen. Source: DeGrave, Janizek and
Lee, "AI for radiographic COVID-19 detection selects shortcuts over signal", Nature Machine
Intelligence 3 (2021), doi:10.1038/s42256-021-00338-7.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Answers = Sequence[tuple[str, bool]]
    """Of each image its source, and whether it has the label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """What is guessed of one label in one part from the source alone.

    Parameters
    ----------
    label, part : str
        What is guessed, and where.
    images : int
        Images of the part whose finding is read.
    having : int
        Those of them that have the label.
    commonest : float
        Share of right answers where all get the commoner answer of the training images, 0 to 1.
    by_source : float
        Share of right answers where each gets the commoner answer of the training images of its
        source, and the commoner one of all where these are none or even.
    balanced : float or None
        Mean of the shares of right answers among those with and those without the label; 0.5 is
        what guessing without looking gives. None where one of them is nobody.
    auc : float or None
        Chance that an image with the label comes from a source with a greater share of it in
        training than one without; 0.5 is none. None as for `balanced`.
    """

    label: str
    part: str
    images: int
    having: int
    commonest: float
    by_source: float
    balanced: float | None
    auc: float | None


def shortcut(label: str, part: str, training: Answers, tested: Answers) -> Shortcut | None:
    """Learn from the training images of each source and answer for the tested ones.

    Returns
    -------
    Shortcut or None
        None where nothing is trained or tested on.
    """
    if not training or not tested:
        return None
    seen: Counter[str] = Counter(source for source, _ in training)
    with_it: Counter[str] = Counter(source for source, has in training if has)
    overall = with_it.total() / len(training)
    shares = {source: with_it[source] / count for source, count in seen.items()}
    scored = [(shares.get(source, overall), has) for source, has in tested]
    common = overall > 0.5  # noqa: PLR2004 - the commoner answer
    guessed = [(common if share == 0.5 else share > 0.5, has) for share, has in scored]  # noqa: PLR2004
    having = sum(has for _, has in tested)
    without = len(tested) - having
    hits = sum(guess and has for guess, has in guessed)
    rejections = sum(not guess and not has for guess, has in guessed)
    both = having > 0 < without
    return Shortcut(
        label=label,
        part=part,
        images=len(tested),
        having=having,
        commonest=(having if common else without) / len(tested),
        by_source=(hits + rejections) / len(tested),
        balanced=(hits / having + rejections / without) / 2 if both else None,
        auc=_auc(scored, having * without) if both else None,
    )


def _auc(scored: Iterable[tuple[float, bool]], pairs: int) -> float:
    """Share of pairs in the right order, even ones counted half (Mann and Whitney, 1947)."""
    counts: dict[float, list[int]] = {}
    for score, has in scored:
        counts.setdefault(score, [0, 0])[has] += 1
    below, right = 0, 0.0
    for score in sorted(counts):
        without, having = counts[score]
        right += having * (below + without / 2)
        below += without
    return right / pairs
