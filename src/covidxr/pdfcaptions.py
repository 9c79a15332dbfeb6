"""Lines on a page of a PDF: which of them are the caption of a figure.

This module knows words, their places and their fonts alone: it opens no file and looks at no
picture. Nothing in a PDF says what a caption is; what is told here is told by place and type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.pdfwords import SAME_ROW, Box, Line, Style, Word, main_style, overlap, pieces, union

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from covidxr.articles import Span

# Springer and Wiley set up to two em between "Fig. 1" and what follows.
_LABEL_GAP = 3.0
# From top to top, in em. Captions are set with 1.1 to 1.4; what follows is 2 or more away.
_LEADING = 1.75
_LEADING_GROWS = 1.3
_LEAST_LEADING = 1.4
# Font sizes of one text differ by less in a PDF, by rounding; a caption is 0.5 to 2 pt smaller
# than the text.
_SAME_SIZE = 0.45
# Of a caption, and captions of a page: the longest one of 17 papers had 21 lines.
_MOST_LINES = 80
_MOST_CAPTIONS = 50

_MARKS = " .:|\u2013\u2014\u2500\u25a0"

_NUMBER = r"(?P<number>S?[0-9]{1,3}(?:\.[0-9]{1,2})?)"
_START = re.compile(
    r"(?:(?P<supplement>suppl(?:ement(?:ary|al)?)?\.?)\s+)?"
    r"(?:fig(?:ure)?\.?)\s*" + _NUMBER + r"(?P<mark>\s*[.:|\u2013\u2014\u2500\u25a0])?(?![0-9a-z])",
    re.IGNORECASE,
)
_START_WORDS = 4
_AGAIN = re.compile(r"[(\[]?\s*(?:continued|cont(?:['\u2019]?d)?)\b", re.IGNORECASE)
# How bold faces are named; ".B" ends the names that Springer's typesetters give.
_BOLD = re.compile(r"bold|black|heavy|semib|demi|[-_]bd\b|\.b\Z|-b\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A block of lines that begins like a caption.

    Parameters
    ----------
    number : str
        ``"1"``, ``"S2"``.
    label : str
        As printed, without what ends it: ``"Figure 1"``.
    text : str
        What follows the label, flattened.
    bold : tuple of Span
        Parts of `text` that are bold.
    box : Box
        Where the whole block stands.
    lines : tuple of Line
        The block's lines; one row may be several.
    sure : bool
        Whether its type differs from the text's. Where it does not, a sentence that happens to
        begin a paragraph with "Figure 1" looks the same.
    """

    number: str
    label: str
    text: str
    bold: tuple[Span, ...]
    box: Box
    lines: tuple[Line, ...]
    sure: bool


def captions_of(
    lines: Sequence[Line], main: Style, vocabulary: AbstractSet[str] = frozenset()
) -> tuple[Caption, ...]:
    """Find the captions of one page.

    Parameters
    ----------
    lines : sequence of Line
        Of one page, from top to bottom.
    main : tuple
        Style of the paper's text.
    vocabulary : set of str
        Words of the paper in small letters, to tell a word that was broken at the end of a line
        from one with a hyphen.

    Returns
    -------
    tuple of Caption
        From top to bottom.
    """
    starts = {index: match for index, line in enumerate(lines) if (match := _start(line))}
    found = []
    for index, match in [*starts.items()][:_MOST_CAPTIONS]:
        first = lines[index]
        if _AGAIN.match(first.text[match.end() :].lstrip(_MARKS)):
            continue
        block = _block(lines, index, starts, main)
        sure = _looks_set_apart(first, block, match, main)
        if sure or (match["mark"] and _begins_paragraph(lines, index)):
            found.append(_caption(block, vocabulary, sure=sure))
    return tuple(caption for caption in found if caption is not None)


def _start(line: Line) -> re.Match[str] | None:
    """Match a line that begins with a figure's label."""
    return _START.match(" ".join(word.text for word in line.words[: _START_WORDS + 2])[:200])


def _label_words(line: Line, match: re.Match[str]) -> int:
    """Count the words that the label takes, the last one perhaps with letters of the caption."""
    length, count = -1, 0
    while length < match.end() and count < len(line.words):
        length += len(line.words[count].text) + 1
        count += 1
    return count


def _looks_set_apart(first: Line, block: Sequence[Line], match: re.Match[str], main: Style) -> bool:
    """Tell a caption from a sentence that begins a line with "Figure 1"."""
    labels = _label_words(first, match)
    words = [word for line in block for word in line.words][labels:]
    text_style = main_style(words) if words else first.words[0].style
    if abs(text_style[1] - main[1]) > _SAME_SIZE:
        return True
    label = first.words[0].style
    if text_style[0] != main[0]:
        # A mention in bold at the end of a text in italics is no caption.
        return label[0] != main[0]
    # Journals set mentions in the text in bold as well, but not the full stop after them.
    marked = bool(match["mark"]) and first.words[labels - 1].style == label
    return label != main and marked


