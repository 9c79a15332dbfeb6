"""LIC203: rows of one page have different licences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import identifiers, licences
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("LIC203", severity=Severity.WARNING, since="0.1")
def licences_of_one_page_disagree(dataset: Dataset) -> Iterator[Hit]:
    """Report a page whose images are listed under several licences.

    What it checks
    --------------
    All rows that cite one page and give a licence give the same one. Spellings of one licence are
    the same, blank cells do not count. Each further licence of a page is reported once, at its
    first row.

    Why it matters
    --------------
    A page is published under one licence as a rule. The laxer one is then a permission that
    nobody gave.

    Example
    -------
    ``https://example.org/case/1`` is ``CC-BY-4.0`` in line 12 and ``CC-BY-NC-4.0`` in line 13.

    How to fix
    ----------
    Look at the page and correct the wrong rows. A figure may be reprinted under its own licence;
    then keep the row in the baseline with that as the reason.

    Source
    ------
    SCHEMA.md, license: the licence of the image.
    """
    for _, texts in dataset.conflicts("url", "license", same=identifiers.canonical_url):
        firsts: dict[str, int] = {}
        for cells in texts:
            licence = licences.read_licence(cells.text).spdx or cells.text.casefold()
            firsts.setdefault(licence, cells.rows[0])
        first, *others = map(dataset.row, firsts.values())
        for row in others:
            yield row.at(
                "license",
                f"{row['license']} here and {first['license']} in line {first.line} are for "
                f"images of the same page, {row['url']}",
                suggestion="look at the page: which one does it name?",
            )
