"""Severity scores: geographic extent and opacity, a line an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.annotating import adapter
from covidxr.scoresheet import is_sheet, read_sheet

if TYPE_CHECKING:
    from covidxr.annotated import AnnotationFile
    from covidxr.annotating import Source

# Headers that were published, and what they stand for. The table of 2020 writes geographic_mean
# where its own comments say geographic_extent_mean.
_NAMES = {
    "geographic_extent_mean": "geographic_extent_mean",
    "geographic_extent": "geographic_extent_mean",
    "geographic_mean": "geographic_extent_mean",
    "geographic": "geographic_extent_mean",
    "opacity_mean": "opacity_mean",
    "opacity": "opacity_mean",
}


def _scored(cell: str) -> str:
    return _NAMES.get(cell, "")


def _knows(source: Source) -> bool:
    return is_sheet(source, _scored, 1)


@adapter("severity", title="Severity scores (CSV)", since="0.1", knows=_knows)
def severity(source: Source) -> AnnotationFile:
    """Read geographic extent, 0 to 8, and opacity, 0 to 6.

    Comments that begin with ``##`` stand before the header; ``License:`` and ``Citation:`` in them
    are the file's own. Source of the scale: Cohen et al. 2020, arXiv:2005.11856.
    """
    return read_sheet(source, "severity", _scored)
