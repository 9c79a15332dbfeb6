"""Whose files these are, and which of them are one image: patients and series of a contribution.

This module joins files by what says that they belong together, and by nothing else: the
contributor's table, the PatientID of a file, a folder where the user says that one is a patient.
It touches no disk. What it joins by is held in memory and never written; a pseudonym stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.ingestsecret import pseudonym

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from covidxr.imaging.belonging import Look
    from covidxr.ingestmapping import TableRow

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file that may become an image.

    Parameters
    ----------
    name : str
        As the contributor calls it.
    read : callable
        Gives its bytes.
    kind : str
        Its format by content.
    sha256 : str
        Of its bytes.
    source_id : str
        Pseudonym of the same.
    look : Look or None
        What a DICOM file says of where it belongs; None for other formats.
    row : TableRow or None
        The contributor's.
    """

    name: str
    read: Callable[[], bytes]
    kind: str
    sha256: str
    source_id: str
    look: Look | None = None
    row: TableRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What becomes one image: one file, or the slices of a series.

    Parameters
    ----------
    items : tuple of Item
        At least one.
    series : bool
        Whether they are slices of a volume.
    """

    items: tuple[Item, ...]
    series: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The files of one patient.

    Parameters
    ----------
    patient : str
        Pseudonym; the same each time for the same secret.
    units : tuple of Unit
        In the order of their first files.
    warnings : tuple of str
        What speaks against its being one patient.
    """

    patient: str
    units: tuple[Unit, ...]
    warnings: tuple[str, ...] = ()


def grouped(
    items: Sequence[Item], contributor: str, secret: bytes, *, by_folder: bool = False
) -> tuple[Group, ...]:
    """Join files to patients.

    Parameters
    ----------
    items : sequence of Item
        All of a contribution.
    contributor : str
        Who sent them. Two hospitals both have a patient 1: what one contributor's files say is
        never joined with another's.
    secret : bytes
        The collection's.
    by_folder : bool
        Whether the files of a folder are one patient, where neither the table nor a PatientID says
        whose they are.

    Returns
    -------
    tuple of Group
        In the order of their first files. A file of which nothing is said is a patient of its own:
        two patients that are one are seen in review and joined there, one that is two is not.
    """
    whom = " ".join(contributor.split()).casefold()
    stated: dict[_Key, set[_Key]] = {}
    for item in items:
        if (by_table := _by_table(item)) and (by_tags := _by_tags(item)):
            stated.setdefault(by_tags, set()).add(by_table)
    found: dict[_Key, list[Item]] = {}
    for item in items:
        found.setdefault(_key(item, stated, by_folder=by_folder), []).append(item)
    return tuple(
        Group(
            patient=pseudonym(secret, "patient", (key[0], whom, *key[1:])),
            units=tuple(_units(held)),
            warnings=tuple(_warnings(held, stated)),
        )
        for key, held in found.items()
    )


def _key(item: Item, stated: dict[_Key, set[_Key]], *, by_folder: bool) -> _Key:
    if by_table := _by_table(item):
        return by_table
    if by_tags := _by_tags(item):
        # The table may name one file of several; the others of its PatientID go with it.
        tables = stated.get(by_tags, set())
        return next(iter(tables)) if len(tables) == 1 else by_tags
    if by_folder:
        return ("folder", item.name.rpartition("/")[0])
    if item.look is not None and item.look.study:
        # A study is of one patient (DICOM PS3.3, A.1.2).
        return ("study", item.look.study)
    return ("file", item.sha256)


def _by_table(item: Item) -> _Key:
    return ("table", item.row.patient) if item.row is not None and item.row.patient else ()


def _by_tags(item: Item) -> _Key:
    look = item.look
    return ("dicom", look.issuer, look.patient) if look is not None and look.patient else ()


def _warnings(items: Sequence[Item], stated: dict[_Key, set[_Key]]) -> Iterable[str]:
    tags = {key for item in items if (key := _by_tags(item))}
    if len(tags) > 1:
        yield f"its DICOM files have {len(tags)} different PatientIDs: is it one patient?"
    if any(len(stated.get(key, ())) > 1 for key in tags):
        yield "the contributor's table gives files of its PatientID to several patients"


def _units(items: Sequence[Item]) -> Iterable[Unit]:
    series: dict[str, list[Item]] = {}
    for item in items:
        if item.look is not None and item.look.series and item.look.modality == "CT":
            series.setdefault(item.look.series, []).append(item)
    stacks = {uid: held for uid, held in series.items() if _is_stack(held)}
    begun: set[str] = set()
    for item in items:
        uid = item.look.series if item.look is not None else ""
        if uid not in stacks:
            yield Unit(items=(item,), series=item.look is not None and _is_packed(item.look))
        elif uid not in begun:
            begun.add(uid)
            yield Unit(items=tuple(stacks[uid]), series=True)


def _is_stack(items: Sequence[Item]) -> bool:
    """Tell whether files of one CT series are slices: they lie at several places, or none says."""
    positions = {item.look.position for item in items if item.look is not None}
    return len(items) > 1 and (len(positions) > 1 or positions == {""})


def _is_packed(look: Look) -> bool:
    return look.modality == "CT" and look.frames > 1
