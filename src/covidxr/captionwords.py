"""What a caption says of an image: view, modality, day, and which part belongs to which letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.cases import Reading, Suggestion


def split_by_letter(caption: str, letters: Sequence[str]) -> dict[str, str]:
    """Give each letter of a figure its part of the caption; the whole one where it has none."""
    raise NotImplementedError


def view_in(text: str, language: str = "en") -> Reading | None:
    """Read a view of the table out of words; None where none or more than one is named."""
    raise NotImplementedError


def modality_in(text: str, language: str = "en") -> Reading | None:
    """Read the kind of imaging: "X-ray", "CT", or another's plain name such as "MRI"; or None."""
    raise NotImplementedError


def offset_in(text: str, language: str = "en") -> Reading | None:
    """Read a number of days: "day 7", "5 days later", "on admission"; None where none is said."""
    raise NotImplementedError


def suggestions_of(text: str, where: str, language: str = "en") -> tuple[Suggestion, ...]:
    """Everything above at once: suggestions for view, modality (X-ray or CT) and offset."""
    raise NotImplementedError
