"""Where a caption names its panels: "(a)", "A.", "b, c Text", "text (d)", "(ii)".

This module owns the finding of letters and the decision on which of them are labels. It must not
give words to letters: :mod:`covidxr.panelcaptions` does. A letter alone says little ("(t)", "A
35-year-old"), so letters count only where those of one style and case make a run from the first on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from covidxr.articles import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One place where a caption names panels.

    Parameters
    ----------
    start, end : int
        Where it begins and ends in the caption.
    letters : tuple of str
        As written, ranges filled in: ``("a", "b", "c")`` for "(a–c)".
    note : str
        What its bracket says besides, as in "(a, axial)"; with brackets, or empty.
    """

    start: int
    end: int
    letters: tuple[str, ...]
    note: str = ""

    def moved(self, by: int) -> Mark:
        """Give the same label in a text that begins `by` characters earlier."""
        return replace(self, start=self.start + by, end=self.end + by)


_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_DASH = "[-\u2010-\u2015\u2212]"
_SEPARATOR = rf"(?:\s?[,;&/]\s?(?:(?:and|&)\s)?|\s?{_DASH}\s?|\s(?:and|to|or)\s)"


def _list_of(letter: str, further: str = "") -> str:
    return rf"{letter}(?:{_SEPARATOR}{further or letter}){{0,25}}"


# An "a" that is not the first of a list is an article: "a, a large nodule".
_LETTERS = rf"(?:{_list_of('[a-z]', '[b-z]')}|{_list_of('[A-Z]', '[B-Z]')})"
_NUMERALS = _list_of(f"(?:{'|'.join(sorted(_ROMAN, key=len, reverse=True))})")
_PREFIX = (
    r"(?:(?:[Pp]anels?|[Pp]arts?|[Ii]mages?)\s|[Ff]ig(?:ure|s)?\b\.?\s?[0-9]{1,2}\s?|[0-9]{1,2})"
)
_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"


def _in_brackets(letters: str) -> str:
    note = r",\s(?P<note>[^()\[\]]{1,80})"
    return rf"[(\[]\s?{_PREFIX}?(?P<letters>{letters})\s?(?:{note})?[)\]]"


_BRACKETED = re.compile(_in_brackets(_LETTERS))
_BRACKETED_NUMERALS = re.compile(rf"(?i:{_in_brackets(_NUMERALS)})")
# "A. Text", "A) text", "A: text", "A – text", "(A, text; B, text)"; "Panel A shows", "In panels B
# and C, …".
_POINT = re.compile(
    rf"{_BEGIN}(?:{_PREFIX}?(?P<letters>{_LETTERS})"
    rf"(?P<sign>[.):]{{1,2}}|(?<=[(\[;]\w),|(?<=;\s\w),|\s{_DASH}{{1,2}}(?=\s))(?=[\s\"\u201cA-Z0-9(]|\Z)"
    rf"|(?:In\s)?(?:[Pp]anels?|[Ii]mages?)\s(?P<named>{_LETTERS}){_END}[.,:)]{{0,2}})"
)
# "a, b A woman …": before a capital or a digit; "a, text": no article stands before a comma.
_BARE = re.compile(rf"{_BEGIN}(?P<letters>{_LETTERS})(?P<comma>,?)\s(?=[\"\u201c(]?(?P<next>\w))")
_BOLD_LETTERS = re.compile(rf"\s{{0,4}}(?P<letters>{_LETTERS})[\s.,:;]{{0,4}}")
_BETWEEN_BOLD = re.compile(_SEPARATOR)

# Not the point of "Allium cepa L. (a)".
_SENTENCE_BEFORE = re.compile(r"(?:\A|(?<![^\w.][A-Z])[.:;!?][\"\u201d\u2019)\]]?)\s{0,8}\Z")
_SENTENCE_BEFORE_WORD = re.compile(r"(?:\A|[.:!?])\s{0,8}\Z")
_BREAK_BEFORE = re.compile(
    r"(?:\A|(?<![^\w.][A-Z])[.:;,!?(\[][\"\u201d\u2019)\]]?|(?:\A|[\s,;)\]])(?:and|or))\s{0,8}\Z"
)
# Words that a label follows and that no label follows up: "images of (a) the left lung and (b) …".
_LEADS_IN = re.compile(
    r"(?i)(?:\A|[\s,;:.(\[])(?:and|or|of|in|on|with|for|from|at|by|show(?:s|n|ing)?|reveal(?:s|ing)?"
    r"|demonstrat(?:es|ed|ing)|is|are|was|were|the|a|an|both|include[sd]?)\s{0,8}\Z"
)
_BEHIND = re.compile(r"\s{0,8}(?:[.;,)\]]|\Z|(?:and|or|e|y|et|und)\b)")
_OWNER = re.compile(r"\s{0,4}(?:Copyright|by\b|[12][0-9]{3}\b|The Author)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]")
_LOOK_BACK = 24
_FEWEST = 2


