"""Two closed vocabularies that the command line names too: how bad, and how closely.

They stand apart from the records of :mod:`covidxr.model` because ``covidxr --help`` needs them and
building the records costs it more time than all its own text.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much a diagnostic matters.

    ``ERROR`` is wrong or unusable, ``WARNING`` is for a curator to look at, ``INFO`` is worth
    knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for info: smaller is worse."""
        return _RANKS[self.value]


_RANKS = {"error": 0, "warning": 1, "info": 2}


class ImageDepth(StrEnum):
    """How closely files are looked at, from not at all to decoding every pixel."""

    NONE = "none"
    HEADER = "header"
    STRUCTURE = "structure"
    FULL = "full"

    def reaches(self, depth: ImageDepth) -> bool:
        """Tell whether this depth includes everything that `depth` looks at."""
        order = list(ImageDepth)
        return order.index(self) >= order.index(depth)
