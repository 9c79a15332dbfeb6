"""How many images and patients have which label, and the table of it in Markdown.

This module turns a dataset into counts and counts into Markdown. It opens no file and prints
nothing. A finding counts only where all of it is read: what nobody has filled in yet, or nobody
can read, is neither with a label nor without it, and is counted apart.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import columns, labels, loadertables
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from covidxr.dataset import Dataset
    from covidxr.table import Table

NATIVE = "native"
LABEL_SETS = (NATIVE, *loadertables.LOADERS)
DEFAULT_GROUPS = (("PA", "AP"), ("AP Supine",))
BLANK = "(blank)"

# What a table may be broken down by, and the columns that say it.
BY = {
    "view": ("view",),
    "modality": ("modality",),
    "sex": ("sex",),
    "source": ("url", "doi"),
    "license": ("license",),
    "finding": ("finding",),
}
# More columns than this are not read on a screen or a page; the rest are put together.
SHOWN_VALUES = 7

REASONS = ("todo", "Unknown", "blank", "unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsOptions:
    """What is counted.

    Parameters
    ----------
    labels : str
        One of `LABEL_SETS`.
    groups : tuple of tuple of str
        Groups of views, each a column of the table; empty for `DEFAULT_GROUPS`, or with `by` for
        all rows.
    by : str or None
        A key of `BY`: each of its values is a column.
    """

    labels: str = NATIVE
    groups: tuple[tuple[str, ...], ...] = ()
    by: str | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.labels not in LABEL_SETS:
            raise UsageError(f"there are no labels {self.labels!r}: use {', '.join(LABEL_SETS)}")
        if self.by is not None and self.by not in BY:
            raise UsageError(f"nothing is counted by {self.by!r}: use {', '.join(BY)}")
        if self.by is not None and self.labels != NATIVE:
            raise UsageError(f"{self.labels} tables have groups of views only, nothing to break by")

    def given(
        self,
        *,
        labels: str | None = None,
        groups: tuple[tuple[str, ...], ...] = (),
        by: str | None = None,
    ) -> StatsOptions:
        """Take over what a user asked for, and keep the rest."""
        return StatsOptions(
            labels=labels or self.labels, groups=groups or self.groups, by=by or self.by
        )

    @property
    def overlap(self) -> bool:
        """Whether some view stands in more than one group."""
        every = [view for group in self.views for view in group]
        return self.by is None and len(every) > len(set(every))

    @property
    def views(self) -> tuple[tuple[str, ...], ...]:
        """The groups, the default ones where none are given."""
        return self.groups or DEFAULT_GROUPS


def parse_groups(texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Read groups of views.

    Parameters
    ----------
    texts : iterable of str
        Views joined by ``,``; groups may be joined by ``;`` in one text: ``"PA,AP;AP Supine"``.

    Returns
    -------
    tuple of tuple of str
        One per group.

    Raises
    ------
    UsageError
        If a group or a view is empty, or holds what a README marker cannot.
    """
    groups = tuple(
        tuple(view.strip() for view in part.split(","))
        for text in texts
        for part in text.split(";")
    )
    for view in (view for group in groups for view in group):
        if not view or _UNFIT.search(view):
            raise UsageError(f"{view!r} is no view: write PA,AP for two in one group")
    return groups


_UNFIT = re.compile(r'["\r\n]|--')


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCount:
    """One label in one group.

    Parameters
    ----------
    label : str
        Its path in the hierarchy.
    images : int
        Images with it or with a label below it.
    patients : int
        Patients with at least one such image; images without a patient id count for none.
    """

    label: str
    images: int
    patients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCounts:
    """One column of the table.

    Parameters
    ----------
    name : str
        The views joined by ", ", or the value.
    images, patients : int
        With a finding that is wholly read.
    left_out : mapping of str to int
        Images without such a finding, by the `REASONS` that occur.
    labels : tuple of LabelCount
        Every label of the hierarchy, in its order, those that no image has included.
    """

    name: str
    images: int
    patients: int
    left_out: Mapping[str, int]
    labels: tuple[LabelCount, ...]


class _Tally:
    """Images and patients of one group, by finding."""

    __slots__ = ("images", "patients")

    def __init__(self) -> None:
        self.images: Counter[str] = Counter()
        self.patients: dict[str, set[int]] = {}

    def add(self, finding: str, patients: set[int], count: int) -> None:
        self.images[finding] += count
        self.patients.setdefault(finding, set()).update(patients)

    def merge(self, other: _Tally) -> None:
        for finding, count in other.images.items():
            self.add(finding, other.patients[finding], count)


