"""The label tables that torchxrayvision's loader printed in 2020, byte for byte.

This module owns which texts set which label in each period of that loader, its substring rule
included: readers of old tables compare with these numbers, right or wrong. Counting that reads
findings stands in :mod:`covidxr.labelcounts`.

Facts from the history of github.com/mlmed/torchxrayvision, ``torchxrayvision/datasets.py``:
commits 91713a3 (28 March 2020), 43c58ee (31 May), e5a51fb (21 June), 35e4e57 (15 September).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.table import Table

# What pandas.read_csv took for a missing cell in 2020 (pandas 1.0, ``keep_default_na``): there the
# label is neither 0 nor 1, unless other texts feed it too.
_MISSING = frozenset(
    {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"}
    | {"<NA>", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loader:
    """One period of the loader.

    Parameters
    ----------
    labels : tuple of str
        The labels it knew; empty where it took the parts of the findings themselves.
    fed_by : mapping of str to tuple of str
        For some labels, the texts besides their own name that set them.
    drops : frozenset of str
        Rows with exactly these findings are not counted.
    """

    labels: tuple[str, ...] = ()
    fed_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drops: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoaderGroup:
    """The table of one group of views.

    Parameters
    ----------
    views : tuple of str
        As they were asked for.
    samples : int
        Rows with one of these views.
    totals : dict of str to dict of float to int
        By label, how often 0.0 and 1.0; a number that never came is not there.
    """

    views: tuple[str, ...]
    samples: int
    totals: dict[str, dict[float, int]]


def _loader(
    agents: str,
    groups: Mapping[str, str],
    *,
    also: str = "",
    drops: frozenset[str] = frozenset(),
) -> Loader:
    """Describe a period by its agents, its groups of agents, and what else feeds Pneumonia."""
    named = tuple(agents.split())
    others = tuple(also.split())
    return Loader(
        labels=tuple(sorted({"Pneumonia", "No Finding", *groups, *named, *others})),
        fed_by={
            "Pneumonia": (*named, *others),
            **{name: tuple(fed.split()) for name, fed in groups.items()},
        },
        drops=drops,
    )


_MARCH = "COVID-19 SARS MERS ARDS Streptococcus Pneumocystis Klebsiella Chlamydophila Legionella"
_MAY = f"{_MARCH} Influenza Mycoplasma Varicella Lipoid"

LOADERS: Mapping[str, Loader] = {
    "xrv-2020-03": _loader(
        _MARCH,
        {
            "Viral Pneumonia": "COVID-19 SARS MERS",
            "Bacterial Pneumonia": "Streptococcus Klebsiella Chlamydophila Legionella",
            "Fungal Pneumonia": "Pneumocystis",
        },
    ),
    # With the rows whose finding is "todo" the rows of 22 June are 433 and 137; without them they
    # are the published 408 and 134, label by label. Whether this loader dropped such rows, or they
    # had no view yet on the day of printing, is not known; the published table decides.
    "xrv-2020-05": _loader(
        _MAY,
        {
            "Viral Pneumonia": "COVID-19 SARS MERS Influenza Varicella",
            "Bacterial Pneumonia": "Streptococcus Klebsiella Chlamydophila Legionella Mycoplasma",
            "Fungal Pneumonia": "Pneumocystis",
        },
        drops=frozenset({"todo"}),
    ),
    # The code of this period is known to drop nothing.
    "xrv-2020-06": _loader(
        f"{_MAY} E.Coli",
        {
            "Viral": "COVID-19 SARS MERS Influenza Varicella",
            "Bacterial": "Streptococcus Klebsiella Chlamydophila Legionella Mycoplasma E.Coli",
            "Fungal": "Pneumocystis",
        },
        also="Viral Bacterial Fungal",
    ),
    "xrv-2020-09": Loader(drops=frozenset({"todo", "Unknown"})),
}


def loader_groups(
    table: Table, name: str, groups: Sequence[tuple[str, ...]]
) -> tuple[LoaderGroup, ...]:
    """Count as the loader of one period did.

    Parameters
    ----------
    table : Table
        The rows, whose texts are taken as they stand.
    name : str
        A key of `LOADERS`.
    groups : sequence of tuple of str
        Groups of views, compared exactly.

    Returns
    -------
    tuple of LoaderGroup
        One per group.

    Raises
    ------
    UsageError
        If a finding is not a regular expression where that loader took it for one.
    """
    loader = LOADERS[name]
    combined = Counter(zip(table.codes("view"), table.codes("finding"), strict=True))
    views, findings = table.values("view"), table.values("finding")
    tables = []
    for group in groups:
        rows: Counter[str] = Counter()
        for (view, finding), count in combined.items():
            if views[view] in group and findings[finding] not in loader.drops:
                rows[findings[finding]] += count
        tables.append(_group(loader, group, rows))
    return tuple(tables)


def _group(loader: Loader, views: tuple[str, ...], rows: Counter[str]) -> LoaderGroup:
    labels = loader.labels or _parts(rows)
    return LoaderGroup(
        views=views,
        samples=rows.total(),
        totals={label: _totals(loader, label, rows) for label in labels},
    )


def _parts(rows: Counter[str]) -> tuple[str, ...]:
    return tuple(
        sorted({part for text in rows if text not in _MISSING for part in text.split("/")})
    )


def _totals(loader: Loader, label: str, rows: Counter[str]) -> dict[float, int]:
    fed_by = loader.fed_by.get(label, ())
    try:
        patterns = [re.compile(text) for text in (label, *fed_by)]
    except re.error as error:
        msg = f"that loader takes {label!r} for a regular expression, which it is not: {error}"
        raise UsageError(msg) from error
    counts: Counter[float] = Counter()
    for text, count in rows.items():
        if text not in _MISSING:
            counts[float(any(pattern.search(text) for pattern in patterns))] += count
        elif fed_by:
            counts[0.0] += count
    return dict(sorted(counts.items()))


def loader_text(groups: Sequence[LoaderGroup]) -> str:
    """Write the tables as the published README had them.

    Parameters
    ----------
    groups : sequence of LoaderGroup
        From `loader_groups`.

    Returns
    -------
    str
        Per group a line with the number of rows, then the counts as ``pprint`` lays them out; a
        blank line between groups; a line end at the end.
    """
    from pprint import pformat

    return "\n".join(
        f"COVID19_Dataset num_samples={group.samples} views={list(group.views)}\n"
        f"{pformat(group.totals)}\n"
        for group in groups
    )


def fenced(groups: Sequence[LoaderGroup]) -> str:
    """Write the tables for a README: `loader_text` in a code fence that it cannot close."""
    text = loader_text(groups)
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}{fence}\n"
