"""What a split must never part: images of one patient, and images that show the same.

This module brings rows together by what the table, the files' likeness and the curators' decisions
say. It opens no file and chooses no part. Two patient ids are never taken for one person because
their rows are alike: only a shared file, a shared picture or, where asked for, a shared page joins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.dataset import Dataset
    from covidxr.grouping import Index, Texts

_APART = "not-duplicate"
# What no decision can part: the same bytes, or the same pixels, are the same image.
_SAME = frozenset({"bytes", "pixels"})


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Rows that stay together.

    Parameters
    ----------
    rows : array of int
        Positions of the rows that name a file, ascending; a row without one is in no group.
    of : array of int
        Per such row, the number of its group.
    names : list of str
        Of each group, ascending: its least patient id, or least path where it has no patient.
    """

    rows: NDArray[np.int64]
    of: NDArray[np.int64]
    names: list[str]


def same_picture(dataset: Dataset) -> list[tuple[str, str]]:
    """Give the pairs of files that show the same image.

    Parameters
    ----------
    dataset : Dataset
        With pairs that are alike, and decisions on them.

    Returns
    -------
    list of (str, str)
        Paths. A pair that was decided to show different images is left out, unless its bytes or
        pixels are the same; one that was decided to show one patient is there, alike or not.
    """
    found = dict.fromkeys(
        (each.first, each.second)
        for each in dataset.alike
        if each.kind in _SAME or not _apart(dataset, each.first, each.second)
    )
    for each in dataset.decisions:
        held = dataset.decided(each.first, each.second)
        if held is not None and held.decision in {"same-patient", "keep"}:
            found[each.first, each.second] = None
    return list(found)


def _apart(dataset: Dataset, first: str, second: str) -> bool:
    decision = dataset.decided(first, second)
    return decision is not None and decision.decision == _APART


def groups(dataset: Dataset, *, pages: bool = False) -> Groups:
    """Bring rows together.

    Parameters
    ----------
    dataset : Dataset
        The collection; what looks alike is known at depth ``full`` alone.
    pages : bool
        Whether all images of one address stay together, and all of one DOI.

    Returns
    -------
    Groups
        The same for any order of the rows.
    """
    import numpy as np

    from covidxr.grouping import Index

    table = dataset.table
    if not len(table):
        return Groups(rows=np.zeros(0, np.int64), of=np.zeros(0, np.int64), names=[])
    people, files = table.texts("patientid"), table.texts("filename")
    paths = Index([table.texts("folder", _folder), files])
    named = np.ones(len(table), bool) if files.blank is None else files.codes != files.blank
    rows = np.flatnonzero(named)
    nodes = _nodes(people, paths)[rows]
    joins = [_within(nodes, paths.groups[rows])]
    joins += [_by_picture(dataset, nodes, rows)]
    if pages:
        joins += [_within(nodes, codes, but=blank) for codes, blank in _pages(dataset, rows)]
    firsts, seconds = (np.concatenate(each) for each in zip(*joins, strict=True))
    roots = united(_size(people, paths), firsts, seconds)
    of, names = _numbered(roots[nodes], nodes, _namer(people, paths))
    return Groups(rows=rows, of=of, names=names)


def united(size: int, firsts: NDArray[np.int64], seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give, for each of some nodes, one node that stands for all that hang together with it.

    Parameters
    ----------
    size : int
        How many nodes there are.
    firsts, seconds : array of int
        The ends of each edge.
    """
    import numpy as np

    parents = list(range(size))
    for first, second in zip(firsts.tolist(), seconds.tolist(), strict=True):
        one, other = _root(parents, first), _root(parents, second)
        parents[max(one, other)] = min(one, other)
    found = np.asarray(parents, dtype=np.int64)
    while not np.array_equal(further := found[found], found):
        found = further
    return found


def _root(parents: list[int], node: int) -> int:
    while (above := parents[node]) != node:
        parents[node] = node = parents[above]
    return node


def _folder(text: str) -> str:
    return text or "images"


def _nodes(people: Texts, paths: Index) -> NDArray[np.int64]:
    """Per row its patient, or its file where no patient is named."""
    import numpy as np

    codes = people.codes.astype(np.int64)
    if people.blank is None:
        return codes
    return np.where(codes == people.blank, paths.groups.astype(np.int64) + len(people.known), codes)


def _size(people: Texts, paths: Index) -> int:
    return len(people.known) + int(paths.groups.max()) + 1


def _namer(people: Texts, paths: Index) -> Callable[[int], str]:
    known = people.known

    def name(node: int) -> str:
        return known[node] if node < len(known) else "/".join(paths.text(node - len(known)))

    return name


def _within(
    nodes: NDArray[np.int64], keys: NDArray[np.integer], *, but: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join the nodes of rows that have the same key."""
    import numpy as np

    order = np.argsort(keys, kind="stable")
    ordered, named = keys[order], nodes[order]
    joined = (ordered[1:] == ordered[:-1]) & (named[1:] != named[:-1])
    if but is not None:
        joined &= ordered[1:] != but
    return named[:-1][joined], named[1:][joined]


def _by_picture(
    dataset: Dataset, nodes: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    import numpy as np

    firsts, seconds = [], []
    for first, second in same_picture(dataset):
        one, other = dataset.table.rows_of(first), dataset.table.rows_of(second)
        if one and other:
            firsts.append(one[0])
            seconds.append(other[0])
    ends = np.asarray(firsts, np.int64), np.asarray(seconds, np.int64)
    return nodes[np.searchsorted(rows, ends[0])], nodes[np.searchsorted(rows, ends[1])]


def _pages(
    dataset: Dataset, rows: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.integer], int | None]]:
    """Per row, numbers of its page and of its DOI, and the number of none."""
    for name, same in (("url", identifiers.canonical_url), ("doi", _doi)):
        texts = dataset.table.texts(name, same)
        yield texts.codes[rows], texts.blank


def _doi(text: str) -> str:
    doi = identifiers.read_doi(text).doi
    return identifiers.doi_key(doi) if doi else ""


def _numbered(
    roots: NDArray[np.int64], nodes: NDArray[np.int64], name: Callable[[int], str]
) -> tuple[NDArray[np.int64], list[str]]:
    """Number groups by their names; whichever row comes first has no say."""
    import numpy as np

    present, firsts = np.unique(nodes, return_index=True)
    root_of = dict(zip(present.tolist(), roots[firsts].tolist(), strict=True))
    named = sorted((name(node), node) for node in root_of)
    numbers: dict[int, int] = {}
    names = []
    for text, node in named:
        root = root_of[node]
        if root not in numbers:
            numbers[root] = len(numbers)
            names.append(text)
    return _looked_up(roots, numbers), names


def _looked_up(roots: NDArray[np.int64], numbers: dict[int, int]) -> NDArray[np.int64]:
    import numpy as np

    table = np.zeros(int(roots.max(initial=0)) + 1, np.int64)
    keys: Sequence[int] = list(numbers)
    table[keys] = list(numbers.values())
    return table[roots]
