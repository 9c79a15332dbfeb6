"""Which panel letters a caption has, and whose words are whose.

This module owns the cutting of one caption into shared words and words of single panels. The
letters are not known beforehand: they are taken only where they make a run from "a" on. It must not
judge what a panel shows, and it drops no words: what is nobody's own is shared.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from covidxr import panelmarks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.articles import Span
    from covidxr.panelmarks import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The words on one panel.

    Parameters
    ----------
    letter : str
        As written: ``"a"``, ``"A"``, ``"ii"``.
    text : str
        Its own words, without the letter; may be empty. A letter that is named more than once has
        all its words, in order.
    """

    letter: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionParts:
    """A caption, cut by panel letters.

    Parameters
    ----------
    parts : tuple of Part
        One for each letter, in the order of letters; empty where the caption names fewer than two.
    intro : str
        What stands before the first letter, and is shared; the whole caption where `parts` is
        empty.
    closing : str
        What stands behind and is shared: abbreviations, the end of a sentence that begins with
        panels.
    style : str
        ``"bracketed"`` for "(a) text", ``"point"`` for "a. text", "a) text", "a: text" and "Panel
        a", ``"bare"`` for "a text", ``"trailing"`` for "text (a)"; empty without `parts`.
    """

    parts: tuple[Part, ...] = ()
    intro: str = ""
    closing: str = ""
    style: str = ""


# No caption of a figure is as long as a report.
_LONGEST = 20_000
_BLANK = " \t\n\r\f\v\u00a0\u2009"
_FRONT = _BLANK + ".,;:\u2013\u2014\u2212-"
_BACK = _BLANK + ",;"
_JOINS_AT_FRONT = re.compile(r"(?:and|or|as well as)\b\s{0,8}")
_JOINS_AT_END = re.compile(r"[\s,;](?:and|or|as well as)\Z")
_NO_WORD = re.compile(r"(?:\W|_|\b(?:and|or)\b)*")
_NO_LETTER = re.compile(r"[\W_]*")

# The end of a sentence; none after an initial or after these short words.
_SENTENCE = re.compile(
    r"(?<![\s(][A-Za-z])(?<!\bvs)(?<!\b[Ff]ig)(?<!\bNo)(?<!\bDr)(?<!\be\.g)(?<!\bi\.e)(?<!\bca)"
    r"(?<!\bal)[.!?][\"\u201d\u2019)\]]{0,2}(?=\s|\Z|[A-Z(])"
)

# A sentence that explains the figure and none of its panels. A word is explained where it has two
# capitals or digits, or is one of statistics.
_ABBREVIATION = r"(?:[A-Za-z]{0,12}[A-Z0-9][\w/+-]{0,12}[A-Z0-9][\w/+-]{0,12}|ns|NS|SD|\*{1,4})"
_GENERAL = re.compile(
    rf"\s{{0,8}}(?:(?i:list of )?[Aa]bbreviations?\b|{_ABBREVIATION}\s{{0,3}}(?:=|:|,\s(?=[a-z]))"
    r"|\*{1,4}\s{0,2}[Pp]\b|Reproduced\b|Adapted\b|Reprinted\b|Scale bars?\b|Error bars?\b"
    r"|All (?:panels|images|scans|scale)\b|(?:Red|Yellow|White|Black|Blue|Green)?\s?[Aa]rrow"
    r"(?:s|heads|-heads)?\s(?:indicates?|points?|denotes?|marks?|represents?)\b)"
)


def caption_parts(caption: str, bold: Sequence[Span] = ()) -> CaptionParts:
    """Cut a caption by its panel letters.

    Parameters
    ----------
    caption : str
        Flattened.
    bold : sequence of Span
        Which parts of it are bold: a bold letter that stands alone is a label.

    Returns
    -------
    CaptionParts
        Without parts where fewer than two letters make a run "a", "b" …: then nothing is certain.
    """
    if len(caption) > _LONGEST:
        return CaptionParts(intro=caption.strip())
    kind, marks = panelmarks.marks(caption, bold)
    if not marks:
        return CaptionParts(intro=caption.strip())
    if kind != "bracketed":
        return _leading(caption, marks, kind)
    stretches = _stretches(caption, marks)
    cut = [
        _trailing(text, found)
        if is_trailing
        else _within(text, found)
        if panelmarks.are_inside(text, found)
        else _leading(text, found, kind)
        for is_trailing, text, found in stretches
    ]
    if not all(each.parts for each in cut):
        return CaptionParts(intro=caption.strip())
    return cut[0] if len(cut) == 1 else _joined(cut)


