"""Brixia scores: six zones of the lungs and their sum, a line an image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.annotating import adapter
from covidxr.scoresheet import is_sheet, read_sheet

if TYPE_CHECKING:
    from covidxr.annotated import AnnotationFile
    from covidxr.annotating import Source

# A zone alone, or with its reader or a word before it: ``A``, ``S-A``, ``score_a``.
_ZONE = re.compile(r"(?:(?:[a-z]{1,8})[-_ ])?([a-f])")
_SUM = re.compile(
    r"(?:(?:[a-z]{1,8})[-_ ])?(?:global|sum|total)|brixia(?:[-_ ]?score)?(?:[-_ ](?:sum|total))?"
)
_ZONES_OF_A_SCORE = 6


def _scored(cell: str) -> str:
    zone = _ZONE.fullmatch(cell)
    if zone:
        return zone[1].upper()
    return "brixia_score" if _SUM.fullmatch(cell) else ""


def _knows(source: Source) -> bool:
    return is_sheet(source, _scored, _ZONES_OF_A_SCORE)


@adapter("brixia", title="Brixia scores (CSV)", since="0.1", knows=_knows)
def brixia(source: Source) -> AnnotationFile:
    """Read the six zones, 0 to 3 each, and their sum, 0 to 18.

    A, B and C are the right lung's upper, middle and lower zone, D, E and F the left lung's.
    Several readers stand side by side: ``S-A`` to ``S-F`` with ``S-Global``. Source of the scale:
    Borghesi and Maroldi 2020, doi:10.1007/s11547-020-01200-3.
    """
    return read_sheet(source, "brixia", _scored)
