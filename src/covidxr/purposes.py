"""What an image may be used for, by what its ``license`` says; what cannot be known stays so.

This module joins readings of licences with purposes. It is no legal advice: the licence's own text
is what counts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from covidxr.licences import LICENCES, read_licence

if TYPE_CHECKING:
    from covidxr.licences import Licence


class Purpose(StrEnum):
    """What somebody wants to do with an image."""

    SHARE = "share"
    ADAPT = "adapt"
    COMMERCIAL = "commercial"


MEANING = {
    Purpose.SHARE: "share it unchanged",
    Purpose.ADAPT: "share it changed: cropped, resized, de-identified",
    Purpose.COMMERCIAL: "use it commercially",
}
"""The purposes in words."""

WHY_UNKNOWN = {
    "blank": "the cell is blank: look at the page that doi or url names, and write the SPDX id",
    "no-version": "the licence has no version: look it up at the source; it is never completed by "
    "guess",
    "free-text": "these words are no licence that is known: write an SPDX id, or LicenseRef-… and "
    "explain it in LICENSES.md",
    "own": "it is the collection's own name for a permission: LICENSES.md says what it allows",
}
"""Why it is not known what a licence allows, and what to do."""


def licence_of(text: str) -> Licence | None:
    """Give the licence that a cell names; None where it does not name one that is known."""
    return LICENCES.get(read_licence(text).spdx or "")


def why_unknown(text: str) -> str:
    """Give the key of `WHY_UNKNOWN` for a cell; empty where its licence is known."""
    reading = read_licence(text)
    if reading.spdx in LICENCES:
        return ""
    return "own" if reading.spdx is not None else reading.problem or "free-text"


def allows(text: str, purpose: Purpose) -> bool | None:
    """Tell whether a licence allows a purpose.

    Parameters
    ----------
    text : str
        A cell of ``license``.
    purpose : Purpose
        What is wanted.

    Returns
    -------
    bool or None
        None where the cell does not name a licence that is known. Of a family without its version
        nothing is said, although all its versions may agree.
    """
    licence = licence_of(text)
    if licence is None:
        return None
    if purpose is Purpose.ADAPT:
        return licence.derivatives
    # Every licence that is known lets anybody pass on what is unchanged.
    return licence.commercial_use if purpose is Purpose.COMMERCIAL else True