def _stretches(caption: str, marks: Sequence[Mark]) -> list[tuple[bool, str, list[Mark]]]:
    """Part a caption where letters stand behind their words in one sentence and before in another.

    "Radiograph (a) and CT (b) of a child. (c) The same child after a week."
    """
    starts = [0, *(match.end() for match in _SENTENCE.finditer(caption))]
    sentences: dict[int, list[Mark]] = {}
    for mark in marks:
        sentences.setdefault(starts[bisect_right(starts, mark.start) - 1], []).append(mark)
    kinds = {start: panelmarks.are_trailing(caption, found) for start, found in sentences.items()}
    is_clear = all(
        kinds[start] or panelmarks.begins_sentence(caption, found[0])
        for start, found in sentences.items()
    )
    if not is_clear or len(set(kinds.values())) == 1:
        return [(panelmarks.are_trailing(caption, marks), caption, list(marks))]
    begins = [
        start
        for at, start in enumerate(kinds)
        if at == 0 or kinds[start] != list(kinds.values())[at - 1]
    ]
    cuts = [0, *begins[1:], len(caption)]
    return [
        (
            kinds[begin],
            caption[start:end],
            [mark.moved(-start) for mark in marks if start <= mark.start < end],
        )
        for begin, (start, end) in zip(begins, pairwise(cuts), strict=True)
    ]


def _joined(cut: Sequence[CaptionParts]) -> CaptionParts:
    texts: dict[str, list[str]] = {}
    for each in cut:
        for part in each.parts:
            texts.setdefault(part.letter, []).append(part.text)
    return CaptionParts(
        parts=tuple(
            Part(letter=letter, text=" ".join(filter(None, texts[letter])))
            for letter in panelmarks.in_order(texts)
        ),
        intro=cut[0].intro,
        closing=" ".join(
            filter(None, [*(each.intro for each in cut[1:]), *(each.closing for each in cut)])
        ),
        style="bracketed",
    )


def panel_caption(parts: CaptionParts, letter: str) -> str:
    """Give all words on one panel: the shared ones, its own, and what stands behind.

    Parameters
    ----------
    parts : CaptionParts
        The cut caption.
    letter : str
        As in :class:`Part`; a letter that the caption does not have gets the shared words.
    """
    own = " ".join(part.text for part in parts.parts if part.letter == letter)
    return " ".join(words for words in (parts.intro, own, parts.closing) if words)


# ---- letters before their words ------------------------------------------------------------------


def _leading(caption: str, found: Sequence[Mark], kind: str) -> CaptionParts:
    marks = panelmarks.beginnings(caption, found)
    intro, end, closing = _frame(caption, marks)
    begun: list[tuple[Mark, str]] = []
    for at, mark in enumerate(marks):
        last = at + 1 == len(marks)
        text = f"{mark.note} {caption[mark.end : end if last else marks[at + 1].start]}".strip()
        if last:
            others = {letter for each in marks for letter in each.letters} - set(mark.letters)
            text, general = _without_general(text, others)
            closing = f"{general} {closing}".strip()
        begun.append((mark, text))
    return CaptionParts(
        parts=_join(_shared_backwards(begun), marks), intro=intro, closing=closing, style=kind
    )


def _frame(caption: str, marks: Sequence[Mark]) -> tuple[str, int, str]:
    """Give the words before, where the last panel's end, and the words behind.

    In "Radiographs (A. frontal; B. lateral) of a child" a bracket holds all panels.
    """
    intro = caption[: marks[0].start].rstrip(_BACK)
    opened = intro[-1:] in {"(", "["} and intro[-1:]
    if not opened:
        return intro.strip(), len(caption), ""
    close = caption.find(")" if opened == "(" else "]", marks[-1].end)
    if close < 0:
        return intro[:-1].strip(), len(caption), ""
    return intro[:-1].strip(), close, caption[close + 1 :].lstrip(_FRONT).rstrip()


def _shared_backwards(found: Sequence[tuple[Mark, str]]) -> Iterator[tuple[Mark, str]]:
    """Give "(a) and (b) text" to both."""
    following = ""
    for mark, text in reversed(found):
        following = following if _NO_WORD.fullmatch(text) else text
        yield mark, following