def marks(caption: str, bold: Sequence[Span] = ()) -> tuple[str, tuple[Mark, ...]]:
    """Find the labels of a caption.

    Parameters
    ----------
    caption : str
        Flattened.
    bold : sequence of Span
        Its bold parts.

    Returns
    -------
    str
        ``"bracketed"``, ``"point"`` or ``"bare"``; empty where there are none.
    tuple of Mark
        In the order of the caption; a letter may be named more than once.
    """
    bracketed, point = _bracketed(caption), _pointed(caption)
    named = [
        (kind, _best_run(found))
        for kind, found in (
            ("bracketed", bracketed),
            ("point", point),
            ("bare", _bold_marks(caption, bold)),
            ("bracketed", _numerals(caption)),
        )
    ]
    kind, best = max(named, key=lambda each: (_length(each[1]), -_first(each[1])))
    for other in (("bare", _bare(caption)), ("point", sorted([*bracketed, *point], key=_start))):
        run = _best_run(other[1])
        if _length(run) > _length(best):
            kind, best = other[0], run
    return (kind, tuple(best)) if best else ("", ())


def in_order(letters: Iterable[str]) -> list[str]:
    """Sort the letters, or the numerals, of one run.

    Parameters
    ----------
    letters : iterable of str
        As in :class:`Mark`.
    """
    named = set(letters)
    return sorted(named, key=_order(named).index)


def are_trailing(caption: str, found: Sequence[Mark]) -> bool:
    """Whether bracketed labels stand behind their words, "text (a), text (b)", and not before.

    Parameters
    ----------
    caption : str
        The caption.
    found : sequence of Mark
        Its labels.
    """
    votes = 0
    for mark in found:
        before = _before(caption, mark.start)
        if _BREAK_BEFORE.search(before) or _LEADS_IN.search(before):
            votes -= 1
        elif _BEHIND.match(caption, mark.end):
            votes += 1
    if begins_sentence(caption, found[0]):
        return False
    return votes > 0 or (votes == 0 and not _WORD.search(caption, found[-1].end))


def are_inside(caption: str, found: Sequence[Mark]) -> bool:
    """Whether labels stand within their sentences: "The X-ray (A) shows …. The CT (B) shows …"."""
    new = firsts(found)
    return not begins_sentence(caption, new[0]) and any(
        not _BREAK_BEFORE.search(before) and not _LEADS_IN.search(before)
        for before in (_before(caption, mark.start) for mark in new[1:])
    )


def firsts(found: Sequence[Mark]) -> list[Mark]:
    """Give the marks that name a letter for the first time, in order."""
    seen: set[str] = set()
    new: list[Mark] = []
    for mark in found:
        if not seen.issuperset(mark.letters):
            new.append(mark)
            seen.update(mark.letters)
    return new


def begins_sentence(caption: str, mark: Mark) -> bool:
    """Whether a label stands where a sentence begins.

    Parameters
    ----------
    caption : str
        The caption.
    mark : Mark
        One of its labels.
    """
    return _SENTENCE_BEFORE.search(_before(caption, mark.start)) is not None


def beginnings(caption: str, found: Sequence[Mark]) -> tuple[Mark, ...]:
    """Leave the labels that words follow; a panel that is spoken of ("as in (c)") begins none.

    Parameters
    ----------
    caption : str
        The caption.
    found : sequence of Mark
        Its labels.
    """
    good = [_BREAK_BEFORE.search(_before(caption, mark.start)) is not None for mark in found]
    begun = {
        letter
        for mark, is_good in zip(found, good, strict=True)
        if is_good
        for letter in mark.letters
    }
    seen: set[str] = set()
    kept = []
    for mark, is_good in zip(found, good, strict=True):
        is_new = not seen.issuperset(mark.letters)
        if is_new:
            keep = is_good or not begun.issuperset(mark.letters)
        else:
            keep = begins_sentence(caption, mark)
        if keep:
            kept.append(mark)
            seen |= set(mark.letters)
    return tuple(kept)


# ---- candidates ----------------------------------------------------------------------------------


def _bracketed(caption: str) -> list[Mark]:
    found = []
    for match in _BRACKETED.finditer(caption):
        if match["letters"] in {"c", "C"} and _OWNER.match(caption, match.end()):
            continue
        note = f"({match['note'].strip()})" if match["note"] else ""
        found.append(
            Mark(start=match.start(), end=match.end(), letters=_filled(match["letters"]), note=note)
        )
    return found


def _numerals(caption: str) -> list[Mark]:
    return [
        Mark(start=match.start(), end=match.end(), letters=_filled_numerals(match["letters"]))
        for match in _BRACKETED_NUMERALS.finditer(caption)
    ]


