"""What a collection may be used for: row by row, in sum, and as a whole.

This workflow counts what licences allow, as :mod:`covidxr.purposes` reads them. What cannot be
known is counted as such and named with its rows, and nothing here is legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import annotationfiles, provenance, store
from covidxr import credits as credits_
from covidxr.annotated import FOLDER as ANNOTATIONS
from covidxr.licences import LICENCES, read_licence
from covidxr.provenance import Ledger
from covidxr.purposes import Purpose, allows, licence_of, why_unknown
from covidxr.rules.lic205_permission_may_lapse import permission_may_lapse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from covidxr.annotated import AnnotationFile
    from covidxr.dataset import Dataset
    from covidxr.table import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All rows of one licence.

    Parameters
    ----------
    licence : str
        SPDX id or ``LicenseRef-`` name; the cell's own words where they name none; empty for blank
        cells.
    rows : tuple of int
        Positions of its rows, ascending.
    images, patients : int
        Each counted once.
    allows : mapping of Purpose to (bool or None)
        None where it is not known.
    credit, share_alike : bool or None
        Whether somebody must be credited, and whether what is changed must stay under the licence.
    why : str
        Key of `covidxr.purposes.WHY_UNKNOWN`; empty where the licence is known.
    url : str
        Where its text stands; empty where that is not known.
    """

    licence: str
    rows: tuple[int, ...]
    images: int
    patients: int
    allows: dict[Purpose, bool | None]
    credit: bool | None
    share_alike: bool | None
    why: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A picture that was changed under a licence that does not let what is changed be shared.

    Parameters
    ----------
    row : int
        Position of its row.
    licence : str
        SPDX id.
    evidence : str
        What says that it was changed.
    """

    row: int
    licence: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationRights:
    """What one file of annotations says of its licence.

    Parameters
    ----------
    path : str
        The file, or the folder of masks.
    licence : str
        SPDX id, or its own words; empty where it says nothing.
    allows : mapping of Purpose to (bool or None)
        None where it is not known.
    """

    path: str
    licence: str
    allows: dict[Purpose, bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What a collection may be used for.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    groups : tuple of Group
        By licence, those of most rows first.
    lapsing : tuple of (int, str)
        Rows whose permission holds for a time only, and what is said of them.
    changed : tuple of Changed
        Where provenance or notes say that a picture was changed and the licence forbids that.
    annotations : tuple of AnnotationRights
        By path.
    """

    dataset: Dataset
    groups: tuple[Group, ...]
    lapsing: tuple[tuple[int, str], ...]
    changed: tuple[Changed, ...]
    annotations: tuple[AnnotationRights, ...]

    def rows(self, purpose: Purpose, *, allowed: bool | None) -> int:
        """Count the rows whose licence allows a purpose, forbids it, or does not tell."""
        return sum(len(each.rows) for each in self.groups if each.allows[purpose] is allowed)

    @property
    def copyleft(self) -> tuple[str, ...]:
        """Share-alike licences of the collection, by id: two of them never fit into one work."""
        return tuple(sorted(each.licence for each in self.groups if each.share_alike))


def gather(root: Path) -> Permissions:
    """Read a collection, and tell what it may be used for.

    Raises
    ------
    CollectionError
        If there is no collection, or its provenance is damaged.
    """
    dataset = store.read_collection(root)
    if ANNOTATIONS in dataset.folders:
        files = annotationfiles.read(root, dataset.table, pixels=False)
        dataset = replace(dataset, annotations=files)
    ledger = Ledger(store.file_bytes(root, provenance.NAME), str(root / provenance.NAME))
    return permissions(dataset, ledger)


def permissions(dataset: Dataset, ledger: Ledger | None = None) -> Permissions:
    """Tell what a collection may be used for.

    Parameters
    ----------
    dataset : Dataset
        The collection, with its annotations.
    ledger : Ledger, optional
        Its ``provenance.csv``.
    """
    return Permissions(
        dataset=dataset,
        groups=_groups(dataset),
        lapsing=tuple((hit.rows[0], hit.message) for hit in permission_may_lapse.check(dataset)),
        changed=tuple(_changed(dataset, ledger)),
        annotations=tuple(map(_of_file, dataset.annotations)),
    )


def forbidding(found: Permissions, purpose: Purpose) -> tuple[tuple[Row, Group], ...]:
    """Give the rows that do not, or not for certain, allow a purpose, in the order of the table."""
    rows = [
        (row, each)
        for each in found.groups
        if each.allows[purpose] is not True
        for row in each.rows
    ]
    return tuple((found.dataset.row(row), each) for row, each in sorted(rows, key=lambda it: it[0]))


def _groups(dataset: Dataset) -> tuple[Group, ...]:
    """Put rows together by licence, whatever its spelling."""
    by_licence: dict[str, list[int]] = {}
    for cells in dataset.cells("license"):
        name = read_licence(cells.text).spdx or cells.text
        by_licence.setdefault(name, []).extend(cells.rows)
    groups = [_group(dataset, name, sorted(rows)) for name, rows in by_licence.items()]
    return tuple(sorted(groups, key=lambda each: (-len(each.rows), each.licence)))


def _group(dataset: Dataset, licence: str, rows: Sequence[int]) -> Group:
    known = licence_of(licence)
    return Group(
        licence=licence,
        rows=tuple(rows),
        images=_distinct(dataset, ("folder", "filename"), rows),
        patients=_distinct(dataset, ("patientid",), rows),
        allows={purpose: allows(licence, purpose) for purpose in Purpose},
        credit=None if known is None else known.attribution,
        share_alike=None if known is None else known.share_alike,
        why=why_unknown(licence),
        url=known.url if known is not None else "",
    )


def _distinct(dataset: Dataset, names: tuple[str, ...], rows: Sequence[int]) -> int:
    """Count what rows hold in some columns, each once; a blank in the last is nothing."""
    import numpy as np

    texts = dataset.table.texts(names[-1])
    here = np.asarray(rows, dtype=np.int64)
    told = here if texts.blank is None else here[texts.codes[here] != texts.blank]
    return len(np.unique(dataset.table.index(names).groups[told]))


def _changed(dataset: Dataset, ledger: Ledger | None) -> Iterable[Changed]:
    """Give the pictures that were changed, as far as anything says so, and must not have been."""
    accepted = ledger.accepted if ledger is not None else {}
    for cells in dataset.holding("license", lambda text: allows(text, Purpose.ADAPT) is False):
        spdx = read_licence(cells.text).spdx or ""
        for row in map(dataset.row, cells.rows):
            line = accepted.get(row["filename"])
            said = line.credit if line is not None else ""
            evidence = credits_.changes_in(said) or credits_.changes_in(row["other_notes"])
            if evidence:
                yield Changed(row=row.index, licence=spdx, evidence=evidence)


def _of_file(file: AnnotationFile) -> AnnotationRights:
    said = file.licence.strip()
    text = _without_address(said)
    return AnnotationRights(
        path=file.path,
        licence=read_licence(text).spdx or said,
        allows={purpose: allows(text, purpose) for purpose in Purpose},
    )


def _without_address(said: str) -> str:
    """Give the licence alone where its name and its address are both given and agree.

    COCO files have both: ``"Attribution License, https://creativecommons.org/licenses/by/4.0/"``.
    """
    name, comma, address = (part.strip() for part in said.rpartition(","))
    there = read_licence(address)
    if not comma or there.spdx not in LICENCES:
        return said
    for words in (name, f"CC {name}"):
        named = read_licence(words)
        if named.spdx in {there.spdx, None} and named.family == there.family:
            return there.spdx or said
    return said
