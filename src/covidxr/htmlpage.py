"""Read HTML: parse it, find what a generation of markup names, turn elements into clean text.

This module owns all use of BeautifulSoup. It knows no site: selectors stand in the sources. Pages
are anybody's text: nothing in them is run or fetched.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from bs4 import Tag as Tag  # noqa: PLC0414 - what the sources name it by
from bs4.element import NavigableString, PageElement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# No-break spaces become blanks; characters of no width and byte order marks go.
_BLANKS = {
    **dict.fromkeys((0x00A0, 0x2007, 0x202F, 0x2009, 0x200A), " "),
    **dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), None),
}
# Elements that begin a line of their own when a page is shown.
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure"}
    | {"footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"}
    | {"p", "pre", "section", "table", "td", "th", "tr", "ul"}
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
# Encoding Standard, 4.2: pages that name ASCII or Latin-1 are written in windows-1252. HTML Living
# Standard, 13.2.3.2: a name that could be read is not in UTF-16. The others are no encodings of
# pages but Python's own, and some of them raise whatever is said of errors.
_MEANT = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("utf-7", "utf-16", "utf-16-le", "utf-16-be"), "utf-8"),
    **dict.fromkeys(("utf-32", "utf-32-le", "utf-32-be", "idna", "punycode"), "utf-8"),
    **dict.fromkeys(("unicode-escape", "raw-unicode-escape", "undefined"), "utf-8"),
}
_XML_DECLARATION = re.compile(r"\A(?:[\ufeff\s]*<\?xml[^>]*(?:>|\Z))+", re.IGNORECASE)
_UNSEEN = frozenset(("script", "style", "template", "noscript", "head"))
# HTML Living Standard, 4.8.4.2.1: an address may hold commas, and one at its end ends it.
_CANDIDATE = re.compile(r"(?P<address>[^\s,]\S*)(?:(?<=,)|(?P<size>[^,]*))")
_SIZE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)[wx]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """One generation of a site's pages.

    Parameters
    ----------
    years : str
        When it was seen, such as ``"2020 to 2022"``.
    selectors : mapping of str to str
        From what is looked for to a CSS selector.
    """

    years: str
    selectors: Mapping[str, str]


def parse(body: bytes | str) -> BeautifulSoup:
    """Parse a page, whatever state its markup is in.

    Parameters
    ----------
    body : bytes or str
        Bytes are read in the encoding of their byte order mark, else in the one that the page
        names, else as UTF-8: none is ever guessed from the letters.
    """
    text = body if isinstance(body, str) else _decoded(body)
    # lxml takes no lone surrogates; what has no markup at all is text, not the name of a file.
    safe = text.encode("utf-8", "replace").decode()
    # XHTML is read as HTML, and bs4 need not warn of it.
    safe = _XML_DECLARATION.sub("", safe)
    return BeautifulSoup(safe if "<" in safe else f"<p>{safe}</p>", "lxml")


def _decoded(body: bytes) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    # HTML Living Standard, 4.2.5.4: the encoding is named within the first 1,024 bytes.
    named = _CHARSET.search(body[:1024])
    try:
        known = codecs.lookup(named[1].decode("ascii")).name if named else "utf-8"
        return body.decode(_MEANT.get(known, known), "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def pick(root: Tag, generations: Iterable[Markup], name: str) -> tuple[list[Tag], str]:
    """Find elements by the first generation of markup that has any.

    Parameters
    ----------
    root : Tag
        Where to look.
    generations : iterable of Markup
        Newest first.
    name : str
        Key of their selectors; a generation without it is passed over.

    Returns
    -------
    list of Tag
        In the page's order; empty where no generation matches.
    str
        Years of the generation that matched; empty where none did.
    """
    for generation in generations:
        selector = generation.selectors.get(name)
        if selector and (found := root.select(selector)):
            return list(found), generation.years
    return [], ""


def first_of(root: Tag, *selectors: str) -> Tag | None:
    """Find the first element of the first selector that matches, or None."""
    for selector in selectors:
        if found := root.select_one(selector):
            return found
    return None


def all_of(root: Tag, *selectors: str) -> list[Tag]:
    """Find all elements of the first selector that matches any."""
    for selector in selectors:
        if found := root.select(selector):
            return list(found)
    return []


def clean(text: str) -> str:
    """Fold blanks of every kind into single ones and take off those around; one line."""
    return " ".join(text.translate(_BLANKS).split())


def text_of(node: Tag | None) -> str:
    """Give what a reader sees of an element: one line a block, blanks folded, no empty lines.

    Returns
    -------
    str
        Empty for None.
    """
    if node is None:
        return ""
    parts: list[str] = []
    _collect(node, parts)
    lines = ("".join(parts)).split("\n")
    return "\n".join(filter(None, map(clean, lines)))


def _collect(node: Tag, parts: list[str]) -> None:
    """Walk without recursion, however deep a page nests; None is the end of a block."""
    waiting: list[PageElement | None] = list(reversed(node.contents))
    while waiting:
        child = waiting.pop()
        if child is None:
            parts.append("\n")
        elif isinstance(child, Tag) and child.name not in _UNSEEN:
            if child.name in _BLOCKS:
                parts.append("\n")
                waiting.append(None)
            waiting.extend(reversed(child.contents))
        elif type(child) is NavigableString:
            parts.append(re.sub(r"\s+", " ", child))


def meta(root: Tag, name: str) -> str:
    """Content of the first ``<meta>`` whose name or property is `name`, cleaned; else empty."""
    for attribute in ("property", "name"):
        found = root.find("meta", attrs={attribute: name})
        if isinstance(found, Tag) and isinstance(content := found.get("content"), str):
            return clean(content)
    return ""


def address(node: Tag | None, base: str, *attributes: str) -> str:
    """Give the absolute address in the first of some attributes that holds a usable one.

    Parameters
    ----------
    node : Tag or None
        Such as an ``<img>``.
    base : str
        The page's address.
    *attributes : str
        In order of preference, such as ``"data-src", "src"``.

    Returns
    -------
    str
        http or https, or of the scheme ``saved`` (a file beside a saved page), without fragment;
        empty where there is none: placeholders in ``data:`` and scripts are no addresses.
    """
    if node is None:
        return ""
    for attribute in attributes:
        value = node.get(attribute)
        if not isinstance(value, str) or not value.strip() or value.strip().startswith("#"):
            continue
        try:
            joined = urljoin(base, value.strip())
            if urlsplit(joined).scheme in {"http", "https", "saved"}:
                return joined.partition("#")[0]
        except ValueError:
            # Brackets that are no IPv6 address, and the like.
            continue
    return ""


def srcset(node: Tag | None, base: str) -> tuple[str, ...]:
    """Give the addresses of a ``srcset`` or ``data-srcset``, largest first.

    Source: HTML Living Standard, 4.8.4.2.1: address, blank, and a width such as ``1024w`` or a
    density such as ``2x``; candidates parted by commas.
    """
    if node is None:
        return ()
    value = node.get("data-srcset") or node.get("srcset")
    if not isinstance(value, str):
        return ()
    found: list[tuple[float, str]] = []
    for each in _CANDIDATE.finditer(value):
        size = _size(each["size"] or "")
        try:
            joined = urljoin(base, each["address"].rstrip(","))
            if size is not None and urlsplit(joined).scheme in {"http", "https", "saved"}:
                found.append((size, joined))
        except ValueError:
            continue
    return tuple(each[1] for each in sorted(found, key=lambda each: -each[0]))


def _size(words: str) -> float | None:
    """Read a width or a density; 1 where there is none, None where it is neither."""
    first, *_ = words.split() or ["1x"]
    size = _SIZE.fullmatch(first)
    return float(size[1]) if size else None


def without_suffix(text: str, suffixes: Sequence[str]) -> str:
    """Take a whole suffix off a title; never single letters of it.

    Parameters
    ----------
    text : str
        Such as ``"Thymoma | Eurorad"``.
    suffixes : sequence of str
        Whole endings, such as ``" | Eurorad"``; the first that fits is taken off.
    """
    for suffix in suffixes:
        if text.endswith(suffix) and text != suffix:
            return text.removesuffix(suffix).rstrip()
    return text


def line_of(node: Tag) -> str:
    """Give what an element says as one line: a ``<meta>``'s content, else its text."""
    if node.name == "meta":
        return clean(str(node.get("content", "")))
    # A page's title is not shown within the page.
    return clean(node.get_text() if node.name == "title" else text_of(node))


