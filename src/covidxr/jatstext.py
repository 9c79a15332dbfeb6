"""The text of an article: its markup flattened into one line, and that cut into sentences.

This module owns which elements are blocks, which are no text at all, and where a sentence ends. It
must not know about figures: what a cross-reference points to is told by its ids alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr.jatstree import attribute, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.articles import Span
    from covidxr.jatstree import Element

# Elements that stand apart on the page; a blank parts them from what is around.
_BLOCKS = frozenset((
    "abstract", "break", "caption", "copyright-holder", "copyright-statement", "def",
    "def-item", "def-list", "disp-formula", "disp-formula-group", "disp-quote", "kwd", "label",
    "license", "license-p", "license_ref", "list", "list-item", "p", "preformat", "sec",
    "speech", "statement", "subtitle", "table", "tbody", "td", "term", "th", "thead", "title",
    "tr", "verse-group", "verse-line",
))  # fmt: skip
# What floats beside the text that it stands in: a blank parts what is before and behind.
_FLOATS = frozenset((
    "boxed-text", "fig", "fig-group", "fn-group", "graphic", "media", "supplementary-material",
    "table-wrap", "table-wrap-group",
))  # fmt: skip
# Second copies of a formula or picture, notes, and what is not printed.
_NO_TEXT = frozenset((
    "alt-text", "annotation", "annotation-xml", "contrib-group", "contrib-id", "fn",
    "index-term", "inline-graphic", "inline-media", "long-desc", "object-id", "tex-math",
))  # fmt: skip
# References that print a mark and no word: "*", "1", "†".
_MARKS = frozenset(("aff", "author-notes", "contrib", "corresp", "fn", "table-fn"))
_AROUND_MARKS = " \t\r\n,;-–—[]()*"

# Words before a full stop that ends no sentence, by what is usual in medical English; the list is
# not measured. "no" and "etc" may also be the last word of a sentence; a number after them says
# that they are not.
_SHORTENED = frozenset((
    "al", "approx", "ca", "cf", "dept", "dr", "e.g", "eds", "eq", "eqs", "fig", "figs", "i.e",
    "incl", "inc", "mr", "mrs", "ms", "p", "pp", "prof", "ref", "refs", "resp", "sec", "st",
    "suppl", "supp", "tab", "tabs", "tbl", "viz", "vol", "vs",
))  # fmt: skip
_SHORTENED_BEFORE_NUMBERS = frozenset(("etc", "no", "nos"))
_END = re.compile(r"[.!?…][\"'”’)\]]{0,4} (?=[\"'“‘(\[]{0,4}[^\W_a-z])")
_LONGEST_WORD = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A cross-reference within a text.

    Parameters
    ----------
    span : Span
        Where its words stand.
    ids : tuple of str
        What it points to.
    """

    span: Span
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A piece of an article in one line.

    Parameters
    ----------
    text : str
        Without markup; blanks are single.
    bold : tuple of Span
        Which parts are bold, in order.
    references : tuple of Reference
        Its cross-references, in order.
    """

    text: str = ""
    bold: tuple[Span, ...] = ()
    references: tuple[Reference, ...] = ()


def flatten(element: Element | None) -> Text:
    """Write an element as one line.

    Blocks are parted by a blank and blanks are single. Marks of footnotes go, and so do raised
    numbers of the literature, which would stick to the word before; all other words stay.

    Parameters
    ----------
    element : Element or None
        Nothing is an empty text.

    Returns
    -------
    Text
        Line, bold parts and cross-references.
    """
    writer = _Writer()
    if element is not None:
        writer.inside(element)
    return writer.text()


def plain(element: Element | None) -> str:
    """Write an element as one line, see `flatten`."""
    return flatten(element).text


def sentences(text: str) -> Iterator[Span]:
    """Find the sentences of a text.

    Parameters
    ----------
    text : str
        One line, blanks single.

    Yields
    ------
    Span
        One sentence, without the blank behind. Where in doubt two sentences stay one.
    """
    start = 0
    for match in _END.finditer(text):
        if not _is_shortened(text, match):
            yield start, match.end() - 1
            start = match.end()
    if start < len(text):
        yield start, len(text)


def _is_shortened(text: str, match: re.Match[str]) -> bool:
    """Tell whether the full stop belongs to the word before it: "Fig.", "J."."""
    if text[match.start()] != ".":
        return False
    word = text[max(0, match.start() - _LONGEST_WORD) : match.start()]
    word = word.rpartition(" ")[2].lstrip("([\"'“‘")
    if len(word.rpartition(".")[2]) == 1 and word[-1].isalpha():
        return True
    if word.casefold() in _SHORTENED_BEFORE_NUMBERS:
        return text[match.end()].isdigit()
    return word.casefold() in _SHORTENED


@dataclass(slots=True)
class _Writer:
    """A line while it is written."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _blank: bool = False
    _bold_depth: int = 0
    _bold: list[Span] = field(default_factory=list)
    _references: list[Reference] = field(default_factory=list)

    def text(self) -> Text:
        return Text(
            text="".join(self._parts), bold=tuple(self._bold), references=tuple(self._references)
        )

    def inside(self, element: Element) -> None:
        # The parser refuses what is nested deeper than 256, so this may call itself.
        self._add(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child)
            elif is_reference(child):
                self._add(child.text)
            self._add(child.tail)

    def _element(self, element: Element) -> None:
        tag = element.tag
        if tag in _NO_TEXT:
            return
        if tag in _FLOATS:
            self._blank = True
        elif tag == "xref":
            self._reference(element)
        elif tag == "bold" or (tag == "styled-content" and "bold" in attribute(element, "style")):
            self._emphasis(element)
        elif tag in _BLOCKS:
            self._blank = True
            self.inside(element)
            self._blank = True
        elif tag != "sup" or not _is_mark(element):
            self.inside(element)

    def _emphasis(self, element: Element) -> None:
        before = self._length, len(self._parts)
        self._bold_depth += 1
        self.inside(element)
        self._bold_depth -= 1
        span = self._since(before)
        if self._bold_depth == 0 and span[0] < span[1]:
            self._bold.append(span)

    def _reference(self, element: Element) -> None:
        if attribute(element, "ref-type") in _MARKS or _is_raised(element):
            return
        before = self._length, len(self._parts)
        self.inside(element)
        # One without words still cites what it points to.
        ids = tuple(attribute(element, "rid").split())
        self._references.append(Reference(span=self._since(before), ids=ids))

    def _since(self, before: tuple[int, int]) -> Span:
        """Give where everything stands that was written since, without a blank in front."""
        start, parts = before
        blank = parts < len(self._parts) and self._parts[parts] == " "
        return start + blank, self._length

    def _add(self, text: str | None) -> None:
        if not text:
            return
        words = text.split()
        if not words:
            self._blank = True
            return
        if (self._blank or text[0].isspace()) and self._length:
            self._put(" ")
        self._put(" ".join(words))
        self._blank = text[-1].isspace()

    def _put(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)


def _is_mark(sup: Element) -> bool:
    """Tell whether all that is raised are references: "1,2", "[3–5]"."""
    found = False
    around = sup.text or ""
    for child in sup:
        if child.tag != "xref" or attribute(child, "ref-type") in ("fig", "table"):
            return False
        found = True
        around += child.tail or ""
    return found and not around.strip(_AROUND_MARKS)


def _is_raised(xref: Element) -> bool:
    """Tell whether a reference to the literature prints a raised number and nothing else."""
    return (
        attribute(xref, "ref-type") == "bibr"
        and not (xref.text or "").strip()
        and len(xref) > 0
        and all(child.tag == "sup" and not (child.tail or "").strip() for child in xref)
    )