def count_labels(
    dataset: Dataset, options: StatsOptions, *, limit: int | None = None
) -> tuple[GroupCounts, ...]:
    """Count every label of the hierarchy.

    Parameters
    ----------
    dataset : Dataset
        The collection; only its table is looked at.
    options : StatsOptions
        The columns that are wanted; its label set is not looked at.
    limit : int, optional
        With ``by``, the most values that get a column of their own.

    Returns
    -------
    tuple of GroupCounts
        In the order of the groups; with ``by``, the value that most rows hold first.
    """
    table = dataset.table
    if options.by is None:
        tallies = {", ".join(views): _Tally() for views in options.views}
        _fill(tallies, table, ("view",), _by_views(options.views))
        return tuple(_counts(name, tally, table) for name, tally in tallies.items())
    tallies = {}
    _fill(tallies, table, (*BY[options.by], "view"), _by_value(options))
    tallies = dict(sorted(tallies.items(), key=lambda item: (-item[1].images.total(), item[0])))
    if limit is not None and len(tallies) > limit:
        tallies = _folded(tallies, limit)
    return tuple(_counts(name, tally, table) for name, tally in tallies.items())


def _fill(
    tallies: dict[str, _Tally],
    table: Table,
    names: tuple[str, ...],
    groups_of: Callable[[tuple[str, ...]], tuple[str, ...]],
) -> None:
    """Add every row to the groups that its cells in some columns belong to."""
    texts = [table.values(name) for name in names]
    findings = table.values("finding")
    codes = [table.codes(name) for name in (*names, "finding")]
    combined = Counter(zip(*codes, strict=True))
    numbers = {key: number for number, key in enumerate(combined)}
    people: list[set[int]] = [set() for _ in combined]
    of_rows = map(numbers.__getitem__, zip(*codes, strict=True))
    for number, patient in set(zip(of_rows, table.codes("patientid"), strict=True)):
        people[number].add(patient)
    for (*key, finding), count, patients in zip(combined, combined.values(), people, strict=True):
        cells = tuple(column[code] for column, code in zip(texts, key, strict=True))
        for name in groups_of(cells):
            tallies.setdefault(name, _Tally()).add(findings[finding], patients, count)


