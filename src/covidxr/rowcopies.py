"""Whether what an annotation file repeats of a row is what the row says.

This module owns when two texts of a column mean the same. Notes are not compared: they are worded
anew each time.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.dates import read_date
from covidxr.labels import read_finding

if TYPE_CHECKING:
    from collections.abc import Sequence

_FREE = frozenset({"clinical_notes", "other_notes", "filename", "folder"})


def differing(name: str, copy: str, cells: Sequence[str]) -> str | None:
    """Give what the rows say where a copy says something else.

    Parameters
    ----------
    name : str
        Today's name of the column.
    copy : str
        What the annotation file repeats.
    cells : sequence of str
        What the rows of the image say.

    Returns
    -------
    str or None
        The first row's text, empty where every row is blank; None where one of them agrees, where
        some are blank, where the copy is blank, and for free text.

    Examples
    --------
    >>> differing("view", "PA", ["AP"])
    'AP'
    >>> differing("temperature", "37.5", [""])
    ''
    >>> differing("date", "January 22, 2020", ["2020-01-22"]) is None
    True
    """
    if name in _FREE or name not in BY_NAME or not copy.strip() or not cells:
        return None
    told = [cell for cell in cells if cell.strip()]
    if not told:
        return ""
    if len(told) < len(cells) or any(_same(name, copy, cell) for cell in told):
        return None
    return told[0]


def _same(name: str, copy: str, cell: str) -> bool:
    if name == "date":
        return _one_day(copy, cell)
    if name == "location":
        return _one_place(copy, cell)
    first, second = _meant(name, copy), _meant(name, cell)
    return first == second or _number(first) == _number(second) is not None


def _meant(name: str, text: str) -> str:
    """Give a text in the column's own spelling, in lower case."""
    if name == "finding":
        # A flat form of 2020 means what today's path says.
        return (read_finding(text).canonical or text).casefold()
    judged = BY_NAME[name].judge(text.strip())
    return (judged.value if judged and judged.value is not None else text).strip().casefold()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _one_day(copy: str, cell: str) -> bool:
    """Tell whether two dates can be one day; a year alone contradicts none of its days."""
    first, second = read_date(copy).parsed, read_date(cell).parsed
    if first is None or second is None:
        return copy.split() == cell.split()
    return first.earliest <= second.latest and second.earliest <= first.latest


def _one_place(copy: str, cell: str) -> bool:
    """Tell whether two places can be one: Spain contradicts no town in it."""
    first, second = _parts_of(copy), _parts_of(cell)
    return first <= second or second <= first


def _parts_of(place: str) -> set[str]:
    """Give the parts between commas, without accents, in lower case."""
    bare = unicodedata.normalize("NFKD", place)
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    return {" ".join(part.split()).casefold() for part in letters.split(",") if part.strip()}
