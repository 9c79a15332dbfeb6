"""What a file's tags and a contributor's row say of the cells of a row.

This module owns what is plain and what is only a hint: a tag that says a cell in so many words
fills it, anything that takes a thought is a suggestion. Where tags and table disagree the cell
stays blank. It touches no disk.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.cases import Suggestion
from covidxr.ingestmapping import cell_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from covidxr.ingesting import CleanDicom
    from covidxr.ingestmapping import TableRow

OTHER_MODALITIES = frozenset(
    (
        *("MR", "US", "PT", "NM", "MG", "RF", "XA", "ES", "XC", "SM", "OP", "OPT", "GM", "ECG"),
        *("EPS", "HD", "IO", "PX", "IVUS", "BI", "DG", "LS", "TG", "KO", "SEG"),
    )
)
"""Modalities that the collection has no use for. Source: DICOM PS3.3, C.7.3.1.1.1."""

# CR and DX name radiographs. Source: as above, and C.8.1, C.8.11.
_MODALITIES = {"CR": "X-ray", "DX": "X-ray", "CT": "CT"}
# Left and right lateral. Source: DICOM PS3.3, C.8.1.1.1, ViewPosition. AP is not here: whether the
# patient sat or lay, which the table tells apart, it does not say.
_VIEWS = {"PA": "PA", "LL": "L", "RL": "L", "L": "L", "LATERAL": "L"}
_DICOM = "DICOM "
_AGE = re.compile(r"(\d{1,3})([YMWD])")
_PER_YEAR = {"Y": 1.0, "M": 12.0, "W": 52.18, "D": 365.25}
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that is said of one cell.

    Parameters
    ----------
    column, value, words, where : str
        As in :class:`covidxr.cases.Suggestion`.
    plain : bool
        Whether it says exactly that, so that it fills the cell.
    """

    column: str
    value: str
    words: str
    where: str
    plain: bool = True

    @property
    def suggestion(self) -> Suggestion:
        """The same for a curator to look at."""
        # A letter alone, such as F, stands in any text that the review looks for it in.
        tag = self.where.removeprefix(_DICOM)
        named = self.column if tag == self.where else tag
        words = f"{named}: {self.words}"
        return Suggestion(column=self.column, value=self.value, words=words, where=self.where)


def of_tags(dicom: CleanDicom) -> list[Said]:
    """Give what the tags of a DICOM file say.

    Parameters
    ----------
    dicom : CleanDicom
        The file without identity.

    Returns
    -------
    list of Said
        In the order of the columns; what a tag does not say is not there.
    """
    found = []
    sex = dicom.sex.strip().upper()
    if sex in {"M", "F"}:
        found.append(Said(column="sex", value=sex, words=sex, where="DICOM PatientSex"))
    if age := age_years(dicom.age):
        found.append(Said(column="age", value=age, words=dicom.age, where="DICOM PatientAge"))
    found += _view(dicom.view.strip())
    modality = dicom.modality.strip()
    meant = _MODALITIES.get(modality.upper()) or (modality if modality in {"X-ray", "CT"} else "")
    if meant:
        found.append(Said(column="modality", value=meant, words=modality, where="DICOM Modality"))
    return found


def _view(text: str) -> list[Said]:
    where = "DICOM ViewPosition"
    if view := _VIEWS.get(text.upper()):
        return [Said(column="view", value=view, words=text, where=where)]
    meant = cell_of("view", text)[0] if text else ""
    if not meant:
        return []
    return [Said(column="view", value=meant, words=text, where=where, plain=False)]


def age_years(text: str) -> str:
    """Read a DICOM age as the table writes it.

    Parameters
    ----------
    text : str
        ``"054Y"``, ``"006M"``, or a number of years.

    Returns
    -------
    str
        Years, with at most two digits behind the point; empty where it is no age.

    Notes
    -----
    Source of the form: DICOM PS3.5, 6.2, value representation AS.
    """
    plain = text.strip().upper()
    match = _AGE.fullmatch(plain)
    if match:
        years = int(match[1]) / _PER_YEAR[match[2]]
        return f"{round(years, 2):g}" if int(match[1]) else ""
    return cell_of("age", plain)[0] if plain else ""


def of_row(row: TableRow | None) -> list[Said]:
    """Give what a contributor's row says; its finding is a hint: a curator reads the image."""
    if row is None:
        return []
    return [
        Said(
            column=name,
            value=each.value,
            words=each.words,
            where=each.where,
            plain=name != "finding",
        )
        for name, each in row.cells.items()
    ]


def day_of(text: str) -> dt.date | None:
    """Read a day, ``YYYYMMDD`` or ISO 8601; None where it is none."""
    match = _DAY.match(text.strip())
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def of_days(day: dt.date | None, days: Iterable[dt.date]) -> list[Said]:
    """Give the days between an image and the patient's first here, where there are several days.

    Dates are shifted, differences are not. The column counts from the first symptoms, so that this
    is a hint and never a cell.
    """
    known = sorted(set(days))
    if day is None or len(known) < 2:  # noqa: PLR2004 - a difference takes two
        return []
    after = (day - known[0]).days
    words = (
        f"{after} days after the first study of this patient here"
        if after
        else ("the first study of this patient here")
    )
    return [
        Said(
            column="offset",
            value=str(after),
            words=words,
            where="DICOM AcquisitionDate, shifted",
            plain=False,
        )
    ]


def cells_of(said: Sequence[Said]) -> tuple[dict[str, str], list[str]]:
    """Give the cells that are plain, and what is contradictory.

    Parameters
    ----------
    said : sequence of Said
        Of one image.

    Returns
    -------
    (dict of str to str, list of str)
        Cells by column; warnings for a curator.
    """
    by_column: dict[str, list[Said]] = {}
    for each in said:
        if each.plain:
            by_column.setdefault(each.column, []).append(each)
    cells, warnings = {}, []
    for column, listed in by_column.items():
        if len({each.value for each in listed}) == 1:
            cells[column] = listed[0].value
        else:
            told = " but ".join(f"{each.where} says {each.value}" for each in listed)
            warnings.append(f"{column}: {told}")
    return cells, warnings


def agreed(cells: Sequence[Mapping[str, str]], column: str) -> tuple[str, ...]:
    """Give the different values of a column in several images of one patient."""
    return tuple(dict.fromkeys(filter(None, (each.get(column, "") for each in cells))))
