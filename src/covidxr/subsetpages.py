"""The pages of a subset: its README, and what LICENSES.md says of the licences that are left.

This module makes text; it opens no file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr import readmeblock
from covidxr.about import NOTICE
from covidxr.attributionpage import NAME as ATTRIBUTION
from covidxr.attributionpage import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from covidxr.dataset import Dataset
    from covidxr.labelcounts import StatsOptions

BLANK = "not given"
"""What stands for a blank licence."""

_HEADING = re.compile(r"(#{1,6})[ \t]+`?(LicenseRef-[A-Za-z0-9.-]*[A-Za-z0-9-])`?[ \t]*#*[ \t]*")
_ANY_HEADING = re.compile(r"(#{1,6})[ \t]")
_PREFACE = """\
# Licences

Each image carries its licence in its own row of `metadata.csv`, column `license`; there is no
licence of the collection as a whole. An SPDX id such as `CC-BY-4.0` names a licence that
[spdx.org/licenses](https://spdx.org/licenses/) explains. What has no SPDX id is explained here, in
the words of the collection that this one was taken from.
"""
_MADE = "Made by `covidxr subset`; rows are those of the collection, byte for byte."
_RIGHTS = f"Each image has its own; whom to credit stands in [{ATTRIBUTION}]({ATTRIBUTION})."
_HEAD = "| chosen by | rows | images | patients |\n| --- | ---: | ---: | ---: |"


def readme(
    dataset: Dataset, steps: Iterable[Sequence[str]], options: StatsOptions | None = None
) -> str:
    """Make the README of a subset.

    Parameters
    ----------
    dataset : Dataset
        The subset.
    steps : iterable of sequence of str
        What it was chosen by: words, rows, images and patients that were left.
    options : StatsOptions, optional
        Those of the label table in the collection's own README.

    Returns
    -------
    str
        With the label table between the markers that ``covidxr stats --check README.md`` reads.
    """
    title = plain(dataset.about.title) or "a collection of chest X-rays and CT scans"
    table = "\n".join(f"| {' | '.join(map(plain, step))} |" for step in steps)
    blocks = (
        f"# A part of {title}\n\n{_MADE}",
        f"## How it was chosen\n\n{_HEAD}\n{table}",
        "## Labels\n\n<!-- covidxr stats: begin -->\n<!-- covidxr stats: end -->",
        f"## Licences\n\n{_RIGHTS}",
        "\n".join(_licences(dataset)),
        f"## Notice\n\n{NOTICE}",
    )
    text = "\n\n".join(blocks) + "\n"
    return readmeblock.spliced(text, dataset, (lambda _: options) if options else None)


def _licences(dataset: Dataset) -> Iterator[str]:
    yield "| license | rows |\n| --- | ---: |"
    counts = [(cells.text, len(cells.rows)) for cells in dataset.cells("license")]
    for text, count in sorted(counts, key=lambda each: (-each[1], each[0])):
        yield f"| {plain(text) or BLANK} | {count:,} |"


def licences_page(page: str, wanted: Collection[str]) -> str:
    """Give what LICENSES.md says of some ``LicenseRef-`` names.

    Parameters
    ----------
    page : str
        The collection's page.
    wanted : collection of str
        The names.

    Returns
    -------
    str
        Their sections below a short preface; the whole page where one of them is mentioned without
        a section of its own; empty where no name is wanted.
    """
    sections = dict(_sections(page))
    if not wanted:
        return ""
    if not set(wanted) <= set(sections):
        return page
    return "\n".join([_PREFACE, *(f"{sections[name].strip()}\n" for name in sorted(wanted))])


def _sections(page: str) -> Iterator[tuple[str, str]]:
    """Give each section whose heading is a name, with those below it."""
    lines = page.splitlines(keepends=True)
    for start, line in enumerate(lines):
        match = _HEADING.fullmatch(line.strip())
        if match is None:
            continue
        stop = start + 1
        while stop < len(lines) and not _ends(lines[stop], len(match[1])):
            stop += 1
        yield match[2], "".join(lines[start:stop])


def _ends(line: str, depth: int) -> bool:
    match = _ANY_HEADING.match(line)
    return match is not None and len(match[1]) <= depth