def _pointed(caption: str) -> list[Mark]:
    unopened = _unopened(caption)
    found = []
    for match in _POINT.finditer(caption):
        sign = match["sign"] or ""
        if sign.startswith(")"):
            begins = match.end("letters") in unopened
        else:
            begins = _BREAK_BEFORE.search(_before(caption, match.start())) is not None
        if begins:
            letters = _filled(match["letters"] or match["named"])
            found.append(Mark(start=match.start(), end=match.end(), letters=letters))
    return found


def _unopened(caption: str) -> set[int]:
    """Find round brackets that close nothing."""
    depth = 0
    found = set()
    for match in re.finditer(r"[()]", caption):
        if match[0] == "(":
            depth += 1
        elif depth:
            depth -= 1
        else:
            found.add(match.start())
    return found


def _bare(caption: str) -> list[Mark]:
    found = []
    for match in _BARE.finditer(caption):
        before = _before(caption, match.start())
        follows = match["next"]
        is_label = _SENTENCE_BEFORE.search(before) is not None and (
            bool(match["comma"]) or follows.isupper() or follows.isdigit()
        )
        # No sentence begins with a small letter.
        is_label |= (
            match["letters"][0].islower() and _SENTENCE_BEFORE_WORD.search(before) is not None
        )
        if is_label:
            end = match.end("comma")
            letters = _filled(match["letters"])
            found.append(Mark(start=match.start(), end=end, letters=letters))
    return found


def _bold_marks(caption: str, bold: Sequence[Span]) -> list[Mark]:
    """Take bold letters that stand alone and in no bracket; "a"–"c" is one label."""
    spans: list[Span] = []
    for start, end in sorted(bold):
        if not 0 <= start < end <= len(caption) or not _BOLD_LETTERS.fullmatch(caption, start, end):
            continue
        if spans and _BETWEEN_BOLD.fullmatch(caption, spans[-1][1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    found = []
    for start, end in spans:
        match = _BOLD_LETTERS.fullmatch(caption, start, end)
        if match and caption[:start].rstrip()[-1:] not in {"(", "["}:
            letters = _filled(match["letters"])
            found.append(Mark(start=start, end=match.end("letters"), letters=letters))
    return found


def _before(caption: str, at: int) -> str:
    return caption[max(0, at - _LOOK_BACK) : at] if at > _LOOK_BACK else caption[:at]


def _filled(text: str) -> tuple[str, ...]:
    """Read "a", "a, c–e", "b and c"; a range that runs backwards has its ends alone."""
    names = re.findall(r"(?<![^\W_])[A-Za-z](?![^\W_])", text)
    gaps = re.split(r"(?<![^\W_])[A-Za-z](?![^\W_])", text)[1:-1]
    letters = [names[0]]
    for gap, name in zip(gaps, names[1:], strict=True):
        if re.search(rf"{_DASH}|\bto\b", gap):
            letters += [chr(code) for code in range(ord(letters[-1]) + 1, ord(name))]
        letters.append(name)
    return tuple(dict.fromkeys(letters))


def _filled_numerals(text: str) -> tuple[str, ...]:
    names = re.findall(r"[ivxIVX]+", text)
    gaps = re.split(r"[ivxIVX]+", text)[1:-1]
    letters = [names[0]]
    for gap, name in zip(gaps, names[1:], strict=True):
        if re.search(rf"{_DASH}|\bto\b", gap):
            run = _ROMAN[_ROMAN.index(letters[-1].lower()) + 1 : _ROMAN.index(name.lower())]
            letters += [each.upper() if name.isupper() else each for each in run]
        letters.append(name)
    return tuple(dict.fromkeys(letters))


# ---- runs ----------------------------------------------------------------------------------------


def _best_run(found: Sequence[Mark]) -> list[Mark]:
    """Leave the labels of the longest run from the first letter on, in one case."""
    runs = [
        _run([mark for mark in found if mark.letters[0].islower() == is_small])
        for is_small in (True, False)
    ]
    return max(runs, key=lambda run: (_length(run), -_first(run)))


def _run(found: Sequence[Mark]) -> list[Mark]:
    named = {letter for mark in found for letter in mark.letters}
    order = _order(named)
    length = 0
    while length < len(order) and order[length] in named:
        length += 1
    run = set(order[:length])
    return [mark for mark in found if run.issuperset(mark.letters)] if length >= _FEWEST else []


def _order(named: set[str]) -> list[str]:
    """Give the letters, or the numerals, that a run goes through."""
    if any(len(letter) > 1 for letter in named):
        small = any(letter.islower() for letter in named)
        return _ROMAN if small else [numeral.upper() for numeral in _ROMAN]
    small = all(letter.islower() for letter in named)
    return [chr(code) for code in range(ord("a" if small else "A"), ord("z" if small else "Z") + 1)]


def _length(run: Iterable[Mark]) -> int:
    return len({letter for mark in run for letter in mark.letters})


def _first(run: Sequence[Mark]) -> int:
    return run[0].start if run else 0


def _start(mark: Mark) -> tuple[int, int]:
    return mark.start, -mark.end
