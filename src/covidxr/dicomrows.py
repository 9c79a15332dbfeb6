"""DICOM headers beside the rows that name their files, and how DICOM writes an age and a day.

This module owns the pairing, so that each rule compares one thing. It opens no file and judges
nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from covidxr import columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from covidxr.dataset import Dataset
    from covidxr.table import Row

_AGE = re.compile(r"(\d{1,3})([DWMY])")
# Days of a year, of a month: what an age in days or months is turned to years by.
_DAYS = {"D": 1.0, "W": 7.0, "M": 30.4375, "Y": 365.25}
_DAY = re.compile(r"(\d{4})\.?(\d{2})\.?(\d{2})")
# Which day an image was taken on, from the most exact; a study may take some days.
_DATES = ("AcquisitionDate", "AcquisitionDateTime", "ContentDate", "SeriesDate", "StudyDate")


def tagged(dataset: Dataset, *names: str) -> Iterator[tuple[Row, Mapping[str, str]]]:
    """Yield the rows that name a DICOM file, with what its header says.

    Parameters
    ----------
    dataset : Dataset
        Files are those that were looked at.
    names : str
        Columns that must be there and not blank.

    Yields
    ------
    tuple of Row and mapping of str to str
        In the order of the files; the mapping has DICOM keywords.
    """
    if not dataset.has("filename", *names):
        return
    for path, facts in dataset.files.items():
        if facts.tags:
            tags = dict(facts.tags)
            for index in dataset.table.rows_of(path):
                row = dataset.row(index)
                if all(row[name] for name in names):
                    yield row, tags


def meant(row: Row, name: str) -> str:
    """Give what a cell of a closed list means, whatever its spelling; else its own text."""
    return columns.BY_NAME[name].spellings.get(row[name].casefold(), row[name])


def age_years(text: str) -> float | None:
    """Read an age string, such as ``"045Y"`` or ``"018M"``; None where it is none.

    Source: DICOM PS3.5, 6.2, value representation AS.
    """
    found = _AGE.fullmatch(text.strip())
    return int(found[1]) * _DAYS[found[2]] / _DAYS["Y"] if found else None


def day_taken(tags: Mapping[str, str]) -> dt.date | None:
    """Give the day on which an image was taken, from the most exact element that has one.

    Source: DICOM PS3.5, 6.2, value representations DA and DT.
    """
    for word in _DATES:
        found = _DAY.match(tags.get(word, ""))
        if found:
            try:
                return dt.date(*map(int, found.groups()))
            except ValueError:
                continue
    return None