def _by_views(groups: Sequence[tuple[str, ...]]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    def groups_of(cells: tuple[str, ...]) -> tuple[str, ...]:
        view = understood("view", cells[0])
        return tuple(", ".join(views) for views in groups if view in views)

    return groups_of


def _by_value(options: StatsOptions) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    by = options.by or ""
    views = {view for group in options.groups for view in group}

    def groups_of(cells: tuple[str, ...]) -> tuple[str, ...]:
        *said, view = cells
        if views and understood("view", view) not in views:
            return ()
        if by == "source":
            return (site(said[0], said[1]),)
        return (understood(by, said[0]),)

    return groups_of


def understood(name: str, cell: str) -> str:
    """Give today's spelling of a cell.

    Parameters
    ----------
    name : str
        Today's name of its column.
    cell : str
        As it stands.

    Returns
    -------
    str
        The cell itself where its column does not know it, `BLANK` where it is blank.
    """
    text = cell.strip()
    if not text:
        return BLANK
    if name == "finding":
        return labels.read_finding(text).canonical or text
    judgement = columns.BY_NAME[name].judge(text)
    return text if judgement is None or judgement.value is None else judgement.value


def site(url: str, doi: str) -> str:
    """Give the host of a page, or the registrant of the DOI where that is all there is.

    Parameters
    ----------
    url, doi : str
        Cells of the table; what is no address counts as itself.

    Returns
    -------
    str
        Such as ``"radiopaedia.org"`` or ``"doi.org/10.1016"``; `BLANK` where both are blank.
    """
    from covidxr import identifiers

    page = identifiers.canonical_url(url)
    if not page or page.startswith("doi.org/"):
        bare = identifiers.read_doi(doi).doi or page.removeprefix("doi.org/")
        return f"doi.org/{bare.split('/')[0]}" if bare else url.strip() or BLANK
    return page.split("/")[0]


def _folded(tallies: dict[str, _Tally], limit: int) -> dict[str, _Tally]:
    names = list(tallies)
    kept = {name: tallies[name] for name in names[: limit - 1]}
    rest = _Tally()
    for name in names[limit - 1 :]:
        rest.merge(tallies[name])
    return {**kept, f"({len(names) - limit + 1} others)": rest}


def _counts(name: str, tally: _Tally, table: Table) -> GroupCounts:
    nobody = {code for code, text in enumerate(table.values("patientid")) if not text.strip()}
    images: Counter[str] = Counter()
    patients: dict[str, set[int]] = {}
    left_out: Counter[str] = Counter()
    everyone: set[int] = set()
    counted = 0
    for finding, count in tally.images.items():
        reading = labels.read_finding(finding)
        if not reading.is_finding:
            left_out[_reason(reading)] += count
            continue
        counted += count
        people = tally.patients[finding] - nobody
        everyone |= people
        for label in reading.labels:
            images[label] += count
            patients.setdefault(label, set()).update(people)
    return GroupCounts(
        name=name,
        images=counted,
        patients=len(everyone),
        left_out={reason: left_out[reason] for reason in REASONS if left_out[reason]},
        labels=tuple(
            LabelCount(
                label=node.path,
                images=images[node.path],
                patients=len(patients.get(node.path, ())),
            )
            for node in labels.NODES
            if node.is_finding
        ),
    )


def _reason(reading: labels.FindingReading) -> str:
    if reading.canonical in REASONS:
        return reading.canonical
    return "unreadable" if reading.text.strip() else "blank"


# -- text ------------------------------------------------------------------------------------------


def notes(groups: Iterable[GroupCounts]) -> Iterator[str]:
    """Yield a sentence per group: what was counted, and what was left out."""
    for group in groups:
        images, patients = _number(group.images, "image"), _number(group.patients, "patient")
        counted = f"{group.name}: {images} of {patients}"
        missing = sum(group.left_out.values())
        why = ", ".join(f"{count:,} {reason}" for reason, count in group.left_out.items())
        yield f"{counted}; {missing:,} left out ({why})." if missing else f"{counted}."


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def cells(group: GroupCounts, *, crossed: bool) -> list[tuple[str, ...]]:
    """Write a group's numbers, one tuple per label.

    Parameters
    ----------
    group : GroupCounts
        The group.
    crossed : bool
        Whether it is one value of many and gets one column, ``"images/patients"``, instead of
        three: images with the label, images without it, patients with it.

    Returns
    -------
    list of tuple of str
        With commas for thousands.
    """
    if crossed:
        return [
            (f"{found.images:,}/{found.patients:,}" if found.images else "0",)
            for found in group.labels
        ]
    return [
        (f"{found.images:,}", f"{group.images - found.images:,}", f"{found.patients:,}")
        for found in group.labels
    ]


def markdown(groups: Sequence[GroupCounts], *, by: str | None = None) -> str:
    """Write the table for a README.

    Parameters
    ----------
    groups : sequence of GroupCounts
        Its columns.
    by : str or None
        What they are values of; None for groups of views.

    Returns
    -------
    str
        A pipe table and a list of what was counted, with a line end at the end.
    """
    heads = ["Label" if by is None else f"Images/patients by {by}"]
    rows = [[node.path] for node in labels.NODES if node.is_finding]
    for group in groups:
        name = _escaped(group.name)
        heads += [name] if by else [f"{name}: with", "without", "patients"]
        for row, numbers in zip(rows, cells(group, crossed=by is not None), strict=True):
            row.extend(numbers)
    lines = [_line(heads), "|---|" + "--:|" * (len(heads) - 1), *map(_line, rows)]
    said = [f"- {_escaped(note)}" for note in notes(groups)]
    return "\n".join([*lines, "", *said, ""])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


# What no page shows as a character: control characters, which a terminal would obey, those that
# turn the direction of text, and bytes that were not UTF-8.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def _escaped(text: str) -> str:
    one_line = " ".join(text.split())
    shown = _UNSEEN.sub(lambda match: ascii(match[0])[1:-1], one_line)
    return re.sub(r"([\\`*_|<>\[\]])", r"\\\1", shown)


def block(dataset: Dataset, options: StatsOptions) -> str:
    """Write what stands in README between the markers: a table, or a loader's text in a fence."""
    if options.labels == NATIVE:
        groups = count_labels(dataset, options, limit=SHOWN_VALUES)
        return markdown(groups, by=options.by)
    tables = loadertables.loader_groups(dataset.table, options.labels, options.views)
    return loadertables.fenced(tables)