def selectors_of(markup: Iterable[Markup], name: str) -> str:
    """List the selectors of something in every generation, for a message."""
    return ", ".join(each.selectors[name] for each in markup if name in each.selectors)


class PageReader:
    """A page while it is read: its elements by name, and which generations gave them.

    Parameters
    ----------
    url : str
        The page's address.
    body : bytes
        As received.
    markup : sequence of Markup
        The site's generations, newest first.

    Attributes
    ----------
    root : BeautifulSoup
        The parsed page.
    used : dict of str to str
        From what was found to the years of the generation that gave it.
    warnings : list of str
        What a curator must know.
    """

    def __init__(self, url: str, body: bytes, markup: Sequence[Markup]) -> None:
        self.url = url
        self.root = parse(body)
        self.used: dict[str, str] = {}
        self.warnings: list[str] = []
        self._markup = markup

    def all(self, name: str, root: Tag | None = None) -> list[Tag]:
        """Find every element of a name, by the newest generation that has any."""
        found, years = pick(self.root if root is None else root, self._markup, name)
        if years:
            self.used[name] = years
        return found

    def text(self, name: str, root: Tag | None = None) -> str:
        """Give what the first of them that says anything says, as one line; else empty."""
        return next(filter(None, map(line_of, self.all(name, root))), "")

    def link(self, name: str, root: Tag | None = None) -> str:
        """Give the first address that one of them leads to; else empty."""
        found = (address(each, self.url, "href") for each in self.all(name, root))
        return next(filter(None, found), "")
