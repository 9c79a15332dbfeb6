"""Words on a page of a PDF: how they become lines, and lines a text.

This module owns words with their places and fonts, the lines that they stand in, and how a word
that was broken at the end of a line is mended. It opens no file, and it does not know what a
caption is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points, from the top left corner of the page."""

MOST_WORDS = 20_000
"""Words of a page that are looked at. The densest of a dozen papers' pages had 1,500."""

SAME_ROW = 0.45
"""How far apart the middles of two words of one row may be, in em.

A superscript rises by a third of the size; the next row is a whole line further.
"""

# In em. Gaps between the words of a justified line reach 1.0; gutters between columns begin at
# 1.5 (15 pt between columns of 10 pt type, at Springer).
_WORD_GAP = 1.2
# A line to which nothing was added for so many em gets no more words.
_FAR = 4.0
# In points: words whose middles are in one step, or in the next, may stand in one row.
_STEP = 8.0
# In em: two words that are nearer were one, in two fonts.
_TIGHT = 0.08
# A subset of a font bears six letters of its own before the name (PDF 32000-1, 9.6.4).
_SUBSET = re.compile(r"[A-Z]{6}\+")
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
    | {"\u00a0": " ", "\u2009": " ", "\u200b": "", "\x00": ""},
)
_HYPHENS = "-\u2010\u00ad"
_EDGES = ".,;:()[]\u201c\u201d\"'"
_BEGINNING = re.compile(r"\w+")
_NOT_IN_WORD = re.compile(r"[^\w\-\u2010]")

Style = tuple[str, float]
"""Font, without the letters of its subset, and size in points to a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as it stands on a page.

    Parameters
    ----------
    text : str
        Its letters; never empty.
    box : Box
        Where it stands.
    font : str
        Name of its font, as the PDF has it.
    size : float
        In points.
    """

    text: str
    box: Box
    font: str = ""
    size: float = 10.0

    @property
    def middle(self) -> float:
        """How far down the page its middle is."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def style(self) -> Style:
        """What must be equal for two words to look alike."""
        return (_SUBSET.sub("", self.font, count=1), round(self.size, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Words that stand side by side, in one column.

    Parameters
    ----------
    words : tuple of Word
        From left to right; never empty.

    Attributes
    ----------
    box : Box
        Where it stands.
    style : Style
        What most of its letters look like.
    """

    words: tuple[Word, ...]
    box: Box = field(init=False)
    style: Style = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", union(word.box for word in self.words))
        object.__setattr__(self, "style", main_style(self.words))

    @property
    def text(self) -> str:
        """The words, with blanks between."""
        return " ".join(word.text for word in self.words)

    def in_row_with(self, other: Line) -> bool:
        """Tell whether two lines stand side by side."""
        size = max(self.style[1], other.style[1])
        apart = abs(self.words[0].middle - other.words[0].middle)
        return apart <= SAME_ROW * size


def main_style(words: Iterable[Word]) -> Style:
    """Give the style of most letters; of the first of several that are equal.

    Parameters
    ----------
    words : iterable of Word
        Of a line, a page or a whole paper.

    Returns
    -------
    tuple
        ``("", 0.0)`` where there is no word.
    """
    letters: Counter[Style] = Counter()
    for word in words:
        letters[word.style] += len(word.text)
    return letters.most_common(1)[0][0] if letters else ("", 0.0)


def lines_of(words: Sequence[Word]) -> tuple[Line, ...]:
    """Put the words of a page into lines, which end at a gutter.

    Parameters
    ----------
    words : sequence of Word
        In any order; those after `MOST_WORDS` are left out.

    Returns
    -------
    tuple of Line
        From top to bottom, then from left to right.
    """
    # Rows are looked up by their height on the page in steps of 8 pt, so that a page of many words
    # does not take its square.
    open_rows: defaultdict[int, list[list[Word]]] = defaultdict(list)
    rows: list[list[Word]] = []
    for word in sorted(words[:MOST_WORDS], key=lambda each: (each.box[0], each.box[1], each.text)):
        row = _row_for(word, open_rows)
        if row is None:
            row = []
            rows.append(row)
            open_rows[_step(word)].append(row)
        row.append(word)
    lines = [Line(words=tuple(row)) for row in rows]
    return tuple(sorted(lines, key=lambda line: (line.box[1], line.box[0])))