def _begins_paragraph(lines: Sequence[Line], index: int) -> bool:
    """Tell whether nothing stands right above a line."""
    box, size = lines[index].box, lines[index].style[1]
    return not any(
        0 < box[1] - line.box[1] <= _LEADING * size and overlap(box, line.box, 0) > 0
        for line in lines[:index]
    )


def _block(
    lines: Sequence[Line], index: int, starts: Mapping[int, re.Match[str]], main: Style
) -> tuple[Line, ...]:
    """Collect the lines of a caption below its first one."""
    row = _first_row(lines, index, starts[index])
    return _downwards(lines, row, starts, _text_size(row, starts[index]), main)


def _downwards(
    lines: Sequence[Line],
    row: list[Line],
    starts: Mapping[int, re.Match[str]],
    size: float,
    main: Style,
) -> tuple[Line, ...]:
    """Collect the rows below a first one, as long as they are set like it."""
    rows = [row]
    edges = [min(line.box[0] for line in row)]
    right = max(line.box[2] for line in row)
    leading = _LEADING * size
    while len(rows) < _MOST_LINES:
        place = rows[-1][0].words[0].middle
        below = (min(edges), place + size * SAME_ROW, right, place + leading)
        row = _next_row(lines, starts, below, edges, size)
        if not row or _is_text(row, rows, main):
            break
        if len(rows) == 1:
            step = row[0].words[0].middle - place
            leading = max(step * _LEADING_GROWS, _LEAST_LEADING * size)
        rows.append(row)
        edges.append(row[0].box[0])
        right = max(right, *(line.box[2] for line in row))
    return tuple(line for row in rows for line in row)


def _first_row(lines: Sequence[Line], index: int, match: re.Match[str]) -> list[Line]:
    """Give the first line, with what stands beyond the wide gap after a label."""
    first = lines[index]
    if _label_words(first, match) < len(first.words):
        return [first]
    reach = _LABEL_GAP * first.words[0].size
    for line in lines:
        gap = line.box[0] - first.box[2]
        if 0 <= gap <= reach and line.in_row_with(first):
            return [first, line]
    return [first]


def _text_size(row: Sequence[Line], match: re.Match[str]) -> float:
    words = [word for line in row for word in line.words]
    return main_style(words[_label_words(row[0], match) :] or words)[1] or 1.0


def _next_row(
    lines: Sequence[Line],
    starts: Mapping[int, re.Match[str]],
    below: Box,
    edges: Sequence[float],
    size: float,
) -> list[Line]:
    """Give the lines of the row below, as far as they stand in the caption's column."""
    left, high, right, low = below
    row: list[Line] = []
    for index, line in enumerate(lines):
        box, place = line.box, line.words[0].middle
        if not high <= place <= low or abs(line.style[1] - size) > _SAME_SIZE:
            continue
        if not left - 2 * size <= box[0] <= right:
            continue
        # A line may be longer than those above only where it begins at an edge of theirs: the
        # first line hangs out to the left in some journals, and may be short in all.
        begins = any(abs(box[0] - edge) <= size for edge in edges)
        if box[2] > right + size and len(edges) > 1 and not begins:
            continue
        if row and not line.in_row_with(row[0]):
            if place > row[0].words[0].middle:
                continue
            row = []
        if index in starts:
            return []
        row.append(line)
    return sorted(row, key=lambda each: each.box[0])


def _is_text(row: Sequence[Line], rows: Sequence[list[Line]], main: Style) -> bool:
    """Tell whether a row below a caption is set like the text, and the caption is not."""
    if main_style(word for line in row for word in line.words) != main:
        return False
    return all(word.style != main for each in rows for line in each for word in line.words)


def _caption(
    block: tuple[Line, ...], vocabulary: AbstractSet[str], *, sure: bool
) -> Caption | None:
    """Make a caption of its lines; None where mended text no longer begins like one."""
    parts = list(pieces(block, vocabulary))
    whole = "".join(text for text, _ in parts)
    match = _START.match(whole)
    if match is None:
        return None
    start = len(whole) - len(whole[match.end() :].lstrip(_MARKS))
    number = match["number"].upper()
    if match["supplement"] and not number.startswith("S"):
        number = f"S{number}"
    return Caption(
        number=number,
        label=whole[: match.start("mark") if match["mark"] else match.end()].strip(),
        text=whole[start:].rstrip(),
        bold=_bold(parts, block, start, len(whole.rstrip())),
        box=union(line.box for line in block),
        lines=block,
        sure=sure,
    )


def _bold(
    parts: Sequence[tuple[str, Word | None]], block: Sequence[Line], start: int, end: int
) -> tuple[Span, ...]:
    """Give the bold parts of a caption, counted from where its text begins."""
    label_font = block[0].words[0].style[0]
    text_font = main_style(word for line in block for word in line.words[1:])[0]
    # Some publishers give their fonts names that say nothing; what looks like the label, and not
    # like the caption, is bold then.
    apart = label_font if label_font != text_font else None
    spans: list[Span] = []
    place = 0
    for text, word in parts:
        here, place = place, place + len(text)
        bold = word is not None and (_BOLD.search(word.font) or word.style[0] == apart)
        left, right = max(here, start) - start, min(place, end) - start
        if not bold or left >= right:
            continue
        if spans and left - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    return tuple(spans)
