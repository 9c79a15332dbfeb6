"""The XML of an article as a tree: parsed without trust, found in its wrapping, without namespaces.

This module alone knows the XML library. It must not know what the elements of an article mean,
and it never opens anything that a file points to: no DTD, no entity, no address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING, Any, TypeAlias

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

Element: TypeAlias = Any
"""One element of the tree; the XML library has no types."""

MOST_BYTES = 30_000_000
"""Largest file that is parsed: hundred times the largest of the articles this was tried on."""

# What XML itself names; every other name is of a DTD, and a DTD is never loaded.
_OF_XML = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,31});")
# A declaration whose text refers to another entity, also by way of a written-out "&" or "%":
# nothing but a bomb needs that in an article.
_NESTED = re.compile(
    rb"<!ENTITY\s[^<>\"']{0,300}(?P<quote>[\"'])(?:(?!(?P=quote)).){0,10000}?"
    rb"[&%](?:[A-Za-z_:]|#0*3[78];|#x0*2[56];)",
    re.DOTALL,
)
_SHOWN_ENTITIES = 5

_KINDS = (
    (b"%PDF", "a PDF"),
    (b"{", "JSON"),
    (b"\x1f\x8b", "a packed file"),
    (b"PK\x03\x04", "a packed file"),
)
_BEGINNING = 1000
_WEB_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_AGAIN = "fetch it again, or save the article's XML from PubMed Central or Europe PMC"


class ArticleError(ValueError):
    """A file that is no article in JATS, or that cannot be read safely.

    Parameters
    ----------
    message : str
        What it is, where, and what to do about it, as one line.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The parsed article.

    Parameters
    ----------
    article : Element
        Its topmost element. Tags are without namespace, here and below.
    root : str
        Name of the file's topmost element: another one where the article is wrapped.
    namespace : str
        That of the article's elements; mostly empty.
    warnings : tuple of str
        What had to be mended to read it.
    """

    article: Element
    root: str = "article"
    namespace: str = ""
    warnings: tuple[str, ...] = ()


def read_tree(data: bytes, *, where: str = "") -> Tree:
    """Parse a file and find the article in it.

    Parameters
    ----------
    data : bytes
        A whole file.
    where : str, optional
        What messages call it.

    Returns
    -------
    Tree
        The first article, where there are several.

    Raises
    ------
    ArticleError
        Where there is no article, or the file is cut off, too large or not safe to read.
    """
    where = where or "the file"
    _refuse(data, where)
    root, warnings = _parsed(_with_numbers(data), where)
    name = local(root.tag)
    if name.lower() == "html":
        raise ArticleError(f"{where} is a web page and no XML of an article: {_AGAIN}")
    articles = _articles(root)
    if not articles:
        raise ArticleError(f"{where} holds no article, its topmost element is <{name}>: {_AGAIN}")
    if len(articles) > 1:
        warnings.append(f"the file holds {len(articles)} articles; the first is read")
    article = articles[0]
    namespace = article.tag[1:].partition("}")[0] if article.tag.startswith("{") else ""
    _simplify(article)
    warnings += _unknown(article)
    return Tree(article=article, root=name, namespace=namespace, warnings=tuple(warnings))


def local(tag: str) -> str:
    """Give a tag's name without its namespace, or without a prefix that nobody declared."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def attribute(element: Element, name: str) -> str:
    """Give an attribute by its local name, stripped; empty where there is none.

    The prefix of ``xlink:href`` is sometimes left undeclared.
    """
    value = element.get(name)
    if value is None:
        value = next((value for key, value in element.items() if local(key) == name), "")
    return str(value).strip()


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Give the children of these names, in order; none of nothing."""
    if element is not None:
        yield from element.iterchildren(*names)


def first(element: Element | None, path: str) -> Element | None:
    """Give the first element at a path of names, ``"front/article-meta"``; None without one."""
    return None if element is None else element.find(path)


def is_reference(node: Element) -> bool:
    """Tell whether a node is an entity that nobody has put in."""
    return node.tag is etree.Entity


def instructions(article: Element) -> frozenset[str]:
    """Give the words of the ``properties`` instructions, which old files of PMC begin with."""
    nodes = article.iter(etree.ProcessingInstruction)
    return frozenset(
        word for node in nodes if node.target == "properties" for word in (node.text or "").split()
    )


def _refuse(data: bytes, where: str) -> None:
    """Refuse what need not be parsed to be refused."""
    if len(data) > MOST_BYTES:
        raise ArticleError(
            f"{where} has {len(data):,} bytes, more than the {MOST_BYTES:,} that are read: "
            "look at what it is"
        )
    beginning = data[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    for start, kind in _KINDS:
        if beginning.startswith(start):
            raise ArticleError(f"{where} is {kind} and no XML: {_AGAIN}")
    if _WEB_PAGE.match(beginning):
        raise ArticleError(f"{where} is a web page and no XML of an article: {_AGAIN}")
    if _NESTED.search(data):
        raise ArticleError(
            f"{where} declares entities that expand into others, as no article needs: "
            "do not trust where it came from"
        )


def _with_numbers(data: bytes) -> bytes:
    """Write ``&nbsp;`` and its like as numbers: without the DTD no parser knows the names."""

    def number(match: re.Match[bytes]) -> bytes:
        text = "" if match[1] in _OF_XML else html5.get(f"{match[1].decode()};", "")
        return b"".join(b"&#%d;" % ord(sign) for sign in text) or match[0]

    return _NAMED.sub(number, data)


def _parser(*, recover: bool) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
    )


def _parsed(data: bytes, where: str) -> tuple[Element, list[str]]:
    # An XML declaration may stand at the very beginning only; blanks before it are common.
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    try:
        return etree.fromstring(data, _parser(recover=False)), []
    except etree.XMLSyntaxError as problem:
        return _mended(data, problem, where)


def _mended(data: bytes, problem: Any, where: str) -> tuple[Element, list[str]]:
    """Parse again, leaving out what is wrong; not where anything may be missing for that."""
    said = " ".join((problem.msg or "nothing more is known").split())
    if problem.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        raise ArticleError(
            f"{where} is nested too deep, has too long a text or expands without end ({said}): "
            "do not trust where it came from"
        ) from problem
    try:
        root = etree.fromstring(data, _parser(recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise ArticleError(f"{where} is no XML ({said}): {_AGAIN}") from problem
    name = f"{root.prefix}:{local(root.tag)}" if root.prefix else local(root.tag)
    if local(name).lower() != "html" and not _is_closed(data, name):
        raise ArticleError(f"{where} is cut off, <{name}> has no end ({said}): {_AGAIN}")
    return root, [f"the XML is faulty and had to be mended; something may be missing: {said}"]


def _is_closed(data: bytes, name: str) -> bool:
    return re.search(rb"</%s\s*>" % re.escape(name.encode()), data) is not None


def _articles(root: Element) -> list[Element]:
    """Find articles: the file itself, or those in the wrapping of an archive's answer."""
    if local(root.tag) == "article":
        return [root]
    return [each for each in root.iter() if isinstance(each.tag, str) and _is_article(each)]


def _is_article(element: Element) -> bool:
    return local(element.tag) == "article"


def _simplify(article: Element) -> None:
    """Take namespaces off: they differ from archive to archive, the names do not."""
    for element in article.iter(etree.Element):
        tag = element.tag
        if "}" in tag or ":" in tag:
            # A mended file may have a name with nothing behind its colon.
            element.tag = local(tag) or "nameless"


def _unknown(article: Element) -> list[str]:
    names = list(dict.fromkeys(str(node.text) for node in article.iter(etree.Entity)))
    if not names:
        return []
    shown = ", ".join(names[:_SHOWN_ENTITIES])
    return [f"names that only a DTD explains stand as they are: {shown}"]
