"""What two tables amount to: label counts, patients and licences, before and after.

This module counts and compares; it opens no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import labelcounts, licences
from covidxr.comparison import LabelMove, LicenceChange
from covidxr.dataset import Dataset
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from covidxr.labelcounts import GroupCounts, StatsOptions
    from covidxr.licences import LicenceReading
    from covidxr.table import Table

STATED = "a stated licence"
"""What is lost where a licence can no longer be read."""


def label_moves(old: Table, new: Table, options: StatsOptions) -> tuple[LabelMove, ...]:
    """Compare the label tables of two collections.

    Returns
    -------
    tuple of LabelMove
        Labels whose numbers moved; of each group its totals first, where they did.
    """
    tables = (
        {group.name: group for group in labelcounts.count_labels(Dataset(table=each), options)}
        for each in (old, new)
    )
    before, after = tables
    return tuple(
        move
        for name in after
        for move in _group_moves(before[name], after[name])
        if (move.old_images, move.old_patients) != (move.images, move.patients)
    )


def _group_moves(old: GroupCounts, new: GroupCounts) -> Iterator[LabelMove]:
    yield LabelMove(
        group=new.name,
        label="",
        old_images=old.images,
        images=new.images,
        old_patients=old.patients,
        patients=new.patients,
    )
    for was, now in zip(old.labels, new.labels, strict=True):
        yield LabelMove(
            group=new.name,
            label=now.label,
            old_images=was.images,
            images=now.images,
            old_patients=was.patients,
            patients=now.patients,
        )


def patients(table: Table) -> dict[str, None]:
    """Give each patient id once, in the order of the table, blanks around dropped."""
    found = dict.fromkeys(text.strip() for text in table.values("patientid"))
    found.pop("", None)
    return found


def licence_changes(
    old: Table, new: Table, pairs: Iterable[tuple[int, int]]
) -> tuple[LicenceChange, ...]:
    """Find rows that stand under another licence than before.

    Parameters
    ----------
    old, new : Table
        The two tables.
    pairs : iterable of (int, int)
        Positions of the rows that are the same, in both.

    Returns
    -------
    tuple of LicenceChange
        Those that took something away first, then by number of rows. Another spelling of the same
        licence is no change.
    """
    found: dict[tuple[str, str], list[str]] = {}
    values = [[text.strip() for text in table.values("license")] for table in (old, new)]
    codes = old.codes("license"), new.codes("license")
    for first, second in pairs:
        was, now = values[0][codes[0][first]], values[1][codes[1][second]]
        if was != now:
            found.setdefault((was, now), []).append(Row(new, second).path)
    changes = [
        LicenceChange(old=was, new=now, paths=tuple(paths), stricter=stricter(was, now))
        for (was, now), paths in found.items()
        if not _same_licence(was, now)
    ]
    return tuple(
        sorted(changes, key=lambda each: (not each.stricter, -len(each.paths), each.old, each.new))
    )


def _same_licence(old: str, new: str) -> bool:
    was, now = licences.read_licence(old), licences.read_licence(new)
    return was.spdx is not None and was.spdx == now.spdx


def stricter(old: str, new: str) -> tuple[str, ...]:
    """Say what a licence permitted that another does not.

    Parameters
    ----------
    old, new : str
        Cells of the column ``license``.

    Returns
    -------
    tuple of str
        Words of `LicenceChange`; empty where nothing is known to have been taken away. Of terms
        that are described elsewhere (``LicenseRef-``) nothing is known.

    Examples
    --------
    >>> stricter("CC-BY-4.0", "CC-BY-NC-ND-4.0")
    ('commercial use', 'derivatives', 'other licences for derivatives')
    >>> stricter("CC-BY-4.0", "")
    ('a stated licence',)
    """
    was, now = licences.read_licence(old), licences.read_licence(new)
    if (was.spdx or was.family) and not (now.spdx or now.family):
        return (STATED,)
    before, after = _permitted(was), _permitted(now)
    if before is None or after is None:
        return ()
    return tuple(words for words, given in before.items() if given and not after[words])


def _permitted(reading: LicenceReading) -> dict[str, bool] | None:
    """What a licence permits; None where that is not known. Of a family no version is needed."""
    licence = licences.LICENCES.get(reading.spdx or "")
    if licence is not None:
        return {
            "commercial use": licence.commercial_use,
            "derivatives": licence.derivatives,
            "other licences for derivatives": licence.derivatives and not licence.share_alike,
            "use without attribution": not licence.attribution,
        }
    if reading.spdx is not None or not (reading.family or "").startswith("CC BY"):
        return None
    elements = set((reading.family or "").removeprefix("CC ").split("-"))
    return {
        "commercial use": "NC" not in elements,
        "derivatives": "ND" not in elements,
        "other licences for derivatives": not {"SA", "ND"} & elements,
        "use without attribution": False,
    }
