"""``ATTRIBUTION.md``: the credits of a collection as a page.

This module makes text of credits; it opens no file. An export, a subset and the command print the
same page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.credits import AUTHOR, LICENCE, SOURCE, grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.credits import Credit

NAME = "ATTRIBUTION.md"
"""What the page is called."""

LACKS = {
    SOURCE: "neither doi nor url says where the image comes from",
    AUTHOR: "nobody is named: look at the page, and write the credit into other_notes",
    LICENCE: "no licence is given: look at the page, and write its SPDX id into license",
}
"""What is missing, in words, and what to do."""

# What Markdown or HTML would take for more than a letter.
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~])")
_UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
_SAFE_ADDRESS = re.compile(r"https?://[^\s<>\\\x00-\x20\x7f]+")


def markdown(found: Sequence[Credit]) -> str:
    """Make the page.

    Parameters
    ----------
    found : sequence of Credit
        As `covidxr.credits.credits` gives them.

    Returns
    -------
    str
        One line an image, grouped by source; the same text for the same credits.
    """
    lines = ["# Attribution", "", *_opening(found)]
    for source, credits_ in grouped(tuple(found)):
        lines += ["", f"## {plain(source)} ({_images(len(credits_))})", ""]
        lines += map(_line, credits_)
    lines += _lacking(found)
    return "\n".join(lines) + "\n"


def _opening(found: Sequence[Credit]) -> Iterator[str]:
    sources = len({each.source for each in found})
    yield (
        f"{_images(len(found))}, from {sources:,} source{'' if sources == 1 else 's'}. Whoever "
        "passes an image on names whom its line names, with the licence and the address. What was "
        "changed is said where it is known; that nothing is said does not mean that nothing was "
        "changed. Nothing here is guessed, and nothing is legal advice."
    )


def _line(each: Credit) -> str:
    parts = [plain(each.text).rstrip(".") if each.text else "(nobody is named)"]
    if each.licence:
        parts.append(linked(each.licence, each.licence_url))
    if each.url and each.url not in each.text:
        parts.append(linked(each.url, each.url))
    if each.changes and each.changes not in each.text:
        parts.append(plain(each.changes).rstrip("."))
    return f"- {plain(each.path)}: {'. '.join(parts)}."


def _lacking(found: Sequence[Credit]) -> Iterator[str]:
    if not any(each.missing for each in found):
        return
    yield from ("", "## What is missing")
    for what, words in LACKS.items():
        paths = [each.path for each in found if what in each.missing]
        if paths:
            yield from ("", f"{_images(len(paths))}: {words}.", "")
            yield from (f"- {plain(path)}" for path in paths)


def linked(text: str, address: str) -> str:
    """Give words that lead to an address; the words alone where it is none."""
    if not _SAFE_ADDRESS.fullmatch(address):
        return plain(text)
    return f"<{address}>" if text == address else f"[{plain(text)}](<{address}>)"


def plain(text: str) -> str:
    """Give text of the data as Markdown shows it, on one line; what cannot be printed is U+FFFD."""
    one_line = " ".join(text.split())
    shown = "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in one_line
    )
    return _SPECIAL.sub(r"\\\1", shown)


def _images(count: int) -> str:
    return f"{count:,} image" if count == 1 else f"{count:,} images"