def _without_general(text: str, others: set[str]) -> tuple[str, str]:
    """Part the last panel's words from the sentences behind that explain the whole figure."""
    sentences = _sentences(text)
    # The first sentence belongs to the letter before it, whatever it says.
    spoken = _spoken_of(others)
    general = list(
        takewhile(lambda each: _GENERAL.match(each) or spoken.search(each), reversed(sentences[1:]))
    )[::-1]
    own = sentences[: len(sentences) - len(general)]
    return "".join(own).strip(), "".join(general).strip()


def _spoken_of(letters: set[str]) -> re.Pattern[str]:
    """Recognise sentences that speak of some panels: "the arrow in B", "(a and b)"."""
    # A small "a" behind a word is an article.
    bare = (letters - {"a"}) | {"A"}
    every, other = ("|".join(map(re.escape, sorted(each))) or "(?!)" for each in (letters, bare))
    return re.compile(rf"[(\[]\s?(?:{every})\b|\b(?:in|[Pp]anels?|[Ii]mages?)\s(?:{other})\b")


def _sentences(text: str) -> list[str]:
    """Cut a text behind each sentence; joined they are the text."""
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if end > start]


def _within(caption: str, marks: Sequence[Mark]) -> CaptionParts:
    """Give each letter its sentence, and those behind; nothing where two share one."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(caption))]
    new = panelmarks.firsts(marks)
    begins = [starts[bisect_right(starts, mark.start) - 1] for mark in new]
    if len(set(begins)) < len(begins):
        return CaptionParts(intro=caption.strip())
    cuts = [*begins[1:], len(caption)]
    found = [
        (mark, f"{caption[begin : mark.start].rstrip()} {caption[mark.end : end].lstrip()}".strip())
        for mark, begin, end in zip(new, begins, cuts, strict=True)
    ]
    return CaptionParts(
        parts=_join(reversed(found), new), intro=caption[: begins[0]].strip(), style="bracketed"
    )


# ---- letters behind their words ------------------------------------------------------------------


def _trailing(caption: str, marks: Sequence[Mark]) -> CaptionParts:
    intro, start = _shared_front(caption[: marks[0].start])
    shared: list[str] = []
    found: list[tuple[Mark, str]] = []
    for at, mark in enumerate(marks):
        text = caption[start : mark.start]
        if at and (behind := _goes_on(text)):
            shared.append(text[:behind].strip(_BACK))
            text = text[behind:]
        found.append((mark, f"{text.strip()} {mark.note}".strip()))
        start = mark.end
    shared.append(caption[start:].lstrip(_FRONT).strip())
    return CaptionParts(
        parts=_join(reversed(list(_shared_forwards(found))), marks),
        intro=intro,
        closing=" ".join(filter(None, shared)),
        style="trailing",
    )


def _shared_front(text: str) -> tuple[str, int]:
    """Give what is shared before the first panel's own sentence, and where that begins."""
    sentences = _sentences(text.rstrip())
    begin = sum(map(len, sentences[:-1]))
    colon = text.rfind(": ", begin)
    begin = colon + 1 if colon >= 0 else begin
    return text[:begin].strip(), begin


def _goes_on(text: str) -> int:
    """Say how far the words behind a letter go on with its sentence, and hold for all before it.

    "Photograph (a) and radiograph (b) of the hand. The bone is intact (a)": "of the hand".
    """
    sentences = _sentences(text)
    if len(sentences) == 1 or _NO_LETTER.fullmatch(sentences[0]):
        return 0
    return sum(map(len, sentences[:-1]))


def _shared_forwards(found: Sequence[tuple[Mark, str]]) -> Iterator[tuple[Mark, str]]:
    """Give "text (a) and (b)" to both."""
    before = ""
    for mark, text in found:
        before = before if _NO_WORD.fullmatch(text) else text
        yield mark, before


# ---- both ----------------------------------------------------------------------------------------


def _join(found: Iterator[tuple[Mark, str]], marks: Sequence[Mark]) -> tuple[Part, ...]:
    """Gather each letter's words; `found` runs from the last mark to the first."""
    texts: dict[str, list[str]] = {letter: [] for mark in marks for letter in mark.letters}
    for mark, text in found:
        words = _trimmed(text)
        for letter in mark.letters:
            if words:
                texts[letter].append(words)
    return tuple(
        Part(letter=letter, text=" ".join(texts[letter][::-1]))
        for letter in panelmarks.in_order(texts)
    )


def _trimmed(text: str) -> str:
    words = text.lstrip(_FRONT)
    words = words[match.end() :] if (match := _JOINS_AT_FRONT.match(words)) else words
    return _JOINS_AT_END.sub("", words.rstrip(_BACK)).rstrip(_BACK)