def vocabulary_of(words: Iterable[Word]) -> frozenset[str]:
    """Give words in small letters, without the marks around them.

    Parameters
    ----------
    words : iterable of Word
        Of a whole paper.
    """
    return frozenset(word.text.strip(_EDGES).lower() for word in words)


def prose(lines: Iterable[Line], vocabulary: AbstractSet[str] = frozenset()) -> str:
    """Join lines to one text, with broken words mended.

    Parameters
    ----------
    lines : iterable of Line
        In the order of reading.
    vocabulary : set of str
        Words of the paper in small letters.
    """
    return "".join(text for text, _ in pieces(lines, vocabulary)).strip()


def clean(text: str) -> str:
    """Give a text with ligatures in letters and without what is invisible."""
    return text.translate(_LIGATURES)


def overlap(first: Box, second: Box, axis: int) -> float:
    """Give how many points two boxes share along an axis; negative for the gap between them.

    Parameters
    ----------
    first, second : Box
        Two places on a page.
    axis : int
        0 from left to right, 1 from top to bottom.
    """
    return min(first[axis + 2], second[axis + 2]) - max(first[axis], second[axis])


def union(boxes: Iterable[Box]) -> Box:
    """Give the smallest box that holds all; at least one is needed."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def pieces(
    lines: Iterable[Line], vocabulary: AbstractSet[str] = frozenset()
) -> Iterator[tuple[str, Word | None]]:
    """Give the parts of `prose`, one by one.

    Parameters
    ----------
    lines : iterable of Line
        In the order of reading.
    vocabulary : set of str
        Words of the paper in small letters.

    Yields
    ------
    tuple of str and Word or None
        A word as the text has it, with the word of the page; or the blank between two.
    """
    words = [(word, index == 0) for line in lines for index, word in enumerate(line.words)]
    broken = False
    for number, (word, begins) in enumerate(words):
        after, breaks = words[number + 1] if number + 1 < len(words) else (None, False)
        text = clean(word.text)
        if number and not broken and (begins or not _tight(words[number - 1][0], word)):
            yield " ", None
        broken = after is not None and breaks and text[-1:] != "" and text[-1] in _HYPHENS
        if broken and after is not None:
            text = _mended(text, clean(after.text), vocabulary)
        yield text, word


def _tight(word: Word, after: Word) -> bool:
    """Tell whether two words are one, in two fonts."""
    return after.box[0] - word.box[2] < _TIGHT * after.size


def _step(word: Word) -> int:
    return int(word.middle // _STEP)


def _row_for(word: Word, open_rows: dict[int, list[list[Word]]]) -> list[Word] | None:
    """Find the line that a word goes on; words come from left to right."""
    found: list[tuple[float, list[Word]]] = []
    reach = 1 + int(min(word.size, 10 * _STEP) // (2 * _STEP))
    for step in range(_step(word) - reach, _step(word) + reach + 1):
        rows = open_rows.get(step)
        if not rows:
            continue
        # Nothing that comes later can stand nearer to a line that ended so far to the left.
        rows[:] = [row for row in rows if word.box[0] - row[-1].box[2] <= _FAR * row[-1].size]
        found += [(abs(word.box[0] - row[-1].box[2]), row) for row in rows if _goes_on(row, word)]
    return min(found, key=lambda each: each[0])[1] if found else None


def _goes_on(row: list[Word], word: Word) -> bool:
    """Tell whether a word is the next one of a line."""
    last, size = row[-1], max(word.size, row[-1].size)
    near = -size / 2 < word.box[0] - last.box[2] <= _WORD_GAP * size
    return near and abs(word.middle - row[0].middle) <= SAME_ROW * size


def _mended(text: str, following: str, vocabulary: AbstractSet[str]) -> str:
    """Take the hyphen off a word that was broken; keep it where the word has one."""
    if text[-1] == "\u00ad":
        return text[:-1]
    if not following[:1].islower():
        return text
    letters = _BEGINNING.match(following)
    tail = letters[0] if letters else ""
    head = _NOT_IN_WORD.split(text[:-1])[-1]
    whole, hyphened = (head + tail).lower(), f"{head}-{tail}".lower()
    if hyphened in vocabulary and whole not in vocabulary:
        return text
    return text[:-1]
