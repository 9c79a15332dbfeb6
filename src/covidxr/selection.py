"""Which rules run: prefixes of codes, the longest one wins.

This module decides from words alone; it neither finds rules nor runs them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FAMILIES = {
    "CSV": "the file as text",
    "SCH": "columns and values",
    "LBL": "findings",
    "PAT": "patients",
    "IMG": "image files",
    "VOL": "volumes",
    "DCM": "DICOM tags against the row",
    "CLN": "clinical sense",
    "PRV": "privacy",
    "LIC": "licence, source, credit, DOI",
    "ANN": "boxes, masks and scores",
    "DOC": "README and SCHEMA.md",
}
"""The families of rules; a family may still be without rules."""

_PREFIX = re.compile(r"(ALL|[A-Z]{1,3}|[A-Z]{3}\d{1,3})")


def split_codes(words: Iterable[str]) -> tuple[str, ...]:
    """Read prefixes from the command line: commas and repetition both separate them."""
    codes = (code.strip().upper() for word in words for code in word.split(","))
    return tuple(code for code in codes if code)


def check_codes(prefixes: Iterable[str], codes: Iterable[str]) -> None:
    """Refuse a prefix that neither names a family nor begins a rule's code.

    Raises
    ------
    UsageError
        Naming the prefix: a mistyped one would silently select or ignore nothing.
    """
    known = (*FAMILIES, *codes)
    for prefix in prefixes:
        if prefix == "ALL":
            continue
        if not _PREFIX.fullmatch(prefix) or not any(code.startswith(prefix) for code in known):
            msg = f"no rule's code begins with {prefix!r}; `covidxr rules` lists them"
            raise UsageError(msg)


def selected(codes: Iterable[str], select: Sequence[str], ignore: Sequence[str]) -> list[str]:
    """Choose codes: the longest prefix that fits decides, and a tie is ignored.

    Parameters
    ----------
    codes : iterable of str
        All codes.
    select, ignore : sequence of str
        Prefixes, or ``ALL``; an empty `select` means all.

    Returns
    -------
    list of str
        Those of `codes` that run, in their order.
    """
    chosen = select or ("ALL",)
    return [code for code in codes if _reach(code, chosen) > _reach(code, ignore)]


def longest(code: str, prefixes: Iterable[str]) -> str | None:
    """Give the longest of some prefixes that fits a code, or None."""
    fitting = [prefix for prefix in prefixes if prefix == "ALL" or code.startswith(prefix)]
    return max(fitting, key=_length, default=None)


def _reach(code: str, prefixes: Iterable[str]) -> int:
    best = longest(code, prefixes)
    return -1 if best is None else _length(best)


def _length(prefix: str) -> int:
    return 0 if prefix == "ALL" else len(prefix)
