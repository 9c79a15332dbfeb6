"""What a split balances: labels, views, sources and other columns, counted group by group.

This module turns a table into counts and chooses no part.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from covidxr import identifiers, labels
from covidxr.columns import BY_NAME
from covidxr.errors import UsageError
from covidxr.grouping import Index
from covidxr.labelcounts import BLANK, site, understood

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.dataset import Dataset
    from covidxr.splitgroups import Groups

SOURCE = "source"
RARE = "(rare)"
"""What strata that are too small to be shared out are counted as, all together."""

_WHOLE = "\0"

CHOICES = (
    *("finding", SOURCE, "license"),
    *(name for name, column in BY_NAME.items() if column.kind == "choice" and name != "folder"),
)
"""What can be balanced: columns with a list of values, and these."""


def check(names: Iterable[str]) -> None:
    """Refuse what cannot be balanced.

    Raises
    ------
    UsageError
        For a name that is none of `CHOICES`.
    """
    for name in names:
        if name not in CHOICES:
            raise UsageError(f"nothing is balanced by {name!r}: use {', '.join(CHOICES)}")


def coded(dataset: Dataset, name: str) -> tuple[NDArray[np.integer], list[tuple[str, ...]]]:
    """Give what a stratum's rows are by one of `CHOICES`.

    Parameters
    ----------
    dataset : Dataset
        The collection; only its table is looked at.
    name : str
        One of `CHOICES`.

    Returns
    -------
    (array of int, list of tuple of str)
        Per row a number, and per number the strata that it stands for: of a finding every label and
        all above it, else one. What is not known is a stratum of its own, and never a no.
    """
    if name == SOURCE and len(dataset.table):
        table = dataset.table
        index = Index([table.texts("url", _host), table.texts("doi")])
        return _shortened(index.groups, [(_site(host, doi),) for host, doi in index.texts()])
    texts = dataset.table.texts(name)
    if not len(dataset.table):
        return texts.codes, []
    if name == "finding":
        return texts.codes, list(map(_finding, texts.known))
    return texts.codes, [(understood(name, text),) for text in texts.known]


def _host(text: str) -> str:
    """Give the host of an address, or the text itself, marked, where more must be looked at."""
    host = identifiers.host_of(text)
    return f"{_WHOLE}{text}" if host in {"", "doi.org"} else host


def _site(host: str, doi: str) -> str:
    """Give what `site` does; reading a million addresses whole would cost most of a split."""
    return site(host.removeprefix(_WHOLE), doi) if host.startswith(_WHOLE) else host


def _shortened(
    codes: NDArray[np.integer], strata: list[tuple[str, ...]]
) -> tuple[NDArray[np.integer], list[tuple[str, ...]]]:
    """Number equal strata alike."""
    import numpy as np

    numbers: dict[tuple[str, ...], int] = {}
    places = [numbers.setdefault(each, len(numbers)) for each in strata]
    return np.asarray(places, np.int64)[codes], list(numbers)


def _finding(text: str) -> tuple[str, ...]:
    reading = labels.read_finding(text)
    if reading.is_finding:
        return tuple(sorted(reading.labels))
    return (reading.canonical or (f"unreadable: {text}" if text else BLANK),)


class Profiles:
    """Rows of each stratum, per group.

    Parameters
    ----------
    groups : Groups
        The groups.
    """

    def __init__(self, groups: Groups) -> None:
        import numpy as np

        self._groups = groups
        self.names: list[str] = []
        self.sizes: list[int] = np.bincount(groups.of, minlength=len(groups.names)).tolist()
        self.of: list[list[tuple[int, int]]] = [[] for _ in groups.names]

    def add(
        self, kind: str, codes: NDArray[np.integer], strata: Sequence[tuple[str, ...]], least: int
    ) -> None:
        """Count one kind of stratum.

        Parameters
        ----------
        kind : str
            What it is, for the strata's names.
        codes, strata : array of int, sequence of tuple of str
            As `coded` gives them.
        least : int
            Strata with fewer groups are put together.
        """
        import numpy as np

        both = self._groups.of * len(strata) + codes[self._groups.rows]
        pairs, counts = np.unique(both, return_counts=True)
        entries = list(
            zip(*(each.tolist() for each in (*np.divmod(pairs, len(strata)), counts)), strict=True)
        )
        numbers = self._numbered(kind, strata, entries, least)
        for group, code, count in entries:
            mine = self.of[group]
            mine += [(number, count) for number in numbers[code]]

    def _numbered(
        self,
        kind: str,
        strata: Sequence[tuple[str, ...]],
        entries: Iterable[tuple[int, int, int]],
        least: int,
    ) -> list[tuple[int, ...]]:
        """Per code the numbers of its strata, rare ones under one number."""
        found = Counter(stratum for _, code, _ in entries for stratum in strata[code])
        kept = sorted(stratum for stratum, groups in found.items() if groups >= least)
        place = {stratum: len(self.names) + at for at, stratum in enumerate(kept)}
        rare = len(self.names) + len(kept)
        self.names += [f"{kind}: {stratum}" for stratum in (*kept, RARE)]
        return [
            tuple(dict.fromkeys(place.get(stratum, rare) for stratum in each)) for each in strata
        ]
