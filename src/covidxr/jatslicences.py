"""What an article in JATS says of its licence, word by word.

This module owns where such statements stand. It must not decide which of them holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.articles import LicenceNote
from covidxr.jatstext import plain
from covidxr.jatstree import attribute, children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from covidxr.jatstree import Element

_LINKS = ("ext-link", "uri", "self-uri")


def licence_notes(permissions: Iterable[Element]) -> tuple[LicenceNote, ...]:
    """Collect every statement on a licence.

    Parameters
    ----------
    permissions : iterable of Element
        The ``permissions`` of an article or of a figure.

    Returns
    -------
    tuple of LicenceNote
        One for each address and one for the words, licence by licence.
    """
    notes: list[LicenceNote] = []
    number = 0
    for element in permissions:
        for child in children(element, "license", "license_ref"):
            found = (
                _reference(child, number) if child.tag == "license_ref" else _licence(child, number)
            )
            notes += found
            number += 1
    return tuple(notes)


def _licence(licence: Element, number: int) -> Iterator[LicenceNote]:
    kind = attribute(licence, "license-type")
    if href := attribute(licence, "href"):
        yield LicenceNote(url=href, kind=kind, where="license/@xlink:href", licence=number)
    for each in licence.iter("license_ref"):
        yield from _reference(each, number)
    for link in licence.iter(*_LINKS):
        url = attribute(link, "href") or plain(link)
        if url:
            where = f"license-p//{link.tag}"
            yield LicenceNote(url=url, words=plain(link), kind=kind, where=where, licence=number)
    parts = (plain(each) for each in licence.iterchildren("license-p", "p"))
    words = " ".join(filter(None, parts)) or (licence.text or "").strip()
    if words:
        yield LicenceNote(words=words, kind=kind, where="license-p", licence=number)


def _reference(element: Element, number: int) -> Iterator[LicenceNote]:
    url = plain(element)
    if url:
        # "am" and "tdm" are for another version or use than what is printed.
        kind = attribute(element, "specific-use")
        yield LicenceNote(url=url, kind=kind, where="ali:license_ref", licence=number)
