"""How many images and patients have which label, counted from the table without covidxr."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Counts: TypeAlias = dict[tuple[str, str], tuple[int, int]]
"""By group of views, such as ``"PA, AP"``, and label that occurs: images, and their patients."""


def rows_of(table: str) -> list[dict[str, str]]:
    """Records of a table."""
    return list(csv.DictReader(io.StringIO(table)))


def counted(rows: Sequence[dict[str, str]], groups: Iterable[Sequence[str]]) -> Counts:
    """Count by whole segments: a finding counts for its label and for every label above."""
    patients = defaultdict(list)
    for row in rows:
        segments = row["finding"].split("/")
        for views in groups:
            if row["view"] in views:
                for end in range(1, len(segments) + 1):
                    patients[", ".join(views), "/".join(segments[:end])].append(row["patientid"])
    return {key: (len(found), len(set(found))) for key, found in patients.items()}


def of_json(told: Any) -> Counts:
    """What ``covidxr stats --format json`` says, as `counted` gives it."""
    return {
        (group["name"], each["label"]): (each["images"], each["patients"])
        for group in told["groups"]
        for each in group["labels"]
        if each["images"]
    }


def of_readme(page: str) -> Counts:
    """What the label table of a README says, as `counted` gives it."""
    counts: Counts = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and cells[1].isdigit():
            label, *numbers = cells
            for name, at in (("PA, AP", 0), ("AP Supine", 3)):
                if numbers[at] != "0":
                    counts[name, label] = (int(numbers[at]), int(numbers[at + 2]))
    return counts
