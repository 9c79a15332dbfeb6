"""What a collection is made of, in numbers: images and patients by view, sex, age and country.

This module also says how much of a label can be told from the source alone. It counts what the
cells say and guesses nothing: a blank is "not stated", what no column can read is "not read". It
opens no file and draws nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import labels
from covidxr.columns import BY_NAME
from covidxr.countries import read_country
from covidxr.labelcounts import BLANK, StatsOptions, count_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from covidxr.dataset import Dataset
    from covidxr.labelcounts import GroupCounts

NOT_STATED = "not stated"
NOT_READ = "not read"

_DECADE = 10
# Ages above 89 can identify a person (45 CFR 164.514 (b)(2)(i)(C)): they are counted together.
_OLDEST = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often one value stands in the table.

    Parameters
    ----------
    name : str
        The value, `NOT_STATED` or `NOT_READ`.
    images, patients : int
        Rows, and distinct patient ids; rows without one count for no patient.
    """

    name: str
    images: int
    patients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelShare:
    """One label within one source.

    Parameters
    ----------
    images : int
        Images of the source that have it.
    of : int
        Images of the source whose finding is read.
    """

    images: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where nothing is read."""
        return self.images / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """How much the source alone tells of one label, patient by patient.

    Parameters
    ----------
    label : str
        Path of the label.
    patients : int
        How many are asked about; one who is in two sources counts in both.
    commonest : float
        Share of right guesses where everyone is given the commoner answer, from 0 to 1.
    by_source : float
        Share of right guesses where each patient is given the commoner answer of the *other*
        patients of the same source, and the commoner one of all where these are none or even.
    association : float
        Cramér's V of source and label, 0 for none to 1 for complete. Source: Cramér,
        "Mathematical Methods of Statistics" (1946), section 21.9. Not corrected for small sources,
        which raise it.
    """

    label: str
    patients: int
    commonest: float
    by_source: float
    association: float

    @property
    def gain(self) -> float:
        """How many guesses more are right, as a share of all patients; may be negative."""
        return self.by_source - self.commonest


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """Sources against the commonest labels.

    Parameters
    ----------
    labels : tuple of str
        The columns.
    rows : tuple of (str, int, tuple of LabelShare)
        Per source its name, all its images, and one share a column; the largest source first.
    leaks : tuple of Leak
        One a column.
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[LabelShare, ...]], ...]
    leaks: tuple[Leak, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The numbers of one collection.

    Parameters
    ----------
    images, patients : int
        Rows, and distinct patient ids.
    labels : GroupCounts
        Every label of the hierarchy over all images.
    views, modalities, sexes, licences, countries : tuple of Count
        The commonest first, what is not read or not stated last.
    ages : tuple of Count
        By decade, the youngest first.
    sources : SourceTable
        By the host of the page, or the registrant of the DOI.
    """

    images: int
    patients: int
    labels: GroupCounts
    views: tuple[Count, ...]
    modalities: tuple[Count, ...]
    sexes: tuple[Count, ...]
    licences: tuple[Count, ...]
    countries: tuple[Count, ...]
    ages: tuple[Count, ...]
    sources: SourceTable


def gather(dataset: Dataset) -> Facts:
    """Count a collection.

    Parameters
    ----------
    dataset : Dataset
        Only its table is looked at.
    """
    people = {cells.text for cells in dataset.cells("patientid")} - {""}
    return Facts(
        images=len(dataset.table),
        patients=len(people),
        labels=_whole(dataset),
        views=counted(dataset, "view", _spelt("view")),
        modalities=counted(dataset, "modality", _spelt("modality")),
        sexes=counted(dataset, "sex", _sex),
        licences=counted(dataset, "license", _spelt("license")),
        countries=counted(dataset, "location", _country),
        ages=tuple(sorted(counted(dataset, "age", decade), key=_age_order)),
        sources=against_sources(dataset),
    )


def counted(dataset: Dataset, name: str, read: Callable[[str], str]) -> tuple[Count, ...]:
    """Count images and patients by what one column says.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    name : str
        The column.
    read : callable
        From a text without blanks around to the value that it is counted under.
    """
    images: Counter[str] = Counter()
    patients: dict[str, set[str]] = {}
    for cells in dataset.cells(name, "patientid"):
        value, patient = read(cells.texts[0]), cells.texts[1]
        images[value] += len(cells.rows)
        patients.setdefault(value, set()).update({patient} - {""})
    made = [
        Count(name=value, images=count, patients=len(patients[value]))
        for value, count in images.items()
    ]
    return tuple(sorted(made, key=_commonest_first))


def decade(age: str) -> str:
    """Put an age into its ten years.

    >>> decade("54"), decade("0.5"), decade("93"), decade(""), decade("old")
    ('50 to 59', '0 to 9', '90 and over', 'not stated', 'not read')
    """
    if not age:
        return NOT_STATED
    years = _understood("age", age)
    if years is None:
        return NOT_READ
    first = int(float(years)) // _DECADE * _DECADE
    return f"{_OLDEST} and over" if first >= _OLDEST else f"{first} to {first + _DECADE - 1}"


def against_sources(dataset: Dataset, most: int = 6) -> SourceTable:
    """Set the commonest labels against the sources.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    most : int
        How many labels are looked at: the commonest ones that tell images apart.
    """
    groups = count_labels(dataset, StatsOptions(by="source"))
    chosen = _telling(_whole(dataset), most)
    rows = [
        (
            group.name,
            group.images + sum(group.left_out.values()),
            tuple(LabelShare(images=group.labels[at].images, of=group.images) for at in chosen),
        )
        for group in groups
    ]
    names = [node.path for node in labels.NODES if node.is_finding]
    leaks = [
        leak(names[at], [(group.labels[at].patients, group.patients) for group in groups])
        for at in chosen
    ]
    return SourceTable(
        labels=tuple(names[at] for at in chosen),
        rows=tuple(sorted(rows, key=lambda row: (-row[1], row[0]))),
        leaks=tuple(leaks),
    )


def leak(label: str, sources: Sequence[tuple[int, int]]) -> Leak:
    """Say what the source alone tells of a label.

    Parameters
    ----------
    label : str
        Its path.
    sources : sequence of (int, int)
        Per source, how many patients have the label, and how many there are.
    """
    having, everyone = sum(with_it for with_it, _ in sources), sum(of for _, of in sources)
    common = having * 2 > everyone
    right = sum(_right_guesses(with_it, of, common=common) for with_it, of in sources)
    return Leak(
        label=label,
        patients=everyone,
        commonest=max(having, everyone - having) / everyone if everyone else 0.0,
        by_source=right / everyone if everyone else 0.0,
        association=_association(sources, having, everyone),
    )


def _right_guesses(with_it: int, of: int, *, common: bool) -> int:
    """Count the patients of a source who are guessed rightly from the others there."""
    without = of - with_it
    right = 0
    for number, others, answer in (
        (with_it, (with_it - 1) - without, True),
        (without, with_it - (without - 1), False),
    ):
        guess = common if others == 0 else others > 0
        right += number if guess is answer else 0
    return right


def _association(sources: Sequence[tuple[int, int]], having: int, everyone: int) -> float:
    """Cramér's V of a table with two columns: the root of chi-square over the number."""
    if not 0 < having < everyone:
        return 0.0
    share = having / everyone
    chi_square = sum(
        (with_it - of * share) ** 2 / (of * share * (1 - share)) for with_it, of in sources if of
    )
    return math.sqrt(chi_square / everyone)


def _whole(dataset: Dataset) -> GroupCounts:
    """Count every label over all images, whatever their view."""
    views = {_understood("view", cells.text) or cells.text for cells in dataset.cells("view")}
    group = tuple(sorted(view or BLANK for view in views)) or (BLANK,)
    (found,) = count_labels(dataset, StatsOptions(groups=(group,)))
    return found


def _telling(whole: GroupCounts, most: int) -> list[int]:
    """Choose labels that some images have and some have not, the commonest first.

    A label that stands for exactly the images of the one above it says nothing new.
    """
    images = {found.label: found.images for found in whole.labels}
    chosen = [
        at
        for at, found in enumerate(whole.labels)
        if 0 < found.images < whole.images
        and images.get(found.label.rpartition("/")[0]) != found.images
    ]
    chosen.sort(key=lambda at: -whole.labels[at].images)
    return sorted(chosen[:most])


def _understood(name: str, text: str) -> str | None:
    """Today's spelling of a text; None where its column does not know it."""
    judgement = BY_NAME[name].judge(text)
    return text if judgement is None else judgement.value


def _spelt(name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        return (_understood(name, text) or text) if text else NOT_STATED

    return read


def _sex(text: str) -> str:
    if not text:
        return NOT_STATED
    return BY_NAME["sex"].allowed.get(_understood("sex", text) or "", NOT_READ)


def _country(text: str) -> str:
    return (read_country(text) or NOT_READ) if text else NOT_STATED


def _commonest_first(count: Count) -> tuple[int, int, str]:
    return (_last(count), -count.images, count.name)


def _age_order(count: Count) -> tuple[int, int]:
    return (_last(count), 0 if _last(count) else int(count.name.split()[0]))


def _last(count: Count) -> int:
    return (
        [NOT_READ, NOT_STATED].index(count.name) + 1 if count.name in {NOT_READ, NOT_STATED} else 0
    )
